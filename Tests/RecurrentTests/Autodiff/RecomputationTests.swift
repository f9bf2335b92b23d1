import Synchronization
import TestSupport
import Testing

@testable import Recurrent

/// Counts how often an operation is walked back over.
private final class WalkedTriple: Sendable {
    let walks = Atomic<Int>(0)

    func callAsFunction(_ x: Tensor) -> Tensor {
        .operation([x]) { inputs in
            let pullback: @Sendable (Tensor) -> [Tensor?] = { gradient in
                self.walks.add(1, ordering: .relaxed)
                return [gradient * 3]
            }
            return (inputs[0] * 3, pullback)
        }
    }
}

@Suite struct RecomputationTests {
    /// Inputs, tensors from outside, parts of larger tensors, an input given back as it is, a result twice.
    @Test func gradientsAgreeWithNumericalOnes() {
        let check = checkGradients(at: [noise([3, 2], 1), noise([2, 4], 2), noise([4], 3)]) { inputs in
            let (x, w, b) = (inputs[0], inputs[1].squared(), inputs[2])
            let results = recomputed([x, b]) { taken in
                let y = (taken[0].matmul(w) + taken[1] * b).tanh()
                return [y, y[1], taken[0], b, y]
            }
            var loss = weighted(w)
            for (index, result) in results.enumerated() { loss = loss + weighted(result, UInt64(index)) }
            return loss
        }
        #expect(check.largestError < 1e-8, "\(check)")
    }

    @Test func insideAnother() {
        let check = checkGradients(at: [noise([2, 3], 2), noise([3, 3], 1)]) { inputs in
            let w = inputs[1]
            let results = recomputed([inputs[0]]) { outer in
                let between = w.tanh()
                return recomputed([outer[0].matmul(w)]) { [$0[0].matmul(between).tanh()] }
            }
            return weighted(results[0])
        }
        #expect(check.largestError < 1e-8, "\(check)")
    }

    /// A tensor that was there before is an origin like any other: it is walked through once, after all its gradients
    /// are added up, and they can be asked for.
    @Test func tensorsFromOutsideAreWalkedOnce() {
        let triple = WalkedTriple()
        let x = noise([3], 1).tracked()
        let outside = triple(x)
        let first = recomputed([]) { _ in [(outside * outside).sum()] }[0]
        let second = recomputed([]) { _ in [outside.sum()] }[0]
        let found = gradients(of: first + second, withRespectTo: [outside, x])
        #expect(triple.walks.load(ordering: .relaxed) == 1)
        #expect(difference(found[0], outside * 2 + 1) < 1e-12)
        #expect(difference(found[1], (outside * 2 + 1) * 3) < 1e-12)
    }

    @Test func walkingBackTwiceGivesTheSame() {
        let x = noise([5, 2, 3], 1).tracked()
        let w = noise([3, 3], 2).tracked()
        let cell = BasicRNNCell(inputWeight: w, recurrentWeight: w, bias: .zeros([3], precision: .double))
        let loss = weighted(recomputed([x]) { [cell.unroll($0[0].tanh()).outputs] }[0])
        let first = gradients(of: loss, withRespectTo: [x, w])
        let second = gradients(of: loss, withRespectTo: [x, w])
        #expect(first.map(bits) == second.map(bits))
    }

    /// What needs no gradient is run once, and remembers nothing.
    @Test func nothingIsRecordedWhereNothingIsTracked() {
        let results = recomputed([noise([2], 1)]) { [$0[0] * 2, $0[0]] }
        #expect(results.allSatisfy { !$0.isTracked })
        let x = noise([2], 2).tracked()
        let mixed = recomputed([x]) { _ in [x * 2, Tensor([1])] }
        #expect(mixed.map(\.isTracked) == [true, false])
    }
}
