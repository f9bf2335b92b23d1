import CKernels
import Foundation
import Testing

@testable import Recurrent

/// Element-wise and row-wise kernels at every level.
@Suite struct ElementKernelTests {
    static let counts = [0, 1, 3, 15, 16, 17, 33]

    static func unary(_ level: KernelLevel, _ operation: ck_unary, _ values: [Double]) -> [Double] {
        let a = level.reals(values)
        let out = level.reals(count: values.count)
        level.table.unary(operation, a.constant, out.pointer, Int64(values.count))
        #expect(a.isIntact && out.isIntact)
        return out.values
    }

    /// Values of single precision from -100 to 100, dense near zero.
    static let range: [Double] = {
        let even = (-4000...4000).map { Double(Float($0) / 40) }
        let small = (-300...300).map { Double(Float($0) / 3000) }
        return even + small + [1e-6, -1e-6, 1e-20, -1e-20, 1e30, -1e30]
    }()

    @Test(arguments: KernelLevel.all)
    func tanhIsAccurateAndBounded(_ level: KernelLevel) {
        let found = Self.unary(level, CK_TANH, Self.range)
        for (x, y) in zip(Self.range, found) {
            #expect(abs(y - tanh(x)) < 6e-7 && abs(y) <= 1, "tanh(\(x)) = \(y)")
            if abs(x) < 0.1 { #expect(abs(y - tanh(x)) <= 6e-7 * abs(x), "tanh(\(x)) = \(y)") }
        }
    }

    @Test(arguments: KernelLevel.all)
    func sigmoidIsAccurateAndBounded(_ level: KernelLevel) {
        for (x, y) in zip(Self.range, Self.unary(level, CK_SIGMOID, Self.range)) {
            #expect(abs(y - 1 / (1 + exp(-x))) < 4e-7 && y >= 0 && y <= 1, "sigmoid(\(x)) = \(y)")
        }
    }

    @Test(arguments: KernelLevel.all)
    func expIsAccurate(_ level: KernelLevel) {
        let range = Self.range.filter { $0 > -87.3 && $0 < 88.7 }
        for (x, y) in zip(range, Self.unary(level, CK_EXP, range)) {
            #expect(abs(y / exp(x) - 1) < 3e-7, "exp(\(x)) = \(y)")
        }
        let edges = Self.unary(level, CK_EXP, [0, -87.4, -1000, 89, 1e30, -1e30])
        #expect(edges == [1, 0, 0, .infinity, .infinity, 0])
    }

    @Test(arguments: KernelLevel.all)
    func logAndSoftplusAreAccurate(_ level: KernelLevel) {
        let positive = Self.range.filter { $0 > 0 }
        for (x, y) in zip(positive, Self.unary(level, CK_LOG, positive)) {
            #expect(abs(y - log(x)) < 2e-7 * max(1, abs(log(x))), "log(\(x)) = \(y)")
        }
        for (x, y) in zip(Self.range, Self.unary(level, CK_SOFTPLUS, Self.range)) {
            let exact = max(x, 0) + log1p(exp(-abs(x)))
            #expect(abs(y - exact) < 3e-7 * max(1, exact), "softplus(\(x)) = \(y)")
        }
    }

    /// In every lane, also the last of a part of a vector.
    @Test(arguments: KernelLevel.all + [.double], counts.dropFirst())
    func infinitiesAndNotANumber(_ level: KernelLevel, count: Int) {
        let tolerance = level.name == "double" ? 1e-15 : 6e-7
        for place in [0, count / 2, count - 1] {
            func found(_ operation: ck_unary, _ special: Double) -> Double {
                var values = numbers(count, 1)
                values[place] = special
                let results = Self.unary(level, operation, values)
                for index in 0..<count where index != place {
                    #expect(results[index].isFinite || operation == CK_LOG || operation == CK_SQRT)
                }
                return results[place]
            }
            for operation in [
                CK_NEGATE, CK_EXP, CK_LOG, CK_SQRT, CK_SQUARE, CK_TANH, CK_SIGMOID, CK_RELU, CK_SOFTPLUS, CK_ABSOLUTE,
            ] {
                #expect(found(operation, .nan).isNaN, "operation \(operation.rawValue)")
            }
            #expect(abs(found(CK_TANH, .infinity) - 1) < tolerance && abs(found(CK_TANH, -.infinity) + 1) < tolerance)
            #expect(abs(found(CK_SIGMOID, .infinity) - 1) < tolerance && abs(found(CK_SIGMOID, -.infinity)) < tolerance)
            #expect(found(CK_EXP, .infinity) == .infinity && found(CK_EXP, -.infinity) == 0)
            #expect(found(CK_RELU, .infinity) == .infinity && found(CK_RELU, -.infinity) == 0)
            #expect(found(CK_SOFTPLUS, .infinity) == .infinity && found(CK_SOFTPLUS, -.infinity) == 0)
            #expect(found(CK_LOG, 0) == -.infinity)
        }
    }

    /// Rows of a softmax, its logarithm, cross-entropy and its gradient against plain loops.
    @Test(arguments: KernelLevel.all + [.double], [1, 2, 15, 16, 17, 33, 65])
    func softmaxAndCrossEntropyRows(_ level: KernelLevel, columns: Int) {
        let rows = 7
        let table = level.table
        let tolerance = level.name == "double" ? 1e-12 : 2e-6
        let given = numbers(rows * columns, 3).map { $0 * 4 }
        let a = level.reals(given)
        let (soft, logarithm) = (level.reals(count: rows * columns), level.reals(count: rows * columns))
        let (losses, normalizers) = (level.reals(count: rows), level.reals(count: rows))
        let gradient = level.reals(count: rows * columns)
        let scaleValues = numbers(rows, 4)
        let scales = level.reals(scaleValues)
        let labels = (0..<rows).map { Int32($0 * 5 % columns) }
        table.softmax(a.constant, soft.pointer, Int64(rows), Int64(columns))
        table.log_softmax(a.constant, logarithm.pointer, Int64(rows), Int64(columns))
        table.cross_entropy(
            a.constant, labels, Int64(rows), Int64(columns), losses.pointer, normalizers.pointer)
        table.cross_entropy_gradient(
            a.constant, labels, normalizers.constant, scales.constant, Int64(rows), Int64(columns), gradient.pointer)
        #expect([a, soft, logarithm, losses, normalizers, gradient, scales].allSatisfy { $0.isIntact })
        let values = (soft.values, logarithm.values, losses.values, gradient.values)
        for row in 0..<rows {
            let logits = (0..<columns).map { a.values[row * columns + $0] }
            let normalizer = log(logits.reduce(0) { $0 + exp($1) })
            let label = Int(labels[row])
            #expect(abs(values.2[row] - (normalizer - logits[label])) < tolerance * 4)
            for column in 0..<columns {
                let place = row * columns + column
                let share = exp(logits[column] - normalizer)
                #expect(abs(values.0[place] - share) < tolerance)
                #expect(abs(values.1[place] - (logits[column] - normalizer)) < tolerance * 4)
                let expected = (share - (column == label ? 1 : 0)) * scaleValues[row]
                #expect(abs(values.3[place] - expected) < tolerance * 2)
            }
        }
    }

    /// NaN among the logits, at any place, makes the row's results NaN and no other row's.
    @Test(arguments: KernelLevel.all + [.double], [3, 16, 19, 40])
    func notANumberStaysInItsRow(_ level: KernelLevel, columns: Int) {
        for place in [0, columns / 2, columns - 1] {
            var given = numbers(2 * columns, 1)
            given[place] = .nan
            let (a, out) = (level.reals(given), level.reals(count: 2 * columns))
            let (losses, normalizers) = (level.reals(count: 2), level.reals(count: 2))
            level.table.softmax(a.constant, out.pointer, 2, Int64(columns))
            level.table.cross_entropy(a.constant, [1, 1], 2, Int64(columns), losses.pointer, normalizers.pointer)
            #expect(out.values.prefix(columns).allSatisfy { $0.isNaN })
            #expect(out.values.suffix(columns).allSatisfy { $0.isFinite })
            #expect(losses.values[0].isNaN && losses.values[1].isFinite)
        }
    }

    /// Logits of minus infinity have a probability of zero.
    @Test(arguments: KernelLevel.all + [.double], [3, 19])
    func minusInfinityIsNeverDrawn(_ level: KernelLevel, columns: Int) {
        var given = numbers(columns, 1)
        given[1] = -.infinity
        let (a, out) = (level.reals(given), level.reals(count: columns))
        level.table.softmax(a.constant, out.pointer, 1, Int64(columns))
        #expect(out.values[1] == 0)
        #expect(abs(out.values.reduce(0, +) - 1) < 1e-6)
    }

    @inline(never) static func halved(_ values: [Float]) -> [Float] { values.map { $0 * 0.5 } }

    /// Subnormal results of kernels are zero; the caller's own arithmetic keeps them.
    @Test(arguments: KernelLevel.all)
    func subnormalsAreFlushedInKernelsOnly(_ level: KernelLevel) {
        let table = level.table
        func keepsSubnormals() -> Bool { Self.halved([.leastNormalMagnitude])[0] > 0 }
        #expect(keepsSubnormals())
        let small = level.reals([1e-30])
        let packed = level.reals(count: Int(table.packed_count(1, 1)))
        let tiny = level.reals([1e-10])
        table.pack_matrix(tiny.constant, 1, 1, 1, 1, packed.pointer)
        #expect(keepsSubnormals())
        let c = level.reals(count: 1)
        var product = ck_product(
            rows: 1, columns: 1, depth: 1, a: small.constant, a_stride: 1, transposed_a: 0, b: packed.constant,
            bias: nil,
            c: c.pointer, c_stride: 1, accumulate: 0)
        table.product(&product)
        #expect(c.values == [0])
        #expect(keepsSubnormals())

        let (p, m, v) = (level.reals([1]), level.reals([1e-38]), level.reals([1e-38]))
        let g = level.reals([0])
        let update = ck_update(parameters: p.pointer, gradients: g.constant, count: 1, scale: 1)
        table.adam(update, m.pointer, v.pointer, 0.9, 0.999, 0.1, 0, 0.001, 1e-8, 0)
        #expect(m.values == [0] && v.values == [0])
        let (squares, mean, velocity) = (level.reals([1e-38]), level.reals([1e-38]), level.reals([1e-38]))
        table.rmsprop(update, squares.pointer, mean.pointer, velocity.pointer, 0.1, 0.9, 0.1, 0.9, 0, 1)
        #expect(squares.values == [0] && mean.values == [0] && velocity.values == [0])
        let moved = level.reals([1e-38])
        table.adadelta(update, squares.pointer, moved.pointer, 1, 0.9, 1e-6)
        #expect(moved.values == [0])
        #expect(keepsSubnormals())

        // Enough elements for every thread to take part.
        let many = level.reals(Array(repeating: 1e-38, count: 100_000))
        let out = level.reals(count: 100_000)
        var (one, count): (Int64, Int64) = (1, 100_000)
        table.binary(CK_MULTIPLY, many.constant, &one, tiny.constant, [0], out.pointer, &count, 1)
        #expect(out.values.allSatisfy { $0 == 0 })
        #expect(keepsSubnormals())
    }
}
