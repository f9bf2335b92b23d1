import Recurrent

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

/// Random inputs and targets that every step is made with.
struct BenchmarkBatch: Sendable {
    enum Inputs {
        /// `[steps, batch, inputs]`.
        case numbers(Tensor)
        /// `[steps, batch]`.
        case tokens(IntegerTensor)
    }

    enum Targets {
        /// `[steps, batch]`.
        case classesOfAllSteps(IntegerTensor)
        /// `[batch]`.
        case classesOfTheLastStep(IntegerTensor)
        /// `[steps, batch, outputs]`.
        case numbers(Tensor)
    }

    let inputs: Inputs
    let targets: Targets

    init(of c: BenchmarkConfiguration) {
        var random = RandomSource(seed: 1, operation: 2)
        func classes(_ shape: [Int], below count: Int) -> IntegerTensor {
            let values = random.uniform(count: elementCount(shape), from: 0, to: Float(count))
            return IntegerTensor(values.map { Int32($0) }, shape: shape)
        }
        func numbers(_ shape: [Int]) -> Tensor { Tensor(random.normal(count: elementCount(shape)), shape: shape) }
        inputs =
            c.readsTokens
            ? .tokens(classes([c.steps, c.batch], below: c.inputs)) : .numbers(numbers([c.steps, c.batch, c.inputs]))
        targets =
            switch c.work {
            case .crossEntropyAtTheLastStep: .classesOfTheLastStep(classes([c.batch], below: c.outputs))
            case .squaredErrorAtEveryStep: .numbers(numbers([c.steps, c.batch, c.outputs]))
            case .crossEntropyAtEveryStep, .generation:
                .classesOfAllSteps(classes([c.steps, c.batch], below: c.outputs))
            }
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
                let inputs =
                    switch data.inputs {
                    case .numbers(let numbers): numbers
                    case .tokens(let tokens): tokens.oneHot(depth: self.inputs)
                    }
                let unrolled = network.cell.unroll(inputs)
                switch data.targets {
                case .classesOfTheLastStep(let classes):
                    let last = unrolled.state.layers[layers - 1].hidden
                    return sparseSoftmaxCrossEntropy(logits: network.output(last), labels: classes).mean()
                case .numbers(let numbers):
                    return meanSquaredError(network.output(unrolled.outputs), numbers)
                case .classesOfAllSteps(let classes):
                    return sequenceLoss(logits: network.output(unrolled.outputs), targets: classes)
                }
            }
        }
    }

    /// Hands over a step that generates one character, the draw included, and the bytes that it reads.
    func withGenerationStep<Result>(
        weights: WeightPrecision, _ body: (_ step: () -> Void, _ bytes: Int) -> Result
    ) -> Result {
        guard let sampler = try? Sampler(temperature: 1) else { fatalError("temperature 1 is refused") }
        var random = RandomSource(seed: 1, operation: 3)
        var scratch = Sampler.Scratch()
        var token: Int32 = 0
        return model.evaluate { network in
            let cells = network.cell.cells
            let states = cells.map { $0.zeroState(batch: 1) }
            let stepper = Stepper(
                reading: .oneHotTokens, cells: cells, states: states, output: network.output, weights: weights)
            guard let stepper else { fatalError("the benchmark's cells are built-in ones") }
            let step = {
                let drawn = stepper.withLogits(after: CollectionOfOne(token)) { logits in
                    try? sampler.draw(logits: logits, random: &random, scratch: &scratch)
                }
                guard let drawn else { fatalError("logits that are not numbers") }
                token = Int32(drawn)
            }
            return body(step, stepper.bytesPerStep)
        }
    }
}
