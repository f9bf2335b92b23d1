import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct DataTableTests {
    private func table(
        _ text: String, delimiter: Delimiter? = nil, header: TableFormat.Header = .detected
    ) throws -> DataTable {
        var format = TableFormat()
        (format.delimiter, format.header) = (delimiter, header)
        return try DataTable(text: text, name: "x.csv", format: format)
    }

    private func refusal(_ text: String, _ missing: MissingValues = .refuse, columns: [String]? = nil) -> String {
        message { _ = try table(text).series(columns: columns, missing: missing) }
    }

    @Test func readsRowsAndColumns() throws {
        let prices = try table("# source\r\n# Open,Close\r\n1, 2.5\r\n\r\n -3e2 ,+.5\r\n7,8").series(
            order: .newestFirst)
        #expect(prices.columns == [[7, -300, 1], [8, 0.5, 2.5]])
        #expect(prices.names == ["Open", "Close"] && prices.labels == nil)
    }

    @Test func readsAFileWithAMark() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/x"
            try Data("\u{FEFF}1,2\n3,4\n".utf8).write(to: URL(fileURLWithPath: path))
            #expect(try DataTable(path: path).series().columns == [[1, 3], [2, 4]])
            #expect(throws: RecurrentError("\(path)x: there is no such file")) { try DataTable(path: path + "x") }
        }
    }

    @Test func aMonthlySeriesWithHeaderDatesAndFooter() throws {
        let table = try table(
            """
            "month","passengers"
            "1949-01",112
            "1949-02",118

            International airline passengers: monthly totals in thousands. Jan 49 ? Dec 60
            """)
        #expect(table.columns.map(\.kind) == [.dates, .numbers] && table.rowCount == 2)
        #expect(table.footer?.hasPrefix("International airline") == true)
        let series = try table.series()
        #expect(series == TimeSeries(names: ["passengers"], columns: [[112, 118]], labels: ["1949-01", "1949-02"]))
        #expect(series[1..<2].labels == ["1949-02"])
    }

    @Test func aFooterStandsAtTheEndAfterAnEmptyLine() throws {
        #expect(try table("a,b\n1,2\n\nfrom x,\nupdated y\n").footer == "from x")
        #expect(refusal("1,2\nfrom x\n").contains("line 2: the number of cells is 1; the lines before have 2"))
        #expect(refusal("1,2\n\nfrom x\n3,4").contains("x.csv, line 3: a line of text between rows; expected 2 cells"))
        #expect(refusal("1\n\nfrom x\n").contains("line 3, column 1: \"from x\" is not a number"))
    }

    @Test func delimitersAreFoundOrGiven() throws {
        for mark in [",", ";", "\t"] {
            #expect(try table("a\(mark)b\n1\(mark)2\n").series().columns == [[1], [2]], "\(mark)")
        }
        // The mark within quotation marks does not count.
        #expect(try table("\"a;b\",c\n1,2").series().names == ["a;b", "c"])
        #expect(try table("a;b\n1;2", delimiter: .semicolon).columns.count == 2)
        #expect(try table("1\n2\n").series().columns == [[1, 2]])
        #expect(try table("1,5;2,5\n1,6;2,6").series().columns == [[1.5, 1.6], [2.5, 2.6]])
    }

    @Test func headersAreFoundOrGiven() throws {
        #expect(try table("a,b\n?,1\n").rowCount == 1)
        #expect(try table("month,b\n1949-01,?\n").rowCount == 1)
        #expect(try table("a,1\nb,2\n").rowCount == 2)
        #expect(try table("?,1\n2,3\n").rowCount == 2)
        // A row with a number in it is never passed over as a header.
        #expect(refusal("x,1\n2,3\n").hasSuffix("or say that this row is the `header`"))
        #expect(try table("1990,1991\n1,2\n", header: .present).series(columns: ["1991"]).columns == [[2]])
        #expect(refusal("a,b\n") == "x.csv: the file holds a header and no rows; expected rows of numbers below it")
        #expect(message { _ = try table("a\n1", header: .absent).series() }.contains("line 1, column 1: \"a\" is not"))
    }

    @Test func quotedCells() throws {
        let table = try table("\"say \"\"x\"\"\" , \"two\nlines\"\n\"1\", \"2\"\n3,\"\"\n")
        #expect(table.columns.map(\.name) == ["say \"x\"", "two\nlines"])
        #expect(
            message { _ = try table.series() }.hasPrefix("x.csv, line 4, column 2 (two\nlines): the number is missing"))
        #expect(refusal("1,2\n3,\"4\n5,6\n").contains("line 2, column 2: a quotation mark without another"))
        #expect(refusal("1,\"2\"3\n").contains("line 1, column 2: text after the quotation mark"))
        #expect(try DataTable(text: "a\"b\n1", name: "").columns[0].name == "a\"b")
    }

    @Test(arguments: ["", "nan", "NaN", "NA", "null", "NULL", "?", "\"\"", " "])
    func missingNumbers(cell: String) throws {
        let text = "a,b\n1,2\n\(cell),4\n5,6\n"
        #expect(
            refusal(text).hasPrefix(
                "x.csv, line 3, column 1 (a): the number is missing; expected one, or `missing` drop"))
        let table = try table(text)
        #expect(try table.series(columns: ["b"]).columns == [[2, 4, 6]])
        #expect(try table.series(missing: .drop).columns == [[1, 5], [2, 6]])
        #expect(try table.series(missing: .previous).columns[0] == [1, 1, 5])
        #expect(try table.series(missing: .previous, order: .newestFirst).columns[0] == [5, 5, 1])
    }

    @Test func nothingToTake() {
        #expect(refusal("a\n?\n1\n", .previous).contains("line 2, column 1 (a): the number is missing; there is none"))
        #expect(
            refusal("?,1\n1,2\n", .previous).contains("line 1, column 1: the number is missing; there is none before"))
        #expect(
            refusal("?,1\n1,?\n", .drop)
                == "x.csv: every row has a missing number or date; expected rows that have all of them"
        )
        #expect(refusal("1949-01\n1949-02\n").contains("no column holds numbers"))
    }

    @Test func columnsAreChosen() throws {
        let table = try table("a,b,a\n1,2,3\n")
        #expect(try table.series(columns: ["b", "3", "1"]).columns == [[2], [3], [1]])
        #expect(message { _ = try table.index(of: "a") }.contains("the columns 1 and 3 are both named \"a\""))
        let unknown = message { _ = try table.index(of: "4") }
        #expect(unknown == "x.csv: there is no column \"4\"; expected \"a\", \"b\", \"a\" or a number from 1 to 3")
        for column in ["0", "-1", "", "99999999999999999999"] {
            #expect(throws: RecurrentError.self) { try table.index(of: column) }
        }
        #expect(refusal("d,x\n2017-01,1\n", columns: ["d"]).contains("column 1 (d) holds dates"))
        // Text in a column that is not asked for does not matter.
        #expect(try DataTable(text: "name,x\nGOOG,1\n", name: "").series(columns: ["x"]).columns == [[1]])
    }

    @Test func everyFailureNamesItsPlace() {
        #expect(refusal("1,2\n3,a\n").hasPrefix("x.csv, line 2, column 2: \"a\" is not a number"))
        #expect(refusal("#\n1,2\n3\n").contains("line 3: the number of cells is 1; the lines before have 2"))
        for text in ["inf", "0x10", "1e999", "1 2", "１"] {
            #expect(refusal(text + ",1\n1,1").contains("line 1, column 1"), "\(text)")
        }
        for text in ["", "\n\n", "# only a comment\n"] {
            #expect(
                refusal(text) == "x.csv: the file holds no rows; expected cells with commas between them", "\(text)")
        }
        let wide = String(repeating: ",", count: DelimitedText.mostCells)
        #expect(refusal(wide).contains("line 1: more than 10000 cells"))
        let invalid = message { _ = try DataTable(bytes: [0x61, 0xFF, 0x0A, 0x31], name: "x.csv") }
        #expect(invalid.contains("line 1, column 1: the cell is not valid UTF-8"))
    }

    static let dates = [
        "1949-01", "1949-1", "2017-12-31", "2017/01/02", "01/31/2017", "31/01/2017", "1.2.2017", "2017-01-02 03:04",
        "2017-01-02T03:04:05.6Z",
    ]
    static let noDates = [
        "1949-13", "1949-00", "2017-01-32", "13/13/2017", "1949-01-", "1-2", "a-b", "-", "/",
        "2017-01-02 noon", "2017-01-02T", "1949", "999999999999999999999-01", "1949-01-01-01",
    ]

    @Test func datesAreKnown() {
        for text in Self.dates { #expect(CellValue(Array(text.utf8)[...]) == .date, "\(text)") }
        for text in Self.noDates { #expect(CellValue(Array(text.utf8)[...]) != .date, "\(text)") }
    }

    @Test func damagedTablesNeverTrap() throws {
        let text = "\u{FEFF}# c\r\n\"a \"\"x\"\"\",b;\td\n\"1949-01\",-1.5e3,?\n01/31/2017,2,\"3\n4\"\n\nfoot, ,\n"
        for delimiter in [nil, .comma, .tab, .semicolon] as [Delimiter?] {
            try readDamaged(Array(text.utf8), name: "x.csv") { bytes in
                var format = TableFormat()
                format.delimiter = delimiter
                _ = try DataTable(bytes: bytes, name: "x.csv", format: format).series(missing: .previous)
            }
        }
    }
}
