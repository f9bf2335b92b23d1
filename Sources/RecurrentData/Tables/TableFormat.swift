/// How a table is written: what is not given is found out.
public struct TableFormat: Codable, Sendable, Equatable {
    /// Whether the first row names the columns.
    public enum Header: String, CaseIterable, Codable, Sendable {
        /// It does where none of its cells is a number, and one is text above a number or a date in a row below.
        case detected
        /// It does.
        case present
        /// It holds values as any other.
        case absent
    }

    /// What stands between cells. Found out: the first of tab, semicolon and comma that most of the first lines have.
    public var delimiter: Delimiter?
    /// Whether the first row names the columns.
    public var header = Header.detected
    /// Lines at the beginning that are passed over.
    public var skippedLines = 0
    /// What stands before a number's decimals. Found out: what the numbers of the first rows tell, or else a point.
    public var decimalMark: DecimalMark?
    /// Numbers that stand for missing ones, as -999 does in some files.
    public var missingNumbers: [Double] = []

    /// A table of which everything is found out.
    public init() {}
}
