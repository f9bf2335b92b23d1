import Foundation

/// A table of numbers, read from a file of comma-separated values.
///
/// Lines end in LF or CRLF. Empty lines are passed over, and so are lines beginning with `#`, such as a header.
public struct NumberTable: Sendable, Equatable {
    /// The largest file that is read, in bytes.
    public static let largestSize = 1 << 30

    /// The numbers of a row.
    public let columnCount: Int
    /// All numbers, row by row.
    public let values: [Double]

    /// The number of rows.
    public var rowCount: Int { values.count / columnCount }

    /// Reads a file.
    ///
    /// - Throws: `RecurrentError` naming the file, line and column of what is not a number, or the line whose numbers
    ///   are more or fewer than the first's.
    public init(path: String) throws {
        let bytes = [UInt8](try FileContents.read(path, limit: Self.largestSize))
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        try self.init(bytes: bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...], name: path)
    }

    /// Reads text. `name` stands for the file in errors.
    public init(text: String, name: String) throws { try self.init(bytes: Array(text.utf8)[...], name: name) }

    private init(bytes: ArraySlice<UInt8>, name: String) throws {
        var columnCount: Int?
        var values: [Double] = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let line = Self.trimmed(line)
            if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
            let before = values.count
            for (column, field) in line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
                .enumerated()
            {
                guard let number = Self.number(Self.trimmed(field)) else {
                    let found = String(decoding: field.prefix(40), as: UTF8.self)
                    throw RecurrentError(
                        "\(name), line \(index + 1), column \(column + 1): \"\(found)\" is not a number; expected "
                            + "numbers with commas between them, and # at the beginning of other lines")
                }
                values.append(number)
            }
            let count = values.count - before
            if let columnCount, columnCount != count {
                throw RecurrentError(
                    "\(name), line \(index + 1): \(count) numbers, where the lines before have \(columnCount)")
            }
            columnCount = count
        }
        guard let columnCount else {
            throw RecurrentError(
                "\(name): the file holds no numbers; expected lines of numbers with commas between them")
        }
        self.columnCount = columnCount
        self.values = values
    }

    /// A row, from 0.
    public subscript(row: Int) -> ArraySlice<Double> {
        require(row >= 0 && row < rowCount, "row \(row) of a table of \(rowCount) rows")
        return values[row * columnCount..<(row + 1) * columnCount]
    }

    /// A column, from 0.
    public func column(_ column: Int) -> [Double] {
        require(column >= 0 && column < columnCount, "column \(column) of a table of \(columnCount) columns")
        return stride(from: column, to: values.count, by: columnCount).map { values[$0] }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var bytes = bytes.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return bytes
    }

    /// A finite number in decimal digits, as `-1.5e3`.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Double? {
        let isDecimal = bytes.allSatisfy { byte in (48...57).contains(byte) || "+-.eE".utf8.contains(byte) }
        guard isDecimal, let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else {
            return nil
        }
        return number
    }
}
