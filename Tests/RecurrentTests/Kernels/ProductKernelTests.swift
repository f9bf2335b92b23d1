import CKernels
import Testing

@testable import Recurrent

/// Matrix products at every level, in all forms, over sizes that cross the edges of tiles and panels.
@Suite struct ProductKernelTests {
    static let extents = [1, 2, 7, 14, 15, 31, 33, 65, 150]
    static let depths = [0, 1, 255, 256, 257, 600]

    static func forms(_ rows: Int, _ columns: Int, _ depth: Int) -> [ProductCase] {
        [
            ProductCase(rows: rows, columns: columns, depth: depth),
            ProductCase(rows: rows, columns: columns, depth: depth, bias: true),
            ProductCase(rows: rows, columns: columns, depth: depth, accumulate: true),
            ProductCase(rows: rows, columns: columns, depth: depth, transposedRight: true),
            ProductCase(rows: rows, columns: columns, depth: depth, transposedLeft: true),
            ProductCase(rows: rows, columns: columns, depth: depth, transposedLeft: true, accumulate: true),
        ]
    }

    /// The double kernels against plain loops: they are what the others are held against.
    @Test func doubleKernelsMultiply() throws {
        for (rows, columns, depth) in [(1, 1, 1), (7, 3, 5), (13, 9, 257), (2, 5, 0)] {
            for form in Self.forms(rows, columns, depth) {
                let found = try #require(form.run(.double)).values
                let aStride = (form.transposedLeft ? rows : depth) + 5
                let a = numbers((form.transposedLeft ? depth : rows) * aStride, 1)
                let b = numbers(depth * columns, 2)
                let bias = numbers(columns, 3)
                let start = numbers(rows * (columns + 3), 4)
                for i in 0..<rows {
                    for j in 0..<columns + 3 {
                        let place = i * (columns + 3) + j
                        guard j < columns else {
                            #expect(found[place] == (form.accumulate ? start[place] : 7))
                            continue
                        }
                        var sum = (form.bias ? bias[j] : 0) + (form.accumulate ? start[place] : 0)
                        for k in 0..<depth {
                            sum +=
                                (form.transposedLeft ? a[k * aStride + i] : a[i * aStride + k])
                                * (form.transposedRight ? b[j * depth + k] : b[k * columns + j])
                        }
                        #expect(abs(found[place] - sum) < 1e-10, "\(form)")
                    }
                }
            }
        }
    }

    @Test(arguments: extents)
    func everyLevelMultipliesAsDouble(rows: Int) throws {
        for (place, columns) in Self.extents.enumerated() {
            // Every pair of extents meets every depth in one form; one pair meets all.
            for (turn, depth) in Self.depths.enumerated() {
                for (index, form) in Self.forms(rows, columns, depth).enumerated()
                where (place + turn + index) % 6 == 0 || (rows == 33 && columns == 33) {
                    let expected = try #require(form.run(.double)).values
                    let tolerance = 3e-7 * (Double(depth) + 8)
                    for level in KernelLevel.all {
                        let found = try #require(form.run(level), "memory beside was written: \(form)").values
                        var worst = 0.0
                        for index in found.indices { worst = max(worst, abs(found[index] - expected[index])) }
                        #expect(worst < tolerance && found.allSatisfy { $0.isFinite }, "\(level) \(form)")
                    }
                }
            }
        }
    }

    @Test(arguments: KernelLevel.all + [.double])
    func aProductOfNothingWritesNothing(_ level: KernelLevel) {
        for form in Self.forms(0, 5, 3) + Self.forms(3, 0, 5) { #expect(form.run(level) != nil) }
    }
}
