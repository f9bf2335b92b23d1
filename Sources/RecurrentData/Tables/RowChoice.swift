import Recurrent

/// Which rows of a table are read, by rules that they keep.
struct RowChoice {
    private let rules: [(place: Int, name: String, value: [UInt8])]
    private let file: String
    private var passedCount = 0
    /// The first cells that differ from what a rule asks for.
    private var others: [String] = []

    // Cells that an error names.
    private static let namedCells = 10

    /// Finds the rules' columns.
    ///
    /// - Throws: `RecurrentError` where one is not there.
    init(_ conditions: [TableFormat.Condition], of names: ColumnNames) throws {
        rules = try conditions.map { (try names.index(of: $0.column), $0.column, Array($0.value.utf8)) }
        file = names.file
    }

    /// Whether a row, of which `cell` is the cell of a column, keeps all rules.
    mutating func takes(_ cell: (Int) -> ArraySlice<UInt8>) -> Bool {
        for rule in rules where !cell(rule.place).elementsEqual(rule.value) {
            passedCount += 1
            let other = String(decoding: cell(rule.place).prefix(40), as: UTF8.self)
            if others.count < Self.namedCells, !others.contains(other) { others.append(other) }
            return false
        }
        return true
    }

    /// Checks that there are rows.
    ///
    /// - Throws: `RecurrentError` with what the rows have where none is taken.
    func check(taken: Int) throws {
        guard taken == 0, passedCount > 0 else { return }
        throw RecurrentError(
            "\(file): no row has \(title); there are \(others.map { "\"\($0)\"" }.joined(separator: ", "))"
                + (others.count == Self.namedCells ? " and others" : ""))
    }

    /// How many rows were taken, where there are rules.
    func findings(taken: Int) -> [String] {
        rules.isEmpty ? [] : ["\(taken) of \(taken + passedCount) rows have \(title)"]
    }

    private var title: String {
        rules.map { "\($0.name) \(String(decoding: $0.value, as: UTF8.self))" }.joined(separator: " and ")
    }
}
