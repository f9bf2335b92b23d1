import TestSupport
import Testing

@testable import Recurrent

/// The fused kernels against the cells' own steps, and against numerical gradients.
@Suite struct FusedCellTests {
    /// With and without lengths, in both directions, with and without an initial state, values and all gradients.
    @Test(arguments: TestCell.all, [1, 5, 16, 33])
    func fusedEqualsStepwise(_ cell: TestCell, hidden: Int) {
        for (batch, lengths) in [(1, [3]), (3, [4, 0, 2]), (17, (0..<17).map { ($0 * 7 + 4) % 5 })] {
            for (round, given) in [nil, lengths].enumerated() {
                for direction in [Direction.forward, .reversed] {
                    let withState = (batch + hidden + round + (direction == .forward ? 0 : 1)) % 2 == 0
                    for (precision, tolerance) in [(Precision.double, 1e-9), (.single, 1e-4)] {
                        let size = TestCell.Size(batch: batch, hidden: hidden)
                        let tensors = cell.tensors(
                            size, seed: UInt64(hidden), initialState: withState, precision: precision)
                        let runs = [false, true].map {
                            results(of: cell, tensors, lengths: given, direction: direction, stepwise: $0)
                        }
                        expectEqual(
                            runs[0], runs[1], within: tolerance,
                            "\(precision) batch \(batch) \(direction) lengths \(given ?? []) state \(withState)")
                    }
                }
            }
        }
    }

    /// An initial state with every combination that the test above alternates, at one size.
    @Test(arguments: TestCell.all, Ends.allCases)
    func fusedEqualsStepwiseFromEitherEnd(_ cell: TestCell, ends: Ends) {
        for lengths in [nil, [4, 0, 2], [4, 4, 4], [0, 0, 0]] as [[Int]?] {
            for direction in [Direction.forward, .reversed] {
                for withState in [false, true] {
                    let tensors = cell.tensors(TestCell.Size(hidden: 6), initialState: withState)
                    let runs = [false, true].map {
                        results(of: cell, tensors, lengths: lengths, direction: direction, stepwise: $0, ends: ends)
                    }
                    expectEqual(
                        runs[0], runs[1], within: 1e-9, "\(direction) lengths \(lengths ?? []) state \(withState)")
                }
            }
        }
    }

    /// Without gradients a long sequence is run in parts, whose bits are those of the whole.
    @Test(arguments: TestCell.all)
    func inferenceEqualsTraining(_ cell: TestCell) {
        let size = TestCell.Size(time: 41, batch: 70, input: 3, hidden: 65)
        let tensors = cell.tensors(size, precision: .single)
        let tracked = tensors.mapValues { $0.tracked() }
        for lengths in [nil, (0..<70).map { $0 * 7 % 42 }] {
            for direction in [Direction.forward, .reversed] {
                let trained = cell.unroll(tracked, lengths: lengths, direction: direction)
                let inferred = cell.unroll(tensors, lengths: lengths, direction: direction)
                #expect(inferred.outputs.values == trained.outputs.values, "\(direction)")
                #expect(inferred.state.map(\.values) == trained.state.map(\.values))
            }
        }
    }

    /// The clips of the cells above act: without them the gradients are others.
    @Test(arguments: TestCell.all.filter { $0.gradientClip != nil || $0.cellClip != nil })
    func clipsAct(_ cell: TestCell) {
        let tensors = cell.tensors(TestCell.Size())
        var unclipped = cell
        unclipped.gradientClip = nil
        unclipped.cellClip = nil
        let runs = [cell, unclipped].map {
            results(of: $0, tensors, lengths: nil, direction: .forward, stepwise: false)["gradient of bias"]!
        }
        #expect(difference(runs[0], runs[1]) > 0.01)
    }

    /// A clipped gradient is no derivative, so those cells are left out.
    @Test(arguments: TestCell.all.filter { $0.gradientClip == nil }, [nil, [3, 0, 2]] as [[Int]?])
    func fusedGradientsAgreeWithNumericalOnes(_ cell: TestCell, lengths: [Int]?) {
        for direction in [Direction.forward, .reversed] {
            let tensors = cell.tensors(TestCell.Size(time: 3, hidden: 3))
            let names = tensors.keys.sorted()
            let check = checkGradients(at: names.map { tensors[$0]! }) { inputs in
                let given = Dictionary(uniqueKeysWithValues: zip(names, inputs))
                let (outputs, state) = cell.unroll(given, lengths: lengths, direction: direction)
                return state.reduce(weighted(outputs)) { $0 + weighted($1, 5) }
            }
            #expect(check.largestError < 1e-6, "\(direction) \(names[check.place.input]) \(check)")
        }
    }

    /// Tokens are gathered rows of the input weight: what their dense encoding gives, to rounding.
    @Test(arguments: TestCell.all)
    func oneHotInputsEqualTheirDenseEncoding(_ cell: TestCell) {
        let size = TestCell.Size(time: 5, batch: 4, input: 7, hidden: 18)
        let ids = tokens([5, 4], below: 7, 3)
        for lengths in [nil, [5, 0, 2, 4]] as [[Int]?] {
            for direction in [Direction.forward, .reversed] {
                var tensors = cell.tensors(size, precision: .single)
                tensors["x"] = Tensor(ids.oneHot(depth: 7).values, shape: [5, 4, 7])
                let dense = results(of: cell, tensors, lengths: lengths, direction: direction, stepwise: false)
                tensors["x"] = ids.oneHot(depth: 7)
                for stepwise in [false, true] {
                    let sparse = results(
                        of: cell, tensors, lengths: lengths, direction: direction, stepwise: stepwise)
                    expectEqual(sparse, dense, within: 1e-4, "\(direction) lengths \(lengths ?? [])")
                }
            }
        }
    }

    /// The backward kernel overwrites what the forward one saved; a second walk must not notice.
    @Test(arguments: TestCell.all)
    func walkingBackTwiceGivesTheSame(_ cell: TestCell) {
        let tensors = cell.tensors(TestCell.Size(hidden: 17), precision: .single).mapValues { $0.tracked() }
        let names = tensors.keys.sorted()
        let (outputs, state) = cell.unroll(tensors, lengths: [4, 1, 3])
        let loss = state.reduce(weighted(outputs)) { $0 + weighted($1) }
        let walks = (0..<3).map { _ in gradients(of: loss, withRespectTo: names.map { tensors[$0]! }).map(bits) }
        #expect(walks[0] == walks[1] && walks[1] == walks[2])
    }

    /// The same tensors in two unrolls, and beside them: every gradient is added, none stored over another.
    @Test(arguments: TestCell.all)
    func tensorsUsedSeveralTimesGetTheSumOfGradients(_ cell: TestCell) {
        let tensors = cell.tensors(TestCell.Size(hidden: 5))
        let names = tensors.keys.sorted()
        func found(_ loss: ([String: Tensor]) -> Tensor) -> [Tensor] {
            let tracked = tensors.mapValues { $0.tracked() }
            return gradients(of: loss(tracked), withRespectTo: names.map { tracked[$0]! })
        }
        func first(_ t: [String: Tensor]) -> Tensor { weighted(cell.unroll(t).outputs) }
        func second(_ t: [String: Tensor]) -> Tensor {
            weighted(cell.unroll(t, lengths: [2, 4, 1], direction: .reversed).state[0])
        }
        func third(_ t: [String: Tensor]) -> Tensor {
            names.reduce(Tensor([0.0] as [Double], shape: [])) { $0 + weighted(t[$1]!.squared()) }
        }
        let parts = [found(first), found(second), found(third)]
        let whole = found { first($0) + second($0) + third($0) }
        for (index, name) in names.enumerated() {
            #expect(difference(whole[index], parts[0][index] + parts[1][index] + parts[2][index]) < 1e-12, "\(name)")
        }
    }

    /// One tensor in the place of two weights.
    @Test(arguments: TestCell.all.filter { !$0.projected })
    func aWeightMayStandInTwoPlaces(_ cell: TestCell) {
        let size = TestCell.Size(time: 3, input: 4, hidden: 4)
        let tensors = cell.tensors(size)
        let runs = [false, true].map { stepwise in
            var tracked = tensors.mapValues { $0.tracked() }
            tracked["recurrentWeight"] = tracked["inputWeight"]
            let loss = weighted(cell.unroll(tracked, stepwise: stepwise).outputs)
            return gradients(of: loss, withRespectTo: [tracked["inputWeight"]!])[0]
        }
        #expect(difference(runs[0], runs[1]) < 1e-9)
    }

    @Test(arguments: TestCell.all)
    func aSequenceOfNoStepsGivesTheInitialState(_ cell: TestCell) {
        let tensors = cell.tensors(TestCell.Size(time: 0), precision: .single)
        for direction in [Direction.forward, .reversed] {
            let gradient = results(
                of: cell, tensors, lengths: nil, direction: direction, stepwise: false, ends: .states)[
                    "gradient of recurrentWeight"]
            #expect(gradient!.values.allSatisfy { $0 == 0 }, "\(direction)")
        }
        let found = results(of: cell, tensors, lengths: nil, direction: .forward, stepwise: false, ends: .states)
        #expect(found["outputs"]!.shape == [0, 3, cell.outputSize(TestCell.Size())])
        #expect(found["state 0"]!.values == tensors["initialHidden"]!.values)
        #expect(found["gradient of initialHidden"]!.values == noise([3, cell.outputSize(TestCell.Size())], 12).values)
        #expect(found["gradient of bias"]!.values.allSatisfy { $0 == 0 })
    }
}
