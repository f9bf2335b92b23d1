/// A column of a table.
public struct DataColumn: Equatable, Sendable {
    /// What the cells of a column are.
    public enum Kind: Sendable {
        /// Numbers, some of which may be missing.
        case numbers
        /// Dates, kept as they are written.
        case dates
        /// Text.
        case text
    }

    /// The name in the header, where there is one.
    public let name: String?
    /// What the cells are: what the first one is that is not missing. Numbers where all are missing.
    public private(set) var kind = Kind.numbers
    /// The numbers, NaN where one is missing or is none.
    package private(set) var numbers: [Double] = []
    /// The cells of a column of dates or text as they are written, empty where one is missing.
    package private(set) var cells: [String] = []
    /// The dates as seconds since 1970, NaN where a cell is missing or is none.
    package private(set) var instants: [Double] = []
    /// The first cell that is not what the column is: its row, from 0, and its text.
    private(set) var firstFault: (row: Int, cell: [UInt8])?
    /// The number of cells that are missing.
    package private(set) var missingCount = 0
    /// What the cells are whose kind is settled, a line each.
    package private(set) var findings: [String] = []

    private let number: Int
    private let mark: DecimalMark
    private let missingNumbers: Set<Double>
    private let missingWords: Set<[UInt8]>
    private let delimiter: Delimiter
    private let dateFormat: DateFormat?
    private var isDecided = false
    private var marks = NumberMarks()
    /// Whether the dates are whole numbers, which stand in `numbers` too, for who asks for them.
    private(set) var isCounted = false
    /// Whether the dates are times of day alone.
    private(set) var isTimeAlone = false
    /// A date of which nothing tells in which order day, month and year come, where the column has one.
    private(set) var openDate: String?
    private var written: [WrittenDate?] = []

    /// Makes an empty column.
    /// - Parameters:
    ///   - number: Its number, from 1.
    ///   - name: Its name in the header.
    ///   - mark: What stands before a number's decimals.
    ///   - delimiter: What stands between columns.
    ///   - format: How the table is written, as far as it is said.
    ///   - dateFormat: How dates are written, where that is said.
    init(
        number: Int, name: String?, mark: DecimalMark, delimiter: Delimiter, format: TableFormat,
        dateFormat: DateFormat?
    ) {
        self.number = number
        self.name = name
        self.mark = mark
        self.delimiter = delimiter
        missingNumbers = Set(format.missingNumbers)
        missingWords = Set(format.missingWords.map { Array($0.utf8) })
        self.dateFormat = dateFormat
    }

    /// The number of the column with its name, as errors call it.
    package var place: String { "column \(number)" + (name.map { " (\($0))" } ?? "") }

    /// Whether it has text, and numbers too: it may be a column of numbers with something else above them.
    private(set) var isMixed = false

    /// Whether no cell holds anything.
    package var isEmpty: Bool { missingCount == numbers.count }

    /// Adds a cell; `text` decodes it where it is kept.
    mutating func append(_ cell: ArraySlice<UInt8>, text: () throws -> String) rethrows {
        // Most cells of a column of dates are dates.
        if kind == .dates, missingWords.isEmpty, let date = date(cell) {
            numbers.append(.nan)
            cells.append(try text())
            written.append(date)
            return
        }
        let isMissing = !missingWords.isEmpty && missingWords.contains(Array(cell))
        let value = isMissing ? .missing : date(cell) != nil ? .date : CellValue(cell, mark)
        if !isDecided, value != .missing {
            isDecided = true
            kind = value == .date ? .dates : value == .text ? .text : .numbers
            if kind != .numbers { cells = Array(repeating: "", count: numbers.count) }
            if kind == .dates { written = Array(repeating: nil, count: numbers.count) }
        }
        if value == .missing { missingCount += 1 }
        let row = numbers.count
        numbers.append(.nan)
        switch (kind, value) {
        case (.dates, _):
            cells.append(value == .missing ? "" : try text())
            written.append(value == .missing ? nil : date(cell))
            if value != .missing, written[row] == nil { note(cell, row) }
        case (.numbers, .number(let number)):
            marks.count(cell, mark)
            if missingNumbers.contains(number) { missingCount += 1 } else { numbers[row] = number }
        default:
            if value != .missing { note(cell, row) }
            if kind == .text {
                cells.append(value == .missing ? "" : try text())
                if value.isNumber { isMixed = true }
            }
        }
    }

    /// Adds a number of a sign, digits and a mark, where that is what most numbers of the column are and needs no closer
    /// look.
    ///
    /// - Returns: Whether it did.
    mutating func append(_ number: WrittenNumber.Plain) -> Bool {
        guard kind == .numbers, isDecided, number.decimalCount != 3, missingWords.isEmpty else { return false }
        marks.count(hasDecimals: number.decimalCount != nil)
        if !missingNumbers.isEmpty, missingNumbers.contains(number.value) {
            missingCount += 1
            numbers.append(.nan)
        } else {
            numbers.append(number.value)
        }
        return true
    }

    /// The date of a cell of a column that is one of dates, or of which nothing is known.
    private func date(_ cell: ArraySlice<UInt8>) -> WrittenDate? {
        guard kind == .dates || !isDecided else { return nil }
        if case .pattern(let pattern) = dateFormat { return pattern.date(cell) }
        return kind == .dates ? WrittenDate(cell) : nil
    }

    private mutating func note(_ cell: ArraySlice<UInt8>, _ row: Int) {
        if firstFault == nil { firstFault = (row, Array(cell.prefix(100))) }
    }

    /// Settles what only the whole column tells: dates that look like numbers, and whether days or months come first.
    mutating func finish() {
        if kind == .numbers {
            readCountsAsDates()
            if kind == .numbers {
                findings += marks.findings(numbers.count - missingCount, mark, delimiter: delimiter)
                    .map { "\(place): \($0)" }
                if let name, CountedDate.isExpected(inColumnNamed: name),
                    let number = numbers.first(where: { !$0.isNaN })
                {
                    findings.append(
                        "\(place) holds numbers that are read as no dates, as \(number); where they are dates, say how they "
                            + "are written with `dateFormat`")
                }
            }
        }
        guard kind == .dates, instants.isEmpty else { return }
        if case .pattern = dateFormat, written.contains(where: { $0 != nil }) {
            findings.append("\(place): dates, as they are said to be written")
        }
        var said: WrittenDate.DayOrder?
        if case .order(let order) = dateFormat { said = order }
        let dates = WrittenDates(written, cells: cells, order: said)
        (instants, isTimeAlone) = (dates.instants, dates.isTimeAlone)
        findings += dates.finding.map { ["\(place): \($0)"] } ?? []
        openDate = dates.openRow.map { cells[$0] }
        if let row = dates.otherRow, firstFault.map({ row < $0.row }) ?? true {
            firstFault = (row, Array(cells[row].utf8.prefix(100)))
        }
        written = []
    }

    /// Whether it has dates as they are said to be written.
    var fitsDateFormat: Bool {
        kind == .dates && instants.contains { !$0.isNaN }
    }

    /// Whether it is said how dates are written.
    var hasDateFormat: Bool { dateFormat != nil }

    /// Whole numbers as `20171231`, or the seconds or milliseconds since 1970, in a column that is named for it.
    private mutating func readCountsAsDates() {
        guard let name = name?.lowercased(), missingCount == 0, firstFault == nil,
            let form = CountedDate.allCases.first(where: { form in
                form.fits(columnNamed: name) && numbers.allSatisfy { form.seconds($0) != nil }
            }),
            // A year that stands beside its months is no date of a row.
            form.tellsTheTime || zip(numbers, numbers.dropFirst()).allSatisfy({ $0 != $1 })
        else { return }
        findings.append("\(place): \(form.title)")
        kind = .dates
        cells = numbers.map { String(Int($0)) }
        instants = numbers.compactMap(form.seconds)
        isCounted = true
    }

    /// The beginning of the first text.
    var firstText: String { cells.first { !$0.isEmpty }.map { "\"\($0.prefix(30))\"" } ?? "" }

    /// Whether the cell of a row is missing.
    func isMissing(_ row: Int) -> Bool { kind == .numbers ? numbers[row].isNaN : cells[row].isEmpty }

    /// Of times of day alone: the seconds since midnight, 0 where one is missing.
    func secondsOfDay(_ row: Int) -> Double {
        instants[row].isNaN ? 0 : instants[row].truncatingRemainder(dividingBy: 86_400)
    }

    /// Whether two columns have the same name, kind and cells; missing numbers are equal.
    public static func == (first: DataColumn, second: DataColumn) -> Bool {
        first.name == second.name && first.kind == second.kind && first.cells == second.cells
            && first.numbers.elementsEqual(second.numbers) { $0 == $1 || ($0.isNaN && $1.isNaN) }
    }
}
