import TestSupport
import Testing

@testable import Recurrent

/// Products whose operands are rounded to bfloat16, on machines that have them.
@Suite struct BFloat16KernelTests {
    /// Operands that are rounded already are multiplied as ever, so that all that is lost is lost in rounding them.
    @Test(arguments: KernelLevel.bfloat16, ProductKernelTests.extents)
    func roundedOperandsAreMultipliedExactly(_ level: KernelLevel, rows: Int) throws {
        for (place, columns) in ProductKernelTests.extents.enumerated() {
            for (turn, depth) in ProductKernelTests.depths.enumerated() {
                for (index, var form) in ProductKernelTests.forms(rows, columns, depth).enumerated()
                where (place + turn + index) % 6 == 0 || (rows == 33 && columns == 33) {
                    form.isRounded = true
                    let expected = try #require(form.run(.double)).values
                    let found = try #require(form.run(level), "memory beside was written: \(form)").values
                    #expect(difference(found, expected) < 3e-7 * (Double(depth) + 8), "\(form)")
                    form.isRounded = false
                    #expect(form.run(level)?.bytes == level.reals(found).bytes, "\(form) rounds otherwise")
                }
            }
        }
    }

    /// Layers come near those in single precision, and not too near: their operands are rounded.
    @Test(arguments: KernelLevel.bfloat16, TestCell.all)
    func layersComputeNearly(_ level: KernelLevel, _ cell: TestCell) throws {
        for (index, size) in RecurrentKernelTests.sizes.enumerated() where size.batch > 1 {
            let lengths = (0..<size.batch).map { Int32(($0 * 3 + index) % (size.time + 1)) }
            for variant in 0..<4 {
                let given = RecurrentCase(
                    cell: cell, size: size, lengths: variant % 2 == 0 ? nil : lengths, reversed: variant >= 2,
                    initialState: (variant + index) % 2 == 0, usesTokens: variant == 3, accumulate: variant == 1)
                let expected = try #require(given.run(.double)).mapValues(\.values)
                let found = try #require(given.run(level), "memory beside was written").mapValues(\.values)
                for (name, values) in expected {
                    let lost = relativeDifference(found[name]!, values)
                    // Rounding switches units that are near a kink, whose whole gradient then comes or goes.
                    let hasKinks = cell.kind == .relu || cell.gradientClip != nil || cell.cellClip != nil
                    #expect(lost < (hasKinks ? 0.5 : 0.03), "\(name) \(size) variant \(variant)")
                }
                #expect(relativeDifference(found["outputs"]!, expected["outputs"]!) > 1e-5)
            }
        }
    }

    private func relativeDifference(_ found: [Double], _ expected: [Double]) -> Double {
        var (square, all) = (0.0, 0.0)
        for (found, expected) in zip(found, expected) {
            square += (found - expected) * (found - expected)
            all += expected * expected
        }
        return all == 0 ? square : (square / all).squareRoot()
    }
}
