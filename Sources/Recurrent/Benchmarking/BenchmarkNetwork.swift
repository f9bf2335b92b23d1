/// Stacked cells of one kind and an output layer.
struct BenchmarkNetwork: Sendable {
    let cell: StackedCells<AnyCell>
    let output: Dense

    init(_ configuration: BenchmarkConfiguration, _ binder: inout Binder) {
        let (inputs, hidden) = (configuration.inputs, configuration.hidden)
        cell = StackedCells(
            (0..<configuration.layers).map { layer in
                configuration.cell.make(
                    inputSize: layer == 0 ? inputs : hidden, hiddenSize: hidden, &binder["cell", layer])
            })
        output = Dense(inputSize: hidden, outputSize: configuration.outputs, &binder["output"])
    }
}

extension BenchmarkConfiguration.Cell {
    fileprivate func make(inputSize: Int, hiddenSize: Int, _ binder: inout Binder) -> AnyCell {
        switch self {
        case .basic(let activation):
            AnyCell(BasicRNNCell(inputSize: inputSize, hiddenSize: hiddenSize, activation: activation, &binder))
        case .lstm: AnyCell(LSTMCell(inputSize: inputSize, hiddenSize: hiddenSize, &binder))
        case .gru: AnyCell(GRUCell(inputSize: inputSize, hiddenSize: hiddenSize, &binder))
        }
    }
}

/// Random inputs and targets that every step is made with.
struct BenchmarkBatch: Sendable {
    /// `[steps, batch, inputs]`, or `[steps, batch]`.
    let inputs: Tensor?
    let tokens: IntegerTensor?
    /// Classes `[steps, batch]`, or `[batch]` where only the last step counts.
    let labels: IntegerTensor
    /// `[steps, batch, outputs]`.
    let targets: Tensor

    init(of c: BenchmarkConfiguration) {
        var random = RandomSource(seed: 1, operation: 2)
        func classes(_ shape: [Int], below count: Int) -> IntegerTensor {
            let values = random.uniform(count: elementCount(shape), from: 0, to: Float(count))
            return IntegerTensor(values.map { Int32($0) }, shape: shape)
        }
        func numbers(_ shape: [Int]) -> Tensor { Tensor(random.normal(count: elementCount(shape)), shape: shape) }
        tokens = c.readsTokens ? classes([c.steps, c.batch], below: c.inputs) : nil
        inputs = c.readsTokens ? nil : numbers([c.steps, c.batch, c.inputs])
        let isLast = c.work == .crossEntropyAtTheLastStep
        labels = classes(isLast ? [c.batch] : [c.steps, c.batch], below: c.outputs)
        targets = numbers([c.steps, c.batch, c.outputs])
    }
}

extension BenchmarkConfiguration {
    private var model: Model<BenchmarkNetwork> { Model(seed: 1) { BenchmarkNetwork(self, &$0) } }

    /// A training step, the encoding of tokens included, with a network of its own.
    func trainingStep() -> () -> Void {
        let data = BenchmarkBatch(of: self)
        var model = model
        var optimizer = Adam(learningRate: 2e-3)
        return {
            model.train(with: &optimizer, clipping: .globalNorm(5)) { network in
                let inputs = data.inputs ?? data.tokens?.oneHot(depth: self.inputs) ?? data.targets
                let unrolled = network.cell.unroll(inputs)
                switch work {
                case .crossEntropyAtTheLastStep:
                    let last = unrolled.state.layers[layers - 1].hidden
                    return sparseSoftmaxCrossEntropy(logits: network.output(last), labels: data.labels).mean()
                case .squaredErrorAtEveryStep:
                    return meanSquaredError(network.output(unrolled.outputs), data.targets)
                default:
                    return sequenceLoss(logits: network.output(unrolled.outputs), targets: data.labels)
                }
            }
        }
    }

    /// The median time of one character, the draw included, and the bytes that its step reads.
    func timeGeneration(weights: WeightPrecision, _ timing: StepTiming) -> (seconds: Double, bytes: Int) {
        guard let sampler = try? Sampler(temperature: 1) else { fatalError("temperature 1 is refused") }
        var random = RandomSource(seed: 1, operation: 3)
        var scratch = Sampler.Scratch()
        var token: Int32 = 0
        return model.evaluate { network in
            let cells = network.cell.cells
            let states = cells.map { $0.zeroState(batch: 1) }
            let stepper = Stepper(cells: cells, states: states, output: network.output, weights: weights)
            guard let stepper else { fatalError("the benchmark's cells are built-in ones") }
            let median = timing.median {
                let drawn = stepper.withLogits(after: CollectionOfOne(token)) { logits in
                    try? sampler.draw(logits: logits, random: &random, scratch: &scratch)
                }
                guard let drawn else { fatalError("logits that are not numbers") }
                token = Int32(drawn)
            }
            return (median, stepper.bytesPerStep)
        }
    }
}
