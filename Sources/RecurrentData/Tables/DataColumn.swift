/// A column of a table.
public struct DataColumn: Equatable, Sendable {
    /// What the cells of a column are.
    public enum Kind: Sendable {
        /// Numbers, some of which may be missing.
        case numbers
        /// Dates, kept as they are written.
        case dates
        /// Text, which is not kept.
        case text
    }

    /// The name in the header, where there is one.
    public let name: String?
    /// What the cells are: what the first one is that is not missing. Numbers where all are missing.
    public private(set) var kind = Kind.numbers
    /// The numbers, NaN where one is missing or is none.
    private(set) var numbers: [Double] = []
    /// The cells of a column of dates.
    private(set) var dates: [String] = []
    /// The first cell that is not a number: its row, from 0, and its text.
    private(set) var firstFault: (row: Int, cell: [UInt8])?

    private let number: Int
    private var isDecided = false

    /// Makes an empty column; `number` counts from 1.
    init(number: Int, name: String?) {
        self.number = number
        self.name = name
    }

    /// The number of the column with its name, as errors call it.
    var place: String { "column \(number)" + (name.map { " (\($0))" } ?? "") }

    /// Adds a cell; `text` decodes it where it is kept.
    mutating func append(_ cell: ArraySlice<UInt8>, text: () throws -> String) rethrows {
        let value = CellValue(cell)
        if !isDecided, value != .missing {
            isDecided = true
            if value == .date {
                kind = .dates
                dates = Array(repeating: "", count: numbers.count)
            } else if value == .text {
                kind = .text
            }
        }
        if kind == .dates { dates.append(try text()) }
        if case .number(let number) = value {
            numbers.append(number)
            return
        }
        if value != .missing, firstFault == nil { firstFault = (numbers.count, Array(cell.prefix(100))) }
        numbers.append(.nan)
    }

    /// Whether two columns have the same name, kind and cells; missing numbers are equal.
    public static func == (first: DataColumn, second: DataColumn) -> Bool {
        first.name == second.name && first.kind == second.kind && first.dates == second.dates
            && first.numbers.elementsEqual(second.numbers) { $0 == $1 || ($0.isNaN && $1.isNaN) }
    }
}
