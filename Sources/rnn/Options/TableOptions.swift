import ArgumentParser
import RecurrentData

/// How a table is written, where that is not found out.
struct TableOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "The first row names the columns (default: found out).")
    var header: Bool?

    @Option(parsing: .unconditional, help: "Lines at the beginning to pass over (default: 0).")
    var skipRows: Int?

    @Flag(inversion: .prefixedNo, help: "A comma stands before decimals, or with --no- a point (default: found out).")
    var decimalComma: Bool?

    @Option(
        parsing: .unconditionalSingleValue,
        help: "A number that stands for a missing one, as -999; give it again for several.")
    var missingValue: [Double] = []

    /// Takes over what is given.
    func apply(to format: inout TableFormat) {
        if let header { format.header = header ? .present : .absent }
        if let skipRows { format.skippedLines = skipRows }
        if let decimalComma { format.decimalMark = decimalComma ? .comma : .point }
        if !missingValue.isEmpty { format.missingNumbers = missingValue }
    }
}
