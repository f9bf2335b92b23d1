import TestSupport
import Testing

@testable import Recurrent

/// What is recorded, what gradients can be had, and what is not remembered.
@Suite struct RecordTests {
    @Test func gradientWithRespectToATensorInTheMiddle() {
        let x = Tensor([1, 2]).tracked()
        let middle = x.squared()
        let loss = (middle * middle * x).sum()  // m^2 x: dm = 2 m x
        let found = gradients(of: loss, withRespectTo: [middle, x])
        #expect(found[0].values == [2, 16])
        #expect(found[1].values == [5, 80])  // x^5: 5 x^4
    }

    @Test func gradientWithRespectToTheLossIsOne() {
        let loss = Tensor([3]).tracked().sum()
        #expect(gradients(of: loss, withRespectTo: [loss])[0].scalar == 1)
    }

    @Test func aTensorTheLossDoesNotDependOnGetsZeros() {
        let x = Tensor([1, 2]).tracked()
        let other = Tensor([[1, 2, 3]]).tracked()
        #expect(gradients(of: x.sum(), withRespectTo: [other])[0].shape == [1, 3])
        #expect(gradients(of: Tensor(1), withRespectTo: [other])[0].values == [0, 0, 0])
    }

    @Test func detachedStopsGradients() {
        let x = Tensor([2, 3]).tracked()
        #expect(gradients(of: (x.detached() * x).sum(), withRespectTo: [x])[0].values == [2, 3])
        #expect(!x.detached().squared().isTracked)
    }

    /// Nothing is recorded where no input is tracked, and everything is where one is.
    @Test func aNodeIsRecordedOnlyWhereAnInputIsTracked() {
        let inputs = [noise([3, 3], 1, precision: .single), noise([3, 3], 2, precision: .single)]
        let operations: [(String, ([Tensor]) -> Tensor)] = [
            ("+", { $0[0] + $0[1] }), ("-", { $0[0] - $0[1] }), ("*", { $0[0] * $0[1] }), ("/", { $0[0] / $0[1] }),
            ("matmul", { $0[0].matmul($0[1]) }), ("maximum", { maximum($0[0], $0[1]) }),
            ("select", { select(.ones([3, 1]), $0[0], $0[1]) }), ("stacked", { .stacked($0) }),
            ("concatenated", { .concatenated($0, axis: 1) }),
            ("batched matmul", { $0[0].reshaped([1, 3, 3]).matmul($0[1].reshaped([1, 3, 3])) }),
            ("Dense", { Dense(weight: $0[1], bias: .zeros([3]))($0[0]) }),
            ("operation", { .operation($0) { ($0[0] + $0[1], { [$0, $0] }) } }),
            (
                "unroll",
                {
                    BasicRNNCell(inputWeight: $0[1], recurrentWeight: $0[1], bias: .zeros([3]))
                        .unroll($0[0].reshaped([1, 3, 3])).outputs
                }
            ),
        ]
        for (name, operation) in operations {
            #expect(!operation(inputs).isTracked, "\(name)")
            #expect(operation([inputs[0].tracked(), inputs[1]]).isTracked, "\(name)")
            #expect(operation([inputs[0], inputs[1].tracked()]).isTracked, "\(name)")
        }
        let single: [(Tensor) -> Tensor] = [
            { -$0 }, { $0.exp() }, { $0.tanh() }, { $0.softmax() }, { $0.sum() }, { $0.max(along: [0]) }, { $0[1] },
            { $0.transposed() }, { $0.reshaped([9]) }, { $0.gather(IntegerTensor([1], shape: [1])) },
            { $0.clamped(to: 0...1) }, { $0.clippingGradient(to: 1) }, { $0.converted(to: .double) },
            { sparseSoftmaxCrossEntropy(logits: $0, labels: IntegerTensor([0, 1, 2], shape: [3])) },
        ]
        for operation in single {
            #expect(!operation(inputs[0]).isTracked)
            #expect(operation(inputs[0].tracked()).isTracked)
        }
    }

    @Test func comparisonsAreNotRecorded() {
        let x = Tensor([1, 2]).tracked()
        #expect(!(x .> Tensor(1)).isTracked && !(x .== Tensor(1)).isTracked)
    }

    /// Every pull-back of an input with another gradient already there adds to it.
    @Test func gradientsOfSeveralUsesAddUp() {
        let x = noise([4, 3], 1)
        let w = noise([3, 3], 2)
        let b = noise([3], 3)
        let table = IntegerTensor([0, 2, 2], shape: [3])
        let check = checkGradients(at: [x, w, b]) { inputs in
            let (x, w, b) = (inputs[0], inputs[1], inputs[2])
            let cell = BasicRNNCell(inputWeight: w, recurrentWeight: w, bias: b)
            let sequence = x.reshaped([4, 1, 3])
            let once = cell.unroll(sequence)
            let twice = cell.unroll(sequence, from: once.state, direction: .reversed)
            let dense = Dense(weight: w, bias: b)(x) + Dense(weight: w, bias: b)(x.tanh())
            return weighted(once.outputs * twice.outputs) + weighted(dense) + weighted(w.gather(table))
                + weighted(w.matmul(w)) + weighted(x * x) + weighted(once.state)
        }
        #expect(check.largestError < 1e-6, "\(check)")
    }

    @Test func walkingBackTwiceGivesTheSame() {
        let x = noise([5, 2, 3], 1).tracked()
        let w = noise([3, 3], 2).tracked()
        let cell = BasicRNNCell(inputWeight: w, recurrentWeight: w, bias: .zeros([3], precision: .double))
        let loss = weighted(cell.unroll(x.tanh()).outputs)
        let first = gradients(of: loss, withRespectTo: [x, w])
        let second = gradients(of: loss, withRespectTo: [x, w])
        #expect(first.map(bits) == second.map(bits))
    }
}

/// Chains far longer than the stack is deep are walked and released.
@Suite struct LongChainTests {
    @Test func aMillionAdditions() {
        let x = Tensor(1).tracked()
        let one = Tensor(1)
        var y = x
        for _ in 0..<1_000_000 { y = y + one }
        #expect(y.scalar == 1_000_001)
        #expect(gradients(of: y, withRespectTo: [x])[0].scalar == 1)
    }

    @Test func aHundredThousandUserDefinedOperations() {
        let x = Tensor([1, 2]).tracked()
        var y = x
        for _ in 0..<100_000 {
            y = .operation([y]) { inputs in
                let kept = inputs[0]
                return (kept, { gradient in [gradient + kept - kept] })
            }
        }
        #expect(gradients(of: y.sum(), withRespectTo: [x])[0].values == [1, 1])
    }

    /// A thousand fused layers, each from the tracked state of the one before.
    @Test func aThousandUnrollsWithTrackedState() {
        let w = (noise([2, 2], 1, scale: 0.5, precision: .single)).tracked()
        let cell = LSTMCell(
            inputWeight: noise([2, 8], 2, precision: .single), recurrentWeight: noise([2, 8], 3, precision: .single),
            bias: .zeros([8]), projection: w)
        let x = noise([2, 3, 2], 4, precision: .single)
        var state = cell.zeroState(batch: 3)
        for _ in 0..<1000 { state = cell.unroll(x, from: state).state }
        let found = gradients(of: state.h.sum() + state.c.sum(), withRespectTo: [w])[0]
        #expect(found.values.allSatisfy { $0.isFinite && $0 != 0 })
    }
}
