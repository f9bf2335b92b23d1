import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

/// Tables that can be read in several ways: the likely one is chosen and said, or the file refused with what to say.
@Suite struct AmbiguousTablesTests: TableReading {
    private func series(_ text: String, _ change: (inout TableFormat) -> Void = { _ in }) throws -> TimeSeries {
        try series(table(text, change))
    }

    private func steps(_ series: TimeSeries) throws -> [Int] {
        let instants = try #require(series.instants)
        return zip(instants, instants.dropFirst()).map { Int(($1 - $0) / 86_400) }
    }

    // MARK: - numbers

    @Test func thousandsOrDecimals() throws {
        let german = try table("Datum;Umsatz\n13.01.2024;12.100\n14.01.2024;13.250\n15.01.2024;11.900\n")
        #expect(german.columns[1].numbers == [12_100, 13_250, 11_900])
        #expect(
            german.findings.contains("commas stand before decimals, as where semicolons separate and dates have points")
        )
        #expect(german.findings.contains { $0.contains("12.100 is read with thousands in groups") })
        let other = try table("Day;v\n2024-01-13;12.100\n2024-01-14;13.250\n")
        #expect(other.columns[1].numbers == [12.1, 13.25])
        #expect(other.findings.contains { $0.contains("12.100 is read with three decimals; where that is wrong") })
        // Between commas a point is a decimal one.
        #expect(try table("day,v\n2024-01-13,12.100\n2024-01-14,13.250\n").findings == ["line 1 names the columns"])
    }

    @Test func blanksBetweenColumns() throws {
        let whole = try table("100 200\n101 201\n102 202\n103 203\n")
        #expect(try whole.series().columns == [[100, 101, 102, 103], [200, 201, 202, 203]])
        #expect(whole.findings == ["blanks stand between cells"] && whole.delimiter == .blank)
        let aligned = try table("  a     b\n  1.5   2  \n 10.25  3\n-7     4e1\n")
        #expect(try aligned.series().columns == [[1.5, 10.25, -7], [2, 3, 40]])
        #expect(aligned.columns.map(\.name) == ["a", "b"])
        #expect(try table("x;y\n1 000;2\n2 000;3\n").series().columns == [[1000, 2000], [2, 3]])
    }

    @Test func delimitersWithinCells() throws {
        let read = try table("date,tags,v\n2024-01-01,a;b,1\n2024-01-02,a;c,2\n2024-01-03,b;c,3\n")
        #expect(try read.series().columns == [[1, 2, 3]] && read.delimiter == .comma)
        #expect(try table("a;b\n1,5;2,5\n3,5;4,5\n").series().columns == [[1.5, 3.5], [2.5, 4.5]])
    }

    // MARK: - dates

    @Test func monthsOrDays() throws {
        func rows(_ mark: String) -> String {
            "Datum;v\n"
                + (1...12).map { "01\(mark)\($0 < 10 ? "0" : "")\($0)\(mark)2024;\($0)" }.joined(separator: "\n")
        }
        #expect(try steps(series(rows("."))) == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30])
        for mark in ["/", "-"] { #expect(refusal(rows(mark)).contains("say so with `dateFormat`")) }
        #expect(try steps(series(rows("/"), { $0.dateFormat = "day-first" }))[1] == 29)
        #expect(try steps(series("Datum;v\n01.12.2023;1\n02.12.2023;2\n05.12.2023;3\n")) == [1, 3])
        // A day that can be no month settles it.
        #expect(try steps(series("day,v\n12/01/2024,1\n13/01/2024,2\n")) == [1])
    }

    @Test func yearsOfTwoDigits() throws {
        let first = try table("date,v\n24-01-10,1\n24-01-11,2\n24-01-12,3\n")
        #expect(first.columns[0].instants.map { Int($0 / 86_400) } == [19_732, 19_733, 19_734])
        #expect(
            first.findings.contains(
                "column 1 (date): dates are read with the year first; where that is wrong, say so with `dateFormat`"))
        #expect(try steps(series("date,v\n24-01-31,1\n24-02-01,2\n24-02-02,3\n")) == [1, 1])
        #expect(try steps(series("date,v\n01-02-17,1\n02-02-17,2\n13-02-17,3\n")) == [1, 11])
        #expect(refusal("date,v\n24-01-01,1\n24-02-01,2\n24-03-01,3\n").contains("can be read in several ways"))
        let said = try series("date,v\n24-01-01,1\n24-02-01,2\n") { $0.dateFormat = "year-first" }
        #expect(try steps(said) == [31])
    }

    @Test func datesAsNumbers() throws {
        let hours = try table("MESS_DATUM;T\n2024010122;1\n2024010123;2\n2024010200;3\n")
        #expect(hours.findings.contains("column 1 (MESS_DATUM): hours as 2017123123"))
        #expect(hours.columns[0].instants.map { $0 - hours.columns[0].instants[0] } == [0, 3600, 7200])
        let minutes = try table("date,T\n202401012350,1\n202401020000,2\n")
        #expect(minutes.columns[0].instants[1] - minutes.columns[0].instants[0] == 600)
        // What is named as a date and is none is said.
        let serial = try table("Date,Close\n45400,10\n45399,11\n")
        #expect(
            serial.findings.contains(
                "column 1 (Date) holds numbers that are read as no dates, as 45400.0; where they are dates, say how they are "
                    + "written with `dateFormat`"))
        let months = try table("Monat;v\n01.2021;0,5\n02.2021;0,75\n03.2021;1\n")
        #expect(months.columns[0].kind == .dates && months.columns[1].numbers == [0.5, 0.75, 1])
        #expect(try table("date;v\n2021.09;0,5\n2021.10;0,75\n").columns[1].numbers == [0.5, 0.75])
    }

    @Test func rowsWithoutDates() throws {
        let total = "date,v\n2024-01-01,1\n2024-01-02,2\n,3\n"
        #expect(
            refusal(total)
                == "x.csv, line 4, column 1 (date): the date is missing; expected one in every row, or `missing` drop to "
                + "leave such rows out")
        #expect(try table(total).series(missing: .drop).columns == [[1, 2]])
        #expect(refusal("date,v\n2024-01-01,1\nNaT,2\n").contains("line 3, column 1 (date): the date is missing"))
        #expect(refusal("date,v\n2024-01-01,1\n0000-00-00,2\n").contains("the date is missing"))
    }

    @Test func advisedByTheOrderOfRows() {
        let panel = "id,date,v\n0,2024-01-01,1\n0,2024-01-02,2\n1,2024-01-01,3\n1,2024-01-02,4\n"
        #expect(refusal(panel).contains("(sort them by time; of several series in one file `conditions` chooses"))
        #expect(refusal("date,v\n2024-01-02,1\n2024-01-01,2\n").contains("(`newestFirst` reads a file from its end)"))
    }

    @Test func durationsAreNoTimes() throws {
        #expect(try series("lap,split\n0,04:00\n1,25:17\n2,06:34\n").names == ["lap"])
    }

    // MARK: - headers and what stands above

    @Test func headersWithNumbers() throws {
        let pivot = try series("date,1,2\n2024-01-01,5,6\n2024-01-02,7,8\n")
        #expect(pivot.names == ["1", "2"] && pivot.columns == [[5, 7], [6, 8]])
        #expect(try table(",0,1\n0,5,6\n1,7,8\n").columns.map(\.name) == [nil, "0", "1"])
        #expect(refusal(",0,1\n0,5,6\n1,7,8\n").contains("column 1 has no name of its own, and another is called 1"))
        #expect(try table(",text,label\n0,good,x\n1,bad,y\n").columns.map(\.name) == [nil, "text", "label"])
        #expect(try series("1,2,3\n4,5,6\n").columns[0] == [1, 4])
    }

    @Test func titlesAndComments() throws {
        let padded = try table("Sales report 2024,,\n,,\ndate,v,w\n2024-01-01,1,2\n2024-01-02,2,3\n")
        #expect(padded.columns.map(\.name) == ["date", "v", "w"] && padded.findings[0] == "line 1 is a title")
        let marked = "date;v\n2024-01-01;1\n2024-01-02;2\n"
        for comment in ["; made by x", "// made by x; y", "% a; b"] {
            #expect(try table(comment + "\n" + marked).columns.map(\.name) == ["date", "v"], "\(comment)")
        }
        let several = try table("Price,Close,High\nTicker,AAPL,AAPL\nDate,,\n2024-01-01,1,2\n2024-01-02,2,3\n")
        #expect(try several.series().columns == [[1, 2], [2, 3]])
        #expect(several.findings.contains("line 3 holds text alone, such as units, and is passed over"))
        #expect(
            try table("v\nclosed\n1\n2\n").findings.contains(
                "line 2 holds text alone, such as units, and is passed over"))
    }

    @Test(arguments: [
        ("<!DOCTYPE html>\n<table>", "HTML or XML"), ("\u{FEFF}<?xml version=\"1.0\"?>", "HTML or XML"),
        ("\n {\"a\": 1}\n", "JSON"), ("[{\"a\": 1}]", "JSON"),
    ])
    func markupIsCalledByItsName(_ text: String, _ name: String) {
        #expect(
            message { _ = try table(text) } == "x.csv: it is \(name); expected a table: cells with commas between them")
    }

    @Test func errorsOfSpreadsheets() throws {
        let read = try table("time,v\n#DIV/0!,5\n2,6\n#NAME?,8\n# note,1\n5,#REF!\n")
        #expect(read.rowCount == 4 && read.columns.map(\.missingCount) == [2, 1])
        #expect(read.findings.contains("lines between rows that begin with # are passed over: 1"))
        #expect(
            try table("time,v\n#x,1\n2,6\n3,7\n").findings.last
                == "lines between rows that begin with # are passed over: 1")
        let words = try table("a,b\n1,M\n2,T\n3,4\n") { $0.missingWords = ["M", "T"] }
        #expect(words.columns[1].kind == .numbers && words.columns[1].missingCount == 2)
    }

    @Test func marksFarFromAllOthers() throws {
        for mark in ["-99.99", "1e+20", "-1"] {
            let read = try table("a\n1000\n1003\n\(mark)\n1006\n\(mark)\n")
            #expect(read.findings.last?.contains("far from all other numbers") == true, "\(mark)")
        }
        #expect(try table("a\n0\n10\n20\n0\n35\n").findings.count == 1)
    }

    // MARK: - two ways through the reader

    @Test func quotedDecimalCommasBetweenCommas() throws {
        let quoted = try table("id,price,qty\n1,\"2,5\",3\n2,\"3,5\",4\n3,\"4,5\",5\n")
        #expect(try quoted.series().columns == [[1, 2, 3], [2.5, 3.5, 4.5], [3, 4, 5]])
        let closed = try table("a,b\n1,2,\n3,4,\n") { $0.decimalMark = .comma }
        #expect(try closed.series().columns == [[1, 3], [2, 4]])
        #expect(message { _ = try table("a,b\n1,2,3\n") { $0.decimalMark = .comma } }.contains("number of cells is 3"))
    }

    @Test func quotedCellsBetweenBlanks() throws {
        let read = try table("day city temp\n1 \"New York\" 32\n2 Nice 30\n3 \"a \"\"b\"\"\"  31\n") {
            $0.delimiter = .blank
        }
        #expect(try read.series().columns == [[1, 2, 3], [32, 30, 31]])
        #expect(try read.texts(of: "city") == ["New York", "Nice", "a \"b\""])
        #expect(
            message { _ = try table("a b\n\"1\"x 2\n") { $0.delimiter = .blank } }.contains(
                "text after the quotation mark"))
    }

    /// Quotation marks lead past the way for plain rows, and change nothing else.
    @Test func randomRowsAreReadInBothWays() throws {
        var random = RandomSource(seed: 5)
        func pick<Value>(_ values: [Value]) -> Value { values[Int(random.below(UInt64(values.count)))] }
        for _ in 0..<200 {
            let delimiter = pick([Delimiter.comma, .semicolon, .tab])
            let mark = delimiter == .comma ? DecimalMark.point : pick([.point, .comma])
            let point = mark == .point ? "." : ","
            let words = pick([[], ["-999", "M"]])
            let cells = [
                "1", "-2", "3\(point)5", "\(point)25", "7\(point)", "1e3", "", "NA", "M", "-999", "12\(point)125", "x",
                "%",
            ]
            let rows = (1...6).map { row -> [String] in ["2017-01-0\(row)", pick(cells), pick(cells)] }
            func text(_ write: (String) -> String) -> String {
                let mark = String(Character(Unicode.Scalar(delimiter.rawValue)))
                return rows.map { $0.map(write).joined(separator: mark) }.joined(separator: "\n") + "\n"
            }
            let change = { (format: inout TableFormat) in
                (format.delimiter, format.decimalMark, format.missingWords) = (delimiter, mark, words)
                format.header = .absent
            }
            let plain = try table(text { $0 }, change)
            let quoted = try table(text { "\"\($0)\"" }, change)
            #expect(plain.columns == quoted.columns && plain.findings == quoted.findings, "\(rows)")
        }
    }

    @Test func missingWordsHoldInEveryRow() throws {
        let read = try table("d,a\n9999-12-31,1\n2017-01-01,2\n9999-12-31,3\n2017-01-02,999\n") {
            $0.missingWords = ["9999-12-31", "999"]
        }
        #expect(read.columns.map(\.missingCount) == [2, 1])
    }

    @Test func aPatternIsSaidWhereItFits() throws {
        let read = try table("Datum;Menge\n010117;101010\n020117;121212\n") { $0.dateFormat = "ddMMyy" }
        #expect(read.findings.contains("column 1 (Datum): dates, as they are said to be written"))
        #expect(read.findings.contains("column 2 (Menge): dates, as they are said to be written"))
    }

    @Test func zerosAndOnesAreNoMarks() throws {
        #expect(try table("holiday\n0\n1\n0\n1\n").findings.count == 1)
        #expect(try table("sign\n-1\n1\n-1\n1\n").findings.count == 1)
    }

    @Test func rowsWithoutNumbersLeaveNoGaps() throws {
        let rows = (1...9).map { "2017-01-0\($0),\($0 == 5 ? "" : "1")" }
        let read = try table("day,x\n" + rows.joined(separator: "\n"))
        #expect(read.timeFindings == ["9 rows from 2017-01-01 to 2017-01-09, 1 day apart"])
    }

    @Test func rowsBelowEmptyLinesWithDecimalCommas() throws {
        let read = try table("Datum;Wert\n01.01.2017;1,5\n02.01.2017;2,5\n\n;3,5\n")
        #expect(read.rowCount == 3 && read.footer == nil)
    }
}
