import TestSupport
import Testing

@testable import Recurrent

/// Parameters in their flat buffer, and training steps.
@Suite struct ModelTests {
    struct Classifier {
        let embedding: Embedding
        let cells: Stack<LSTMCell, GRUCell>
        let output: Dense
        let unused: Dense

        init(_ binder: inout Binder) {
            embedding = Embedding(tokens: 7, width: 3, &binder["embedding"])
            cells = Stack(
                LSTMCell(inputSize: 3, hiddenSize: 5, usesPeepholes: true, projectedSize: 4, &binder["cell", 0]),
                GRUCell(inputSize: 4, hiddenSize: 6, &binder["cell", 1]))
            output = Dense(inputSize: 6, outputSize: 7, &binder["output"])
            unused = Dense(inputSize: 2, outputSize: 3, &binder["unused"])
        }

        func loss(_ ids: IntegerTensor, _ targets: IntegerTensor) -> Tensor {
            sequenceLoss(logits: output(cells.unroll(embedding(ids)).outputs), targets: targets)
        }
    }

    static let ids = tokens([5, 4], below: 7, 1)
    static let targets = tokens([5, 4], below: 7, 2)

    static func model() -> Model<Classifier> { Model(seed: 3) { Classifier(&$0) } }

    @Test func namesAndShapesFollowTheStructure() {
        let entries = Self.model().parameters.layout.entries
        #expect(
            entries.map { "\($0.name) \($0.shape)" } == [
                "embedding.table [7, 3]", "cell.0.inputWeight [3, 20]", "cell.0.recurrentWeight [4, 20]",
                "cell.0.bias [20]", "cell.0.peepholes [15]", "cell.0.projection [5, 4]",
                "cell.1.inputWeight [4, 18]", "cell.1.recurrentWeight [6, 18]", "cell.1.bias [18]",
                "cell.1.recurrentBias [6]", "output.weight [6, 7]", "output.bias [7]", "unused.weight [2, 3]",
                "unused.bias [3]",
            ])
        var offset = 0
        for entry in entries {
            #expect(entry.offset == offset)
            offset += entry.count
        }
        #expect(Self.model().parameters.values.count == offset)
    }

    /// A part's prefix holds inside the part only, and what a part declares stays with the binder around it. That a
    /// part cannot be kept in a variable, where its prefix would be lost, is the compiler's to check: a binder has no
    /// copies.
    @Test func partsPrefixNamesWhilePassedOn() {
        let model = Model(seed: 1) { binder in
            func inner(_ binder: inout Binder) { _ = binder.weight("a", [1]) }
            inner(&binder["outer", 1]["inner"])
            inner(&binder["outer", 1])
            inner(&binder)
            let isTraining = binder["outer"].isTraining
            #expect(!isTraining)
        }
        #expect(model.parameters.layout.entries.map(\.name) == ["outer.1.inner.a", "outer.1.a", "a"])
    }

    @Test func theSameSeedMakesTheSameParameters() {
        #expect(Self.model().parameters.values == Self.model().parameters.values)
        #expect(Self.model().parameters.values != Model(seed: 4) { Classifier(&$0) }.parameters.values)
    }

    /// The update writes where the parameters are; a view or copy held across it keeps its old values.
    @Test func updatesAreMadeInPlace() {
        var model = Self.model()
        var optimizer = Adam(learningRate: 0.01)
        func train() -> Int {
            model.train(with: &optimizer, clipping: .globalNorm(5)) { $0.loss(Self.ids, Self.targets) }
            return Int(bitPattern: model.parameters.storage.pointer)
        }
        let addresses = (0..<4).map { _ in train() }
        #expect(Set(addresses).count == 1)

        let view = model.evaluate { $0.output.weight }
        let copy = model.parameters
        let (before, all) = (view.values, copy.values)
        let moved = train()
        #expect(moved != addresses[0], "somebody holds the old buffer")
        #expect(view.values == before && copy.values == all)
        #expect(model.parameters["output.weight"]!.values != before)
        #expect((0..<3).map { _ in train() } == [moved, moved, moved])
    }

    /// Packed weights fall away with the update: the network computes with the new values.
    @Test func packedWeightsFollowTheUpdate() {
        var model = Self.model()
        var optimizer = SGD(learningRate: 0.5)
        for _ in 0..<3 {
            model.train(with: &optimizer) { $0.loss(Self.ids, Self.targets) }
            var fresh = Self.model()
            for entry in model.parameters.layout.entries {
                fresh.parameters.set(entry.name, to: model.parameters[entry.name]!.values)
            }
            let losses = [model, fresh].map { $0.evaluate { $0.loss(Self.ids, Self.targets).scalar } }
            #expect(losses[0] == losses[1])
        }
    }

    @Test func settingAParameterChangesThatOneOnly() {
        var model = Self.model()
        let before = model.parameters
        model.parameters.set("output.bias", to: [1, 2, 3, 4, 5, 6, 7])
        for entry in before.layout.entries {
            let same = model.parameters[entry.name]!.values == before[entry.name]!.values
            #expect(same == (entry.name != "output.bias"), "\(entry.name)")
        }
        #expect(model.parameters["nothing"] == nil)
    }

    /// The gradients gathered in the flat buffer are those with respect to the tensors themselves.
    @Test func parameterGradientsAreThoseOfTheTensors() {
        var model = Self.model()
        let (loss, found, _) = model.gradients { ($0.loss(Self.ids, Self.targets), ()) }
        let network = model.evaluate { $0 }
        let lower = network.cells.cells.0
        let upper = network.cells.cells.1
        let values: [Tensor] = [
            network.embedding.table, lower.inputWeight, lower.recurrentWeight, lower.bias, lower.peepholes!,
            lower.projection!, upper.inputWeight, upper.recurrentWeight, upper.bias, upper.recurrentBias!,
            network.output.weight, network.output.bias,
        ].map { $0.tracked() }
        let cells = Stack(
            LSTMCell(
                inputWeight: values[1], recurrentWeight: values[2], bias: values[3], peepholes: values[4],
                projection: values[5]),
            GRUCell(inputWeight: values[6], recurrentWeight: values[7], bias: values[8], recurrentBias: values[9]))
        let outputs = cells.unroll(Embedding(table: values[0])(Self.ids)).outputs
        let same = sequenceLoss(
            logits: Dense(weight: values[10], bias: values[11])(outputs), targets: Self.targets)
        #expect(same.scalar == loss)
        for (entry, expected) in zip(found.layout.entries, gradients(of: same, withRespectTo: values)) {
            #expect(difference(found[entry.name]!, expected) < 1e-6, "\(entry.name)")
            #expect(expected.values.contains { $0 != 0 })
        }
        let norm = found.values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(found.globalNorm / norm - 1) < 1e-6)
    }

    @Test func gradientsOfUnusedParametersAreZero() {
        var model = Self.model()
        for _ in 0..<3 {
            // Memory is reused, so that leftovers would show.
            let (_, found, _) = model.gradients { ($0.loss(Self.ids, Self.targets), ()) }
            #expect(found["unused.weight"]!.values == Array(repeating: 0, count: 6))
            #expect(found["unused.bias"]!.values == [0, 0, 0])
        }
        let (_, none, _) = model.gradients { _ in (Tensor(2), ()) }
        #expect(none.values.allSatisfy { $0 == 0 })
    }

    /// Weights used several times gather all their gradients in the flat buffer: in one operation, in several, in two
    /// places of one fused layer.
    @Test(arguments: [Float(1), -2])
    func sharedParametersGatherEveryGradient(_ factor: Float) {
        struct Shared {
            let w, b, p: Tensor
            init(_ binder: inout Binder) {
                w = binder.weight("w", [4, 4])
                b = binder.weight("b", [4], initializer: .normal(mean: 0, standardDeviation: 1))
                p = binder.weight("p", [4, 16])
            }
            init(w: Tensor, b: Tensor, p: Tensor) { (self.w, self.b, self.p) = (w, b, p) }

            func loss(_ x: Tensor) -> Tensor {
                let rnn = BasicRNNCell(inputWeight: w, recurrentWeight: w, bias: b)
                let lstm = LSTMCell(
                    inputWeight: p, recurrentWeight: p, bias: .concatenated([b, b, b, b]), projection: w)
                let first = rnn.unroll(x)
                let second = rnn.unroll(first.outputs, from: first.state, lengths: [3, 1], direction: .reversed)
                let third = lstm.unroll(second.outputs)
                let dense = Dense(weight: w, bias: b)(Dense(weight: w, bias: b)(third.outputs))
                return weighted(dense) + weighted(w.matmul(w)) + weighted(w * b)
                    + weighted(w.gather(tokens([3], below: 4, 1)))
                    + (p * p).sum() + weighted(w.transposed()) + b.sum()
            }
        }
        var model = Model(seed: 1) { Shared(&$0) }
        let x = noise([3, 2, 4], 1, precision: .single) * factor
        let (_, found, _) = model.gradients { ($0.loss(x), ()) }
        let values = model.evaluate { [$0.w, $0.b, $0.p] }.map { $0.tracked() }
        let expected = gradients(
            of: Shared(w: values[0], b: values[1], p: values[2]).loss(x), withRespectTo: values)
        for (entry, gradient) in zip(found.layout.entries, expected) {
            #expect(difference(found[entry.name]!, gradient) < 1e-5, "\(entry.name)")
        }
        let check = checkGradients(at: values.map { $0.detached() }) {
            Shared(w: $0[0], b: $0[1], p: $0[2]).loss(x.converted(to: .double))
        }
        #expect(check.largestError < 1e-6)
    }

    /// Gradients taken inside a step, of inputs or of parameters themselves, are what is asked for and leave the step's
    /// own gradients alone.
    @Test func gradientsTakenInsideAStepDoNotMixWithIts() {
        var model = Model(seed: 1) { Dense(inputSize: 3, outputSize: 2, &$0) }
        let x = noise([4, 3], 1, precision: .single)
        let (_, plain, _) = model.gradients { ($0(x).squared().sum(), ()) }
        let (_, found, other) = model.gradients { dense in
            let inputs = x.tracked()
            let inner = gradients(of: dense(inputs).sum() * 100, withRespectTo: [inputs, dense.weight])
            return (dense(x).squared().sum(), inner)
        }
        #expect(found.values == plain.values)
        #expect(other[0].shape == [4, 3])
        #expect(difference(other[1], (x.sum(along: [0]) * 100).reshaped([3, 1]) * Tensor.ones([1, 2])) < 1e-6)
    }

    @Test(arguments: [Float.nan, .infinity])
    func aLossThatIsNotFiniteLeavesEverythingAsItWas(_ bad: Float) {
        var model = Self.model()
        var optimizer = Adam(learningRate: 0.01)
        model.train(with: &optimizer) { $0.loss(Self.ids, Self.targets) }
        let (parameters, slots) = (model.parameters.values, optimizer.slots)
        let loss = model.train(with: &optimizer) { $0.loss(Self.ids, Self.targets) * bad }
        #expect(!loss.isFinite)
        let gradient = model.train(with: &optimizer) { network in
            let loss = network.loss(Self.ids, Self.targets)
            return Tensor.operation([loss]) { inputs in (inputs[0], { [$0 * bad] }) }
        }
        #expect(gradient.loss.isFinite && !gradient.isFinite)
        #expect(model.parameters.values == parameters)
        #expect(optimizer.slots == slots && optimizer.steps == 1)
        #expect(model.train(with: &optimizer) { $0.loss(Self.ids, Self.targets) }.isFinite)
    }

    /// What is clipped inside a step is what the formula says.
    @Test func aStepClipsByTheGlobalNorm() {
        var model = Self.model()
        let before = model.parameters.values
        var copy = model
        let (_, gradients, _) = copy.gradients { ($0.loss(Self.ids, Self.targets), ()) }
        var optimizer = SGD(learningRate: 1)
        let step = model.train(with: &optimizer, clipping: .globalNorm(0.01)) { $0.loss(Self.ids, Self.targets) }
        let norm = gradients.globalNorm
        #expect(step.gradientNorm == norm && norm > 0.01)
        let expected = zip(before, gradients.values).map { Double($0) - Double($1) * 0.01 / (norm + 1e-6) }
        #expect(difference(model.parameters.values.map(Double.init), expected) < 1e-7)
    }

    /// Ten thousand steps of generation hold the memory of one: every state but the last is released.
    @Test func generatingHoldsOneStateOnly() {
        final class Seen { weak var storage: Storage? }
        let model = Self.model()
        var seen: [Seen] = []
        model.evaluate { network in
            var state = network.cells.zeroState(batch: 1)
            var id: Int32 = 0
            for _ in 0..<10_000 {
                let (output, next) = network.cells.step(
                    network.embedding(IntegerTensor([id], shape: [1])), state: state)
                id = network.output(output).argmax().values[0]
                #expect(!output.isTracked)
                state = next
                let box = Seen()
                box.storage = next.layers.0.c.storage
                seen.append(box)
            }
            #expect(seen.count { $0.storage != nil } == 1)
            withExtendedLifetime(state) {}
        }
        #expect(seen.allSatisfy { $0.storage == nil })
    }

    /// A step's graph is released with the step, carried state included.
    @Test func trainingHoldsOneStepOnly() {
        final class Seen { weak var node: Node? }
        var model = Self.model()
        var optimizer = SGD(learningRate: 0.1)
        var seen: [Seen] = []
        var state: Stack<LSTMCell, GRUCell>.State?
        for _ in 0..<20 {
            let carried = state
            let step = model.train(with: &optimizer) { network in
                let result = network.cells.unroll(network.embedding(Self.ids), from: carried)
                let box = Seen()
                box.node = result.outputs.link?.node
                seen.append(box)
                let loss = sequenceLoss(logits: network.output(result.outputs), targets: Self.targets)
                return (loss, result.state.detached())
            }
            state = step.other
            #expect(seen.last?.node == nil)
        }
        #expect(seen.count == 20)
    }

    /// The user-written cell trains: next-token prediction of a repeating sequence, also stacked and reversed.
    @Test(arguments: [Direction.forward, .reversed])
    func theNotesCellTrains(_ direction: Direction) {
        struct Network {
            let cells: Stack<NotesCell, NotesCell>
            let output: Dense
            init(_ binder: inout Binder) {
                cells = Stack(
                    NotesCell(inputSize: 5, hiddenSize: 12, &binder["lower"]),
                    NotesCell(inputSize: 12, hiddenSize: 12, &binder["upper"]))
                output = Dense(inputSize: 12, outputSize: 5, &binder["output"])
            }
        }
        var model = Model(seed: 2) { Network(&$0) }
        var optimizer = Adam(learningRate: 0.02)
        let cycle: [Int32] = [0, 1, 2, 1, 3, 4, 4, 2]
        let shape = [8, 2]
        let inputs = IntegerTensor((0..<16).map { cycle[$0 / 2] }, shape: shape).oneHot(depth: 5)
        let targets = IntegerTensor((0..<16).map { cycle[($0 / 2 + 1) % 8] }, shape: shape)
        let weights = Tensor((0..<16).map { (i: Int) -> Float in i % 2 == 0 || i < 10 ? 1 : 0 }, shape: shape)
        let losses = (0..<60).map { _ -> Float in
            model.train(with: &optimizer, clipping: .globalNorm(5)) { network -> Tensor in
                let outputs = network.cells.unroll(inputs, lengths: [8, 5], direction: direction).outputs
                return sequenceLoss(logits: network.output(outputs), targets: targets, weights: weights)
            }.loss
        }
        #expect(losses.last! < 0.25 * losses[0], "\(losses[0]) to \(losses.last!)")
    }
}
