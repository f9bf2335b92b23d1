import TestSupport
import Testing

@testable import Recurrent

/// A wrapper around a built-in cell, made from tensors by name. Inputs, hidden states and outputs have 4 features.
struct TestWrapper: Sendable, CustomTestStringConvertible {
    let name: String
    let kind: TestCell
    let wrap: @Sendable (AnyCell, [String: Tensor]) -> AnyCell
    var testDescription: String { name }

    static func dropout(
        _ name: String, _ kind: TestCell, input: Float = 0, output: Float = 0, state: Float = 0, masks: DropoutMasks
    ) -> TestWrapper {
        TestWrapper(name: "\(name), \(kind.testDescription)", kind: kind) { cell, _ in
            AnyCell(
                DroppedOut(
                    cell, input: input, output: output, state: state, masks: masks,
                    random: RandomSource(seed: 5, operation: 9)))
        }
    }

    private static let lstm = TestCell(kind: .lstm)
    private static let gru = TestCell(kind: .resetAfter)

    static let all: [TestWrapper] = [
        dropout("dropout per step", lstm, input: 0.3, output: 0.5, masks: .perStep),
        dropout("dropout per sequence", gru, input: 0.3, output: 0.5, masks: .perSequence),
        dropout("dropout of the state per step", lstm, output: 0.2, state: 0.4, masks: .perStep),
        dropout("dropout of the state per sequence", gru, input: 0.2, state: 0.4, masks: .perSequence),
        TestWrapper(name: "residual", kind: lstm) { cell, _ in AnyCell(Residual(cell)) },
        TestWrapper(name: "projection", kind: gru) { cell, tensors in
            AnyCell(OutputProjection(cell, dense(tensors)))
        },
        TestWrapper(name: "projection with ReLU", kind: lstm) { cell, tensors in
            AnyCell(OutputProjection(cell, dense(tensors), activation: relu))
        },
        TestWrapper(name: "wrapped wrappers", kind: lstm) { cell, tensors in
            AnyCell(
                Residual(
                    DroppedOut(
                        OutputProjection(cell, dense(tensors)), input: 0.3, output: 0.3,
                        random: RandomSource(seed: 3))))
        },
    ]

    static func dense(_ tensors: [String: Tensor]) -> Dense {
        Dense(weight: tensors["outputWeight"]!, bias: tensors["outputBias"]!)
    }

    func tensors(precision: Precision = .double) -> [String: Tensor] {
        var all = kind.tensors(TestCell.Size(input: 4), initialState: false, precision: precision)
        all["outputWeight"] = noise([4, 4], 31, precision: precision)
        all["outputBias"] = noise([4], 32, precision: precision)
        return all
    }

    func cell(_ tensors: [String: Tensor]) -> AnyCell { wrap(kind.any(tensors), tensors) }
}

/// A cell that gives out the hidden state it is given, for seeing masks; both parts of its state are always 1.
private struct Mirror: RecurrentCell {
    func zeroState(batch: Int) -> LSTMState { LSTMState(c: .ones([batch, 50]), h: .ones([batch, 50])) }

    func step(_ input: Tensor, state: LSTMState) -> (output: Tensor, state: LSTMState) {
        (.concatenated([input, state.c, state.h], axis: 1), zeroState(batch: input.shape[0]))
    }
}

@Suite struct WrapperTests {
    /// Outputs, state and the gradients of all tensors, by the wrapper's own `unroll` and step by step.
    @Test(arguments: TestWrapper.all, [nil, [4, 0, 2], [4, 4, 4]] as [[Int]?])
    func unrolledEqualsStepwise(_ wrapper: TestWrapper, lengths: [Int]?) {
        for direction in SequencePropertyTests.directions {
            for (precision, tolerance) in [(Precision.double, 1e-12), (.single, 1e-5)] {
                let runs = [false, true].map { stepwise -> [Tensor] in
                    let tracked = wrapper.tensors(precision: precision).mapValues { $0.tracked() }
                    let cell = wrapper.cell(tracked)
                    let result =
                        stepwise
                        ? cell.unrollStepwise(tracked["x"]!, lengths: lengths, direction: direction)
                        : cell.unroll(tracked["x"]!, lengths: lengths, direction: direction)
                    let loss = result.state.tensors.reduce(weighted(result.outputs)) { $0 + weighted($1, 5) }
                    let all = tracked.keys.sorted().map { tracked[$0]! }
                    return [result.outputs] + result.state.tensors + gradients(of: loss, withRespectTo: all)
                }
                for (index, (a, b)) in zip(runs[0], runs[1]).enumerated() {
                    #expect(difference(a, b) < tolerance, "\(direction) \(precision) \(index)")
                }
            }
        }
    }

    @Test(arguments: TestWrapper.all, [nil, [4, 0, 2]] as [[Int]?])
    func gradientsAgreeWithNumericalOnes(_ wrapper: TestWrapper, lengths: [Int]?) {
        let tensors = wrapper.tensors()
        let names = tensors.keys.sorted()
        let check = checkGradients(at: names.map { tensors[$0]! }) { inputs in
            let given = Dictionary(uniqueKeysWithValues: zip(names, inputs))
            let result = wrapper.cell(given).unroll(given["x"]!, lengths: lengths)
            return result.state.tensors.reduce(weighted(result.outputs)) { $0 + weighted($1, 5) }
        }
        #expect(check.largestError < 1e-6, "\(names[check.place.input]) \(check)")
    }

    /// A sequence in two parts has the masks that it has in one.
    @Test(arguments: TestWrapper.all)
    func masksGoOnWithTheState(_ wrapper: TestWrapper) {
        let tensors = wrapper.tensors()
        let (cell, x) = (wrapper.cell(tensors), tensors["x"]!)
        let whole = cell.unroll(x)
        let first = cell.unroll(x.slice(0..<1))
        let second = cell.unroll(x.slice(1..<4), from: first.state)
        #expect(difference(.concatenated([first.outputs, second.outputs]), whole.outputs) < 1e-12)
    }

    /// Inputs, outputs and the hidden state are dropped, each with its own masks; an LSTM's cell state is not.
    @Test(arguments: [DropoutMasks.perStep, .perSequence])
    func masksAreDrawnForEveryStepOrOnce(_ masks: DropoutMasks) {
        let random = RandomSource(seed: 8)
        let x = Tensor.ones([6, 40, 50])
        func steps(input: Float = 0, output: Float = 0, state: Float = 0) -> [[Tensor]] {
            let cell = DroppedOut(
                Mirror(), input: input, output: output, state: state, masks: masks, random: random)
            return cell.unroll(x).outputs.unstacked().map { $0.split(axis: 1, count: 3) }
        }
        func check(_ found: [Tensor], _ probability: Float, sourceLocation: SourceLocation = #_sourceLocation) {
            let scale = 1 / (1 - probability)
            let different = Set(found.map(\.values)).count
            #expect(different == (masks == .perStep ? 6 : 1), sourceLocation: sourceLocation)
            for values in found.map(\.values) {
                #expect(values.allSatisfy { $0 == 0 || $0 == scale }, sourceLocation: sourceLocation)
                let part = Float(values.count { $0 == 0 }) / Float(values.count)
                #expect(abs(part - probability) < 0.05, sourceLocation: sourceLocation)
            }
        }
        func isOne(_ tensors: [Tensor]) -> Bool { tensors.allSatisfy { $0.values.allSatisfy { $0 == 1 } } }
        let inputs = steps(input: 0.25)
        check(inputs.map { $0[0] }, 0.25)
        #expect(isOne(inputs.flatMap { $0[1...] }))
        let states = steps(state: 0.5)
        check(states.map { $0[2] }, 0.5)
        #expect(isOne(states.flatMap { $0[...1] }))
        let outputs = steps(output: 0.5)
        for part in 0..<3 { check(outputs.map { $0[part] }, 0.5) }
        #expect(steps(input: 0.5)[0][0].values != states[0][2].values, "each place draws from its own stream")
    }

    /// Two layers' states in one wrapper are dropped by masks of their own.
    @Test func everyHiddenPartHasItsOwnMask() {
        let dropout = StepDropout(probability: 0.5, masks: .perStep, random: RandomSource(seed: 1))
        let ones = Tensor.ones([4, 10])
        let masks = (0..<3).map { dropout.part(2).part($0)(ones, step: 2).values }
        let others = (0..<2).map { dropout.part($0)(ones, step: 2).values }
        #expect(Set(masks + others).count == 5)
    }

    /// In training masks are new in every step; outside nothing is drawn, and the cell's kernel can be reached.
    @Test func dropoutIsForTrainingOnly() {
        var model = Model(seed: 4) { binder in
            DroppedOut(LSTMCell(inputSize: 3, hiddenSize: 4, &binder), input: 0.5, output: 0.5, state: 0.5, &binder)
        }
        let x = noise([5, 2, 3], 6, precision: .single)
        let plain = model.evaluate { $0.cell.unroll(x).outputs }
        let evaluated = model.evaluate { ($0.unroll(x).outputs, fusedLayer(of: AnyCell($0)) != nil) }
        #expect(bits(evaluated.0) == bits(plain) && evaluated.1)
        let trained = (0..<3).map { _ in
            model.gradients { cell in
                let outputs = cell.unroll(x).outputs
                return (loss: outputs.sum(), other: (outputs.values, fusedLayer(of: cell) != nil))
            }.other
        }
        #expect(Set(trained.map(\.0) + [plain.values]).count == 4)
        #expect(!trained.contains { $0.1 })
    }

    /// A resumed run has the tensors of the carried state only, and must have the masks of the unbroken one.
    @Test(arguments: [DropoutMasks.perStep, .perSequence])
    func aRestoredStateHasTheMasksOfTheCarriedOne(_ masks: DropoutMasks) {
        var model = Model(seed: 4) { binder in
            DroppedOut(LSTMCell(inputSize: 3, hiddenSize: 4, &binder), input: 0.5, state: 0.5, masks: masks, &binder)
        }
        let x = noise([5, 2, 3], 6, precision: .single)
        let carried = model.gradients { cell in
            let result = cell.unroll(x)
            return (loss: result.outputs.sum(), other: result.state.detached())
        }.other
        let zero = model.evaluate { $0.zeroState(batch: 2) }
        let restored = DroppedOut<LSTMCell>.State(concatenated: carried.concatenated(), like: zero)
        let before = model.random
        let runs = [carried, restored].map { state in
            model.random = before
            return model.gradients { cell in
                let outputs = cell.unroll(x, from: state).outputs
                return (loss: outputs.sum(), other: outputs.values)
            }.other
        }
        #expect(runs[0] == runs[1])
    }

    /// The wrapper and one dense layer over all steps' outputs are two ways to the same numbers.
    @Test func anOutputProjectionIsADenseLayerOverAllSteps() {
        let cell = made { BasicRNNCell(inputSize: 3, hiddenSize: 6, activation: .relu, &$0) }
        let dense = made(2) { Dense(inputSize: 6, outputSize: 2, &$0) }
        let x = noise([7, 4, 3], 1, precision: .single)
        let wrapped = OutputProjection(cell, dense)
        let after = dense(cell.unroll(x).outputs)
        #expect(difference(wrapped.unroll(x).outputs, after) < 1e-6)
        #expect(difference(wrapped.unrollStepwise(x).outputs, after) < 1e-6)
        let padded = wrapped.unroll(x, lengths: [7, 2, 0, 5]).outputs
        #expect(padded[6].slice(1..<3).values == [0, 0, 0, 0], "a bias must not reach past the end")
    }

    @Test func residualAddsTheInput() {
        let cell = made { GRUCell(inputSize: 3, hiddenSize: 3, &$0) }
        let x = noise([5, 2, 3], 1, precision: .single)
        #expect(difference(Residual(cell).unroll(x).outputs, cell.unroll(x).outputs + x) == 0)
    }
}
