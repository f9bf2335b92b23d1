import Recurrent

extension DataTable {
    /// A column's numbers, one for each row, NaN where one is missing.
    ///
    /// - Parameter column: A name of the header, or else a number from 1.
    /// - Throws: `RecurrentError` where the column is not there or holds dates, and with the line where a cell is no number.
    public func floats(of column: String) throws -> [Float] {
        let column = columns[try index(of: column)]
        try checkNumbers(column)
        return column.numbers.map { Float($0) }
    }

    /// The cells of a column of text or dates as they are written, one for each row, nil where one is missing.
    ///
    /// - Parameter column: A name of the header, or else a number from 1.
    /// - Throws: `RecurrentError` where the column is not there or holds numbers.
    public func texts(of column: String) throws -> [String?] {
        let column = columns[try index(of: column)]
        guard column.kind != .numbers else {
            throw RecurrentError("\(name): \(column.place) holds numbers; expected a column of text or dates")
        }
        return column.cells.map { $0.isEmpty ? nil : $0 }
    }

    /// The cells of a column as classes: for each row the place of its class among the names, which are in alphabetical
    /// order, or whole numbers from the least to the largest.
    ///
    /// - Parameter column: A name of the header, or else a number from 1.
    /// - Throws: `RecurrentError` where the column is not there, has a fraction, or a cell is missing.
    public func labels(of column: String) throws -> (labels: [Int], names: [String]) {
        let column = columns[try index(of: column)]
        if column.kind == .numbers { try checkNumbers(column) }
        if let row = column.numbers.indices.first(where: { column.isMissing($0) }) {
            throw RecurrentError("\(name), line \(lines[row]), \(column.place): the label is missing")
        }
        guard column.kind == .numbers else {
            let names = Set(column.cells).sorted()
            let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
            return (column.cells.compactMap { places[$0] }, names)
        }
        if let row = column.numbers.firstIndex(where: { $0 != $0.rounded() || abs($0) > 1e15 }) {
            throw RecurrentError(
                "\(name), line \(lines[row]), \(column.place): the label is \(column.numbers[row]); expected whole numbers"
            )
        }
        let numbers = Set(column.numbers).sorted()
        let places = Dictionary(uniqueKeysWithValues: numbers.enumerated().map { ($1, $0) })
        return (column.numbers.compactMap { places[$0] }, numbers.map { String(Int($0)) })
    }
}
