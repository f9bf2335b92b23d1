/// How a table is written: what is not given is found out.
public struct TableFormat: Codable, Sendable, Equatable {
    /// Whether the first row names the columns.
    public enum Header: String, CaseIterable, Codable, Sendable {
        /// It does where none of its cells is a number, and one is text above a number or a date in a row below; where its
        /// first is text above dates; and where its numbers are years in a row, or count from 0 or 1 beside an empty cell.
        case detected
        /// It does.
        case present
        /// It holds values as any other.
        case absent
    }

    /// A rule that a row must keep to be read.
    public struct Condition: Codable, Sendable, Equatable {
        /// The column, by a name of the header or a number from 1.
        public var column: String
        /// What its cell must be, as it is written.
        public var value: String

        /// Makes a rule.
        public init(column: String, value: String) { (self.column, self.value) = (column, value) }
    }

    /// How bytes stand for characters. Found out: UTF-8, or UTF-16 with a mark or with zeros.
    public var encoding: TextEncoding?
    /// What stands between cells. Found out: the first of tab, semicolon and comma that the first lines have equally often,
    /// or else that most of them have; or blanks, where they have as many words and none of these.
    public var delimiter: Delimiter?
    /// Whether the first row names the columns.
    public var header = Header.detected
    /// Lines at the beginning that are passed over.
    public var skippedLines = 0
    /// What stands before a number's decimals. Found out: what the numbers of the first rows tell; or else a comma where
    /// semicolons stand between cells and points in dates, and a point elsewhere.
    public var decimalMark: DecimalMark?
    /// Numbers that stand for missing ones, as -999 does in some files.
    public var missingNumbers: [Double] = []
    /// Words that stand for a missing number or date, beside those that most files have.
    public var missingWords: [String] = []
    /// How dates are written: `day-first`, `month-first`, `year-first`, or a pattern such as `yy-MM-dd HH:mm` of year, month,
    /// day, hour, minute and second; letters between apostrophes stand for themselves. Found out where it is not said.
    public var dateFormat: String?
    /// Rules that all rows must keep that are read; the others are passed over.
    public var conditions: [Condition] = []

    /// A table of which everything is found out.
    public init() {}
}
