import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// Values of tensors and of operations on them, against plain loops, also over the edges of vectors.
@Suite struct TensorValueTests {
    static let shapes = [[0], [1], [17], [33], [3, 0], [0, 4], [2, 1], [3, 17], [2, 33], [2, 3, 5], []]
    static let precisions: [Precision] = [.single, .double]

    @Test(arguments: shapes, precisions)
    func unaryOperations(_ shape: [Int], precision: Precision) {
        let x = noise(shape, 1, precision: precision)
        let positive = x.magnitude + 0.25
        let operations: [(String, Tensor, Tensor, (Double) -> Double)] = [
            ("-", x, -x, { -$0 }), ("exp", x, x.exp(), { Foundation.exp($0) }),
            ("log", positive, positive.log(), { Foundation.log($0) }),
            ("sqrt", positive, positive.sqrt(), { $0.squareRoot() }), ("square", x, x.squared(), { $0 * $0 }),
            ("tanh", x, x.tanh(), { Foundation.tanh($0) }),
            ("sigmoid", x, x.sigmoid(), { 1 / (1 + Foundation.exp(-$0)) }), ("relu", x, x.relu(), { max($0, 0) }),
            ("softplus", x, x.softplus(), { Foundation.log1p(Foundation.exp($0)) }),
            ("absoluteValue", x, x.magnitude, { abs($0) }),
            ("clipped", x, x.clamped(to: -0.5...0.25), { min(max($0, -0.5), 0.25) }), ("x - 2", x, x - 2, { $0 - 2 }),
            ("2 - x", x, 2 - x, { 2 - $0 }), ("x * 3", x, x * 3, { $0 * 3 }),
            ("3 / x", positive, 3 / positive, { 3 / $0 }),
        ]
        for (name, argument, result, function) in operations {
            #expect(result.precision == precision)
            let expected = Tensor(argument.doubles.map(function), shape: shape)
            #expect(difference(result, expected) < (precision == .single ? 1e-6 : 1e-14), "\(name)")
        }
    }

    /// Broadcasting matches trailing axes; every pair of an operation's operands is found by its indices.
    @Test(
        arguments: [
            ([3, 17], [3, 17]), ([3, 17], [17]), ([3, 1], [1, 33]), ([], [2, 3]), ([2, 3], []), ([2, 3, 4], [3, 1]),
            ([2, 1, 4], [3, 1]), ([0, 3], [3]), ([1], [0]), ([4, 1, 1, 5], [2, 3, 1]), ([5, 1], [5, 1]),
        ] as [([Int], [Int])])
    func binaryOperations(_ left: [Int], _ right: [Int]) {
        let rank = max(left.count, right.count)
        func extent(_ shape: [Int], _ axis: Int) -> Int {
            let place = axis - (rank - shape.count)
            return place < 0 ? 1 : shape[place]
        }
        let shape = (0..<rank).map { axis -> Int in
            let (m, n) = (extent(left, axis), extent(right, axis))
            return m == 1 ? n : m
        }
        func element(_ values: [Double], _ own: [Int], _ index: Int) -> Double {
            var (rest, place, stride) = (index, 0, 1)
            for axis in (0..<rank).reversed() {
                let position = rest % shape[axis]
                rest /= shape[axis]
                if extent(own, axis) != 1 { place += position * stride }
                stride *= extent(own, axis)
            }
            return values[place]
        }
        let (a, b) = (noise(left, 1), noise(right, 2) + 3)
        let operations: [(String, Tensor, (Double, Double) -> Double)] = [
            ("+", a + b, { $0 + $1 }), ("-", a - b, { $0 - $1 }), ("*", a * b, { $0 * $1 }), ("/", a / b, { $0 / $1 }),
            ("maximum", maximum(a, b), { max($0, $1) }), ("minimum", minimum(a, b), { min($0, $1) }),
            (".>", a .> b, { $0 > $1 ? 1 : 0 }), (".==", a .== b, { $0 == $1 ? 1 : 0 }),
            ("select", select(a, a, b), { $0 != 0 ? $0 : $1 }),
        ]
        let (x, y) = (a.doubles, b.doubles)
        for (name, result, function) in operations {
            let expected = (0..<elementCount(shape)).map { function(element(x, left, $0), element(y, right, $0)) }
            #expect(result.shape == shape && result.doubles == expected, "\(name)")
        }
    }

    @Test(arguments: [[2, 3, 4], [1, 17, 1], [3, 33], [5], [0, 4], [4, 0]] as [[Int]], precisions)
    func reductions(_ shape: [Int], precision: Precision) {
        let x = noise(shape, 3, precision: precision)
        let values = x.doubles
        let subsets: [[Int]?] =
            [nil]
            + (1..<(1 << shape.count)).map { mask in
                shape.indices.filter { mask >> $0 & 1 == 1 }
            }
        for axes in subsets {
            let reduced = axes ?? Array(shape.indices)
            let kept = shape.indices.filter { !reduced.contains($0) }
            let keptShape = kept.map { shape[$0] }
            var groups = [[Double]](repeating: [], count: elementCount(keptShape))
            for (index, value) in values.enumerated() {
                var (rest, positions) = (index, [Int](repeating: 0, count: shape.count))
                for axis in shape.indices.reversed() {
                    positions[axis] = rest % shape[axis]
                    rest /= shape[axis]
                }
                groups[kept.reduce(0) { $0 * shape[$1] + positions[$1] }].append(value)
            }
            let tolerance = precision == .single ? 1e-5 : 1e-13
            let sums = Tensor(groups.map { $0.reduce(0, +) }, shape: keptShape)
            #expect(difference(x.sum(along: axes), sums) < tolerance, "\(axes ?? [])")
            let largest = Tensor(groups.map { $0.max() ?? -.infinity }, shape: keptShape)
            #expect(x.max(along: axes).doubles == largest.doubles, "\(axes ?? [])")
            if !values.isEmpty {
                let means = Tensor(groups.map { $0.reduce(0, +) / Double($0.count) }, shape: keptShape)
                #expect(difference(x.mean(along: axes), means) < tolerance, "\(axes ?? [])")
            }
        }
        #expect(x.sum(along: [-1]).shape == Array(shape.dropLast()))
    }

    /// A maximum over NaN is NaN, wherever it stands.
    @Test func maximaOfNotANumberAreNotANumber() {
        for place in 0..<6 {
            var values: [Float] = [1, 5, 2, 4, 3, 6]
            values[place] = .nan
            let x = Tensor(values, shape: [2, 3])
            #expect(x.max().scalar.isNaN)
            #expect(x.max(along: [1]).values.map(\.isNaN) == [place < 3, place >= 3])
            #expect(x.max(along: [0]).values.map(\.isNaN) == [0, 1, 2].map { $0 == place % 3 })
        }
    }

    @Test func shapesAndSlices() {
        let x = Tensor((0..<24).map(Float.init), shape: [2, 3, 4])
        #expect(x.reshaped([4, -1]).shape == [4, 6])
        #expect(x.reshaped([4, -1]).values == x.values)
        let transposed = (0..<24).map { (i: Int) -> Float in
            let (last, middle, first) = (i / 6, i / 2 % 3, i % 2)
            return Float(first * 12 + middle * 4 + last)
        }
        #expect(x.transposed().values == transposed)
        #expect(x.transposed([1, 0, 2]).values == x.swappingTimeAndBatch().values)
        #expect(x.transposed([2, 0, 1])[3].values == [3, 7, 11, 15, 19, 23])
        let numbers = (0..<24).map { Float($0) }
        #expect(x[1].values == Array(numbers[12..<24]))
        #expect(x[1][2].values == [20, 21, 22, 23] && x[1][2][3].scalar == 23)
        #expect(x.slice(axis: 1, 1..<3).values == Array(numbers[4..<12] + numbers[16..<24]))
        #expect(x.slice(axis: 2, 3..<4).values == [3, 7, 11, 15, 19, 23])
        #expect(x.slice(axis: 2, 2..<2).shape == [2, 3, 0])
        #expect(x.split(axis: 2, [1, 3]).map(\.shape) == [[2, 3, 1], [2, 3, 3]])
        for axis in 0..<3 {
            #expect(Tensor.concatenated(x.split(axis: axis, count: x.shape[axis]), axis: axis).values == x.values)
            var rest = x.shape
            let count = rest.remove(at: axis)
            let parts = (0..<count).map { x.slice(axis: axis, $0..<$0 + 1).reshaped(rest) }
            #expect(Tensor.stacked(parts, axis: axis).values == x.values)
        }
        #expect(x.gather(IntegerTensor([1, 0, 1], shape: [3])).values == x[1].values + x[0].values + x[1].values)
        #expect(x.gather(IntegerTensor([], shape: [0])).shape == [0, 3, 4])
    }

    @Test(arguments: [(1, 1, 1), (3, 4, 17), (2, 33, 5), (0, 3, 2), (2, 0, 3), (3, 2, 0)])
    func matrixProducts(_ rows: Int, _ depth: Int, _ columns: Int) {
        let (a, b) = (noise([2, rows, depth], 1), noise([2, depth, columns], 2))
        let (x, y) = (a.doubles, b.doubles)
        func expected(stacked: Bool) -> [Double] {
            var all: [Double] = []
            for row in 0..<2 * rows {
                let right = stacked ? row / rows * depth * columns : 0
                for column in 0..<columns {
                    var sum = 0.0
                    for k in 0..<depth { sum += x[row * depth + k] * y[right + k * columns + column] }
                    all.append(sum)
                }
            }
            return all
        }
        let byMatrix = a.matmul(b[0])
        #expect(byMatrix.shape == [2, rows, columns])
        #expect(difference(byMatrix.doubles, expected(stacked: false)) < 1e-13)
        #expect(difference(a.matmul(b).doubles, expected(stacked: true)) < 1e-13)
    }

    @Test(arguments: [1, 2, 17, 33])
    func softmaxAddsUpToOne(_ columns: Int) {
        let x = noise([3, columns], 1, scale: 5, precision: .single)
        let y = x.softmax()
        #expect(difference(y.sum(along: [1]), .ones([3])) < 1e-6)
        #expect(difference(x.logSoftmax().exp(), y) < 1e-6)
        #expect(difference((x + 1000).softmax(), y) < 1e-4)
        #expect(Tensor.zeros([0, 3]).softmax().shape == [0, 3])
    }

    /// One-hot encodings are filled in when read, also by parts, and gathered when multiplied.
    @Test func oneHotEncodings() {
        let ids = IntegerTensor([2, 0, 1, 2], shape: [2, 2])
        let x = ids.oneHot(depth: 3)
        let dense = Tensor([0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [2, 2, 3])
        #expect(x.shape == [2, 2, 3])
        let w = noise([3, 5], 1, precision: .single)
        #expect(x.matmul(w).values == dense.matmul(w).values)
        #expect(x[1].matmul(w).values == dense[1].matmul(w).values)
        #expect(x[1][0].matmul(w).values == dense[1][0].matmul(w).values)
        #expect(x.slice(1..<2).matmul(w).values == dense.slice(1..<2).matmul(w).values)
        #expect(x.slice(axis: 1, 1..<2).values == dense.slice(axis: 1, 1..<2).values)
        #expect(x[1].values == dense[1].values)
        #expect(x.values == dense.values)
        #expect(x.transposed().values == dense.transposed().values)
        #expect((x * 2).matmul(w).values == (dense * 2).matmul(w).values)
        #expect(x.reshaped([4, 3]).matmul(w).values == dense.reshaped([4, 3]).matmul(w).values)
        #expect(x.converted(to: .double).doubles == dense.doubles)
    }

    @Test func oneHotOfNothingIsZero() {
        let x = IntegerTensor([1, -1, 0], shape: [3, 1]).oneHot(depth: 2)
        #expect(x.shape == [3, 1, 2] && x.values == [0, 1, 0, 0, 1, 0])
        #expect(x.slice(1..<3).matmul(Tensor([[3, 4], [5, 6]])).values == [0, 0, 3, 4])
    }

    @Test func numbersOfEitherPrecisionAndText() {
        #expect(Tensor(2.5).shape == [] && Tensor(2.5).scalar == 2.5)
        #expect(Tensor([1, 2]).shape == [2])
        #expect(Tensor([[1, 2], [3, 4]]).doubles == [1, 2, 3, 4])
        #expect(Tensor([0.1] as [Double], shape: [1]).values == [0.1 as Float])
        #expect(Tensor.full(0.1, shape: [2], precision: .double).doubles == [0.1, 0.1])
        #expect(Tensor([[1, 2], [3, 4]]).description == "[[1.0, 2.0],\n [3.0, 4.0]]")
        #expect("\(Tensor(3))" == "3.0" && "\(Tensor.zeros([0]))" == "[]")
        #expect(Tensor([1, 3, 3, 2, 2, 1], shape: [2, 3]).argmax() == IntegerTensor([1, 0], shape: [2]))
        #expect(Tensor([1, 2]).withUnsafeValues { Array($0) } == [1, 2])
    }

    /// Many threads that compute at once do not disturb each other's memory.
    @Test func threadsComputeIndependently() async {
        let expected = Self.chain(0)
        await withTaskGroup(of: [[UInt64]].self) { group in
            for _ in 0..<8 { group.addTask { (0..<20).map { _ in Self.chain(0) } } }
            for await results in group { #expect(results.allSatisfy { $0 == expected }) }
        }
    }

    private static func chain(_ seed: UInt64) -> [UInt64] {
        let cell = TestCell(kind: .lstm, peepholes: true, projected: true)
        let tensors = cell.tensors(TestCell.Size(hidden: 6), seed: seed, precision: .single).mapValues { $0.tracked() }
        let (outputs, state) = cell.unroll(tensors, lengths: [4, 1, 2])
        let again = cell.unroll(tensors, direction: .reversed).outputs
        let loss = weighted(outputs * again) + weighted(state[1])
        let names = tensors.keys.sorted()
        return gradients(of: loss, withRespectTo: names.map { tensors[$0]! }).flatMap(bits)
    }

    @Test func largeTensorsAreShownInPart() {
        let small = Tensor((0..<8).map(Float.init), shape: [1, 8])
        #expect(small.description == "[[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]]")
        let large = Tensor((0..<4000).map(Float.init), shape: [2, 2000])
        #expect(
            large.description
                == "[[0.0, 1.0, 2.0, ..., 1997.0, 1998.0, 1999.0],\n [2000.0, 2001.0, 2002.0, ..., 3997.0, 3998.0, 3999.0]]"
        )
        let tall = Tensor((0..<1400).map(Float.init), shape: [700, 2])
        #expect(tall.description.split(separator: "\n").count == 7)
        #expect(tall.description.hasSuffix(" ...,\n [1394.0, 1395.0],\n [1396.0, 1397.0],\n [1398.0, 1399.0]]"))
    }
}
