import ArgumentParser
import RecurrentData

/// How a table is written, where that is not found out.
struct TableOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "The first row names the columns (default: found out).")
    var header: Bool?

    @Option(parsing: .unconditional, help: "Lines at the beginning to pass over (default: 0).")
    var skipRows: Int?

    @OptionGroup var encoding: EncodingOption

    @Option(
        help: "How dates are written: day-first, month-first, year-first, or as in dd.MM.yy HH:mm (default: found out)."
    )
    var dateFormat: String?

    @Option(
        name: .customLong("where"), parsing: .unconditionalSingleValue,
        help: "Rows to read, as store=A: a column and its cell; give it again for more rules, all of which count.")
    var conditions: [TableFormat.Condition] = []

    @Flag(inversion: .prefixedNo, help: "A comma stands before decimals, or with --no- a point (default: found out).")
    var decimalComma: Bool?

    @Option(
        parsing: .unconditionalSingleValue,
        help: "A number or word that stands for a missing one, as -999; give it again for several.")
    var missingValue: [String] = []

    /// What is given, as it would be typed.
    var words: String {
        var words: [String] = []
        if let header { words.append(header ? "--header" : "--no-header") }
        if let skipRows { words += ["--skip-rows", String(skipRows)] }
        if let encoding = encoding.encoding { words += ["--encoding", encoding.rawValue] }
        if let dateFormat { words += ["--date-format", dateFormat] }
        for condition in conditions { words += ["--where", "\(condition.column)=\(condition.value)"] }
        if let decimalComma { words.append(decimalComma ? "--decimal-comma" : "--no-decimal-comma") }
        for value in missingValue { words += ["--missing-value", value] }
        return words.map { " " + Console.shellWord($0) }.joined()
    }

    /// Takes over what is given.
    func apply(to format: inout TableFormat) {
        if let header { format.header = header ? .present : .absent }
        if let skipRows { format.skippedLines = skipRows }
        if let encoding = encoding.encoding { format.encoding = encoding }
        if let dateFormat { format.dateFormat = dateFormat }
        if !conditions.isEmpty { format.conditions = conditions }
        if let decimalComma { format.decimalMark = decimalComma ? .comma : .point }
        if !missingValue.isEmpty {
            format.missingNumbers = missingValue.compactMap(Double.init).filter(\.isFinite)
            format.missingWords = missingValue.filter { Double($0)?.isFinite != true }
        }
    }
}

extension TableFormat.Condition: ExpressibleByArgument {
    /// Reads `column=cell`.
    public init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        self.init(column: String(parts[0]), value: String(parts[1]))
    }
}
