import TestSupport
import Testing

@testable import Recurrent

/// A function of some tensors whose gradients are compared with numerical ones.
struct GradientCase: Sendable, CustomTestStringConvertible {
    let name: String
    let inputs: [Tensor]
    let function: @Sendable ([Tensor]) -> Tensor

    /// Inputs are normal numbers; of a function of positive numbers their absolute values, at least 0.3.
    init(
        _ name: String, _ shapes: [[Int]], positive: Bool = false,
        _ function: @escaping @Sendable ([Tensor]) -> Tensor
    ) {
        self.name = "\(name) \(shapes)"
        inputs = shapes.enumerated().map { index, shape in
            let values = noise(shape, UInt64(index + 1))
            return positive ? values.magnitude + 0.3 : values
        }
        self.function = function
    }

    var testDescription: String { name }
}

/// Every operation's gradient agrees with the central difference, in double precision.
@Suite struct GradientTests {
    static let pairsOfShapes: [[[Int]]] = [
        [[3, 4], [3, 4]], [[3, 4], [4]], [[3, 1], [1, 4]], [[2, 3, 4], [3, 1]], [[], [3, 4]], [[2, 3], []],
        [[1], [1]], [[2, 1, 4], [3, 1]], [[1, 17], [3, 17]],
    ]

    static let binary: [GradientCase] = pairsOfShapes.flatMap { (shapes: [[Int]]) -> [GradientCase] in
        let condition = noise([shapes[0].first ?? 1, 1], 9).detached() .> Tensor(0)
        return [
            GradientCase("a + b", shapes) { x in x[0] + x[1] },
            GradientCase("a - b", shapes) { x in x[0] - x[1] },
            GradientCase("a * b", shapes) { x in x[0] * x[1] },
            GradientCase("a / b", shapes, positive: true) { x in x[0] / x[1] },
            GradientCase("maximum", shapes) { x in maximum(x[0], x[1]) },
            GradientCase("minimum", shapes) { x in minimum(x[0], x[1]) },
            GradientCase("select", shapes) { x in select(condition.sum(), x[0], x[1]) },
            GradientCase("select with a sum", shapes) { x in
                let sum = x[0] + x[1]
                return select(sum .> Tensor(0), x[0], x[1])
            },
        ]
    }

    static func numbersOnTheRight(_ x: Tensor) -> Tensor {
        let product = (x + 2) * 3
        return product - 1.5 + x / 4
    }

    static func numbersOnTheLeft(_ x: Tensor) -> Tensor {
        let product = 3 * (1.5 - x)
        return 2 + product + 4 / x
    }

    static func usedSeveralTimes(_ x: Tensor) -> Tensor {
        let product = x.tanh() * x
        return x * x + product - x
    }

    static let unary: [GradientCase] = [[3, 5], [], [17], [1, 33]].flatMap { (shape: [Int]) -> [GradientCase] in
        let anywhere: [(String, @Sendable (Tensor) -> Tensor)] = [
            ("-x", { -$0 }), ("exp", { $0.exp() }), ("square", { $0.squared() }), ("tanh", { $0.tanh() }),
            ("sigmoid", { $0.sigmoid() }), ("relu", { $0.relu() }), ("softplus", { $0.softplus() }),
            ("absoluteValue", { $0.magnitude }), ("clipped", { $0.clamped(to: -0.5...0.8) }), ("sum", { $0.sum() }),
            ("mean", { $0.mean() }), ("max", { $0.max() }), ("reshaped", { $0.reshaped([-1, 1]).squared() }),
            ("transposed", { $0.transposed().squared() }), ("numbers on the right", numbersOnTheRight),
            ("used several times", usedSeveralTimes),
        ]
        let positive: [(String, @Sendable (Tensor) -> Tensor)] = [
            ("log", { $0.log() }), ("sqrt", { $0.sqrt() }), ("numbers on the left", numbersOnTheLeft),
        ]
        return anywhere.map { name, function in GradientCase(name, [shape]) { x in function(x[0]) } }
            + positive.map { name, function in GradientCase(name, [shape], positive: true) { x in function(x[0]) } }
    }

    static let shapes: [GradientCase] = [
        GradientCase("transposed, order", [[2, 3, 4]]) { $0[0].transposed([2, 0, 1]).squared() },
        GradientCase("swappingTimeAndBatch", [[2, 3, 4]]) { $0[0].swappingTimeAndBatch().squared() },
        GradientCase("slice of axis 0", [[4, 3, 2]]) { $0[0].slice(1..<3).squared() },
        GradientCase("slice of axis 1", [[4, 3, 2]]) { $0[0].slice(axis: 1, 1..<3).squared() },
        GradientCase("slice of axis 2", [[4, 3, 2]]) { $0[0].slice(axis: 2, 0..<1).squared() },
        GradientCase("overlapping slices", [[5, 2]]) { $0[0].slice(0..<3) * $0[0].slice(2..<5) },
        GradientCase("subscript", [[4, 3, 2]]) { $0[0][2] * $0[0][2] + $0[0][0] },
        GradientCase("concatenated, axis 0", [[1, 3], [2, 3]]) {
            Tensor.concatenated([$0[0], $0[1], $0[0]]).squared()
        },
        GradientCase("concatenated, axis 1", [[2, 1, 2], [2, 3, 2]]) {
            Tensor.concatenated([$0[0], $0[1]], axis: 1).squared()
        },
        GradientCase("concatenated, last axis", [[2, 1], [2, 3]]) {
            Tensor.concatenated([$0[0], $0[1]], axis: 1).squared()
        },
        GradientCase("stacked", [[2, 3], [2, 3]]) { Tensor.stacked([$0[0], $0[1]]).squared() },
        GradientCase("stacked, axis 1", [[2, 3], [2, 3]]) { Tensor.stacked([$0[0], $0[1]], axis: 1).squared() },
        GradientCase("stacked, last axis", [[2, 3], [2, 3]]) { Tensor.stacked([$0[0], $0[1]], axis: 2).squared() },
        GradientCase("split into extents", [[2, 6]]) { x in
            let parts = x[0].split(axis: 1, [1, 2, 3])
            return parts[0] * parts[1] + parts[1] * parts[2].sum()
        },
        GradientCase("split into equal parts", [[6, 2]]) { x in
            let parts = x[0].split(axis: 0, count: 3)
            return parts[0] * parts[2]
        },
        GradientCase("gather", [[5, 3]]) { $0[0].gather(IntegerTensor([4, 0, 4, 2], shape: [2, 2])).squared() },
        GradientCase("gather of vectors' elements", [[5]]) {
            $0[0].gather(IntegerTensor([4, 4, 1], shape: [3])).squared()
        },
        GradientCase("sum, first axis", [[3, 4, 2]]) { $0[0].sum(along: [0]).squared() },
        GradientCase("sum, outer axes", [[3, 4, 2]]) { $0[0].sum(along: [0, 2]).squared() },
        GradientCase("sum, last axis", [[3, 4, 2]]) { $0[0].sum(along: [-1]).squared() },
        GradientCase("mean, two axes", [[3, 4, 2]]) { $0[0].mean(along: [1, 2]).squared() },
        GradientCase("max, first axis", [[3, 4, 2]]) { $0[0].max(along: [0]).squared() },
        GradientCase("max, last axis", [[3, 4, 2]]) { $0[0].max(along: [2]).squared() },
        GradientCase("max, outer axes", [[3, 4, 2]]) { $0[0].max(along: [0, 2]).squared() },
        GradientCase("softmax", [[3, 4]]) { $0[0].softmax() },
        GradientCase("softmax, 33 columns", [[2, 33]]) { $0[0].softmax() },
        GradientCase("softmax, one column", [[2, 1]]) { $0[0].softmax() },
        GradientCase("logSoftmax", [[2, 3, 4]]) { $0[0].logSoftmax() },
        GradientCase("logSoftmax, 17 columns", [[2, 17]]) { $0[0].logSoftmax() },
        GradientCase("clippingGradient beyond the gradient", [[3]]) { $0[0].squared().clippingGradient(to: 1e6) },
    ]

    static let products: [GradientCase] = [
        GradientCase("matmul", [[3, 4], [4, 5]]) { $0[0].matmul($0[1]) },
        GradientCase("matmul, thin", [[1, 1], [1, 1]]) { $0[0].matmul($0[1]) },
        GradientCase("matmul, over tile edges", [[7, 3], [3, 33]]) { $0[0].matmul($0[1]) },
        GradientCase("matmul of a vector", [[4], [4, 3]]) { $0[0].matmul($0[1]) },
        GradientCase("matmul, rank 3 by matrix", [[2, 3, 4], [4, 5]]) { $0[0].matmul($0[1]) },
        GradientCase("matmul, batched", [[2, 3, 4], [2, 4, 5]]) { $0[0].matmul($0[1]) },
        GradientCase("matmul, batched twice", [[2, 2, 1, 3], [2, 2, 3, 2]]) { $0[0].matmul($0[1]) },
        GradientCase("matmul with itself", [[3, 3]]) { $0[0].matmul($0[0]) },
        GradientCase("matmul of one-hot rows", [[5, 3]]) {
            IntegerTensor([1, 4, 1, 0], shape: [4]).oneHot(depth: 5).matmul($0[0])
        },
        GradientCase("Dense", [[3, 4], [4, 2], [2]]) { Dense(weight: $0[1], bias: $0[2])($0[0]) },
        GradientCase("Dense over time", [[2, 3, 4], [4, 2], [2]]) { Dense(weight: $0[1], bias: $0[2])($0[0]) },
        GradientCase("Dense, bias used twice", [[3, 2], [2, 2], [2]]) {
            Dense(weight: $0[1], bias: $0[2])(Dense(weight: $0[1], bias: $0[2])($0[0]).tanh()) * $0[2]
        },
        GradientCase("Embedding", [[6, 3]]) {
            Embedding(table: $0[0])(IntegerTensor([5, 0, 5], shape: [3, 1])).squared()
        },
    ]

    static let losses: [GradientCase] = {
        let labels = IntegerTensor([1, 0, 4, 2, 2, 3], shape: [3, 2])
        return [
            GradientCase("cross-entropy", [[3, 2, 5]]) { sparseSoftmaxCrossEntropy(logits: $0[0], labels: labels) },
            GradientCase("sequenceLoss", [[3, 2, 5]]) { sequenceLoss(logits: $0[0], targets: labels) },
            GradientCase("sequenceLossPerSequence", [[3, 2, 5]]) {
                sequenceLossPerSequence(logits: $0[0], targets: labels)
            },
            GradientCase("sequenceLossPerStep", [[3, 2, 5]]) { sequenceLossPerStep(logits: $0[0], targets: labels) },
            GradientCase("sequenceLossPerElement", [[3, 2, 5]]) {
                sequenceLossPerElement(logits: $0[0], targets: labels)
            },
            GradientCase("weighted sequenceLoss", [[3, 2, 5], [3, 2]], positive: true) {
                sequenceLoss(logits: $0[0], targets: labels, weights: $0[1])
            },
            GradientCase("weighted sequenceLossPerSequence", [[3, 2, 5], [3, 2]], positive: true) {
                sequenceLossPerSequence(logits: $0[0], targets: labels, weights: $0[1])
            },
            GradientCase("weighted sequenceLossPerStep", [[3, 2, 5], [3, 2]], positive: true) {
                sequenceLossPerStep(logits: $0[0], targets: labels, weights: $0[1])
            },
            GradientCase("weighted sequenceLossPerElement", [[3, 2, 5], [3, 2]], positive: true) {
                sequenceLossPerElement(logits: $0[0], targets: labels, weights: $0[1])
            },
            GradientCase("meanSquaredError", [[3, 2], [3, 2]]) { meanSquaredError($0[0], $0[1]) },
        ]
    }()

    @Test(arguments: binary + unary + shapes + products + losses)
    func agreesWithTheNumericalGradient(_ given: GradientCase) {
        let check = checkGradients(at: given.inputs) { weighted(given.function($0)) }
        #expect(check.largestError < 1e-6, "\(check)")
    }

    /// cube(x) with the gradient given.
    static func cube(_ x: Tensor, slope: Float) -> Tensor {
        Tensor.operation([x]) { inputs in
            let x = inputs[0]
            return (x * x * x, { gradient in [gradient * x * x * slope] })
        }
    }

    @Test func userDefinedOperationHasTheGradientItGives() {
        let x = noise([3, 4], 5)
        let right = checkGradients(at: [x]) { weighted(Self.cube($0[0], slope: 3)) }
        #expect(right.largestError < 1e-6)
        let wrong = checkGradients(at: [x]) { weighted(Self.cube($0[0], slope: 2)) }
        #expect(wrong.largestError > 0.1, "a wrong gradient must be found")
        #expect(wrong.gradient != wrong.numerical)
    }

    @Test func userDefinedOperationMayLeaveOutAnInputsGradient() {
        let (a, b) = (noise([2], 1).tracked(), noise([2], 2).tracked())
        let product = Tensor.operation([a, b]) { inputs in
            let b = inputs[1]
            return (inputs[0] * b, { [$0 * b, nil] })
        }
        let found = gradients(of: product.sum(), withRespectTo: [a, b])
        #expect(found[0].doubles == b.doubles)
        #expect(found[1].doubles == [0, 0])
    }

    @Test func wrongGradientIsReportedWhereItStands() {
        let x = Tensor([1, 2, 3] as [Double], shape: [3])
        let check = checkGradients(at: [noise([2], 1), x]) { inputs in
            let wrong = Tensor.operation([inputs[1]]) { x in
                (x[0].squared().sum(), { g in [g * x[0] * Tensor([2, 2, 5] as [Float])] })
            }
            return inputs[0].sum() + wrong
        }
        #expect(check.place == (1, 2))
        #expect(abs(check.gradient - 15) < 1e-6 && abs(check.numerical - 6) < 1e-6)
    }

    /// A gradient of NaN is an error, not agreement.
    @Test func notANumberIsAnError() {
        let check = checkGradients(at: [noise([2], 1)]) { inputs in
            Tensor.operation([inputs[0]]) { x in (x[0].sum(), { _ in [Tensor([.nan, 1] as [Float])] }) }
        }
        #expect(check.largestError == .infinity)
    }

    @Test func clippingGradientClipsWhatFlowsBackAndNothingElse() {
        let x = Tensor([1, -2, 3, 0.25]).tracked()
        let y = x.clippingGradient(to: 0.5)
        #expect(y.values == x.values)
        let loss = (y * Tensor([2, -3, 0.25, -0.5])).sum()
        #expect(gradients(of: loss, withRespectTo: [x])[0].values == [0.5, -0.5, 0.25, -0.5])
    }

    @Test func conversionGivesTheGradientInTheOriginalPrecision() {
        let x = noise([3], 4, precision: .single).tracked()
        let found = gradients(of: x.converted(to: .double).squared().sum(), withRespectTo: [x])[0]
        #expect(found.precision == .single)
        #expect(found.values == x.values.map { 2 * $0 })
    }

    @Test(arguments: [Precision.single, .double])
    func mixedPrecisionGivesEachInputItsOwn(_ precision: Precision) {
        let a = noise([2, 3], 1, precision: precision).tracked()
        let b = noise([3], 2, precision: precision == .single ? .double : .single).tracked()
        for result in [a + b, a - b, a * b, a / b, maximum(a, b), a.matmul(b.reshaped([3, 1]))] {
            #expect(result.precision == .double)
            let found = gradients(of: result.sum(), withRespectTo: [a, b])
            #expect(found.map(\.precision) == [a.precision, b.precision])
            #expect(found.map(\.shape) == [a.shape, b.shape])
        }
    }

    @Test func evenlyLargestShareTheGradient() {
        let x = Tensor([[3, 1, 3], [2, 2, 2]]).tracked()
        let found = gradients(of: x.max(along: [1]).sum(), withRespectTo: [x])[0].values
        #expect(found == [0.5, 0, 0.5] + Array(repeating: Float(1) / 3, count: 3))
    }
}
