import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

/// Kinds of files that people have, each read rightly or refused with advice that can be followed.
@Suite struct TableKindsTests: TableReading {
    // MARK: - headers

    @Test func titlesUnitsAndComments() throws {
        let titled = try table("Stocks of 2017\nday,price\n2017-01-01,1\n2017-01-02,2\n")
        #expect(try series(titled).names == ["price"] && titled.findings.contains("line 1 is a title"))
        let wide = try table("Stocks,,\nday,price,size\n2017-01-01,1,2\n2017-01-02,2,3\n")
        #expect(try series(wide).names == ["price", "size"])
        let units = try table("time,speed,temperature\n,m/s,C\n0,1,2\n1,3,4\n")
        #expect(try series(units).columns == [[0, 1], [1, 3], [2, 4]])
        #expect(units.findings.contains("line 2 holds text alone, such as units, and is passed over"))
        let noted = try table("# from x\n# Open,High\n1,2\n3,4\n")
        #expect(try series(noted).names == ["Open", "High"])
        #expect(noted.findings == ["the comment above the first row names the columns"])
        // A comment of another number of words, or of numbers, names nothing.
        #expect(try series(table("# from x\n1,2\n")).names == ["column 1", "column 2"])
        #expect(try series(table("# 1,2\n1,2\n")).names == ["column 1", "column 2"])
        #expect(try series(table("# a,b\nc,d\n1,2\n")).names == ["c", "d"])
    }

    @Test func headersThatAreSaid() throws {
        let years = "1990,1992\n1,2\n3,4\n"
        #expect(try series(table(years)).columns == [[1990, 1, 3], [1992, 2, 4]])
        #expect(try series(table(years) { $0.header = .present }).columns == [[1, 3], [2, 4]])
        #expect(try series(table("a\nb\n1,2\n3,4\n") { $0.skippedLines = 2 }).columns == [[1, 3], [2, 4]])
        #expect(try series(table("x\ny\na,b\n1,2\n") { $0.skippedLines = 2 }).names == ["a", "b"])
        #expect(message { _ = try self.table("1\n") { $0.skippedLines = 9 } }.contains("the file holds no rows"))
        #expect(
            message { _ = try self.table("1\n") { $0.skippedLines = -1 } } == "`skippedLines` is -1; expected 0 or more"
        )
        let said = try table("sep=;\na;b\n1;2\n")
        #expect(try series(said).columns == [[1], [2]] && said.findings[0] == "line 1 says what stands between cells")
    }

    // MARK: - dates

    @Test func daysAndMonthsAreToldApart() throws {
        let dayFirst = try table("day,x\n01/02/2017,1\n13/02/2017,2\n")
        #expect(try series(dayFirst).instants?.map { Int($0) / 86_400 } == [17_198, 17_210])
        #expect(dayFirst.findings.contains("column 1 (day): dates are read with the day first"))
        let monthFirst = try table("day,x\n01/02/2017,1\n02/13/2017,2\n")
        #expect(try series(monthFirst).instants?.map { Int($0) / 86_400 } == [17_168, 17_210])
        // Only one reading is in the order of time.
        let ordered = try table("day,x\n01/02/2017,1\n02/01/2017,2\n03/01/2017,3\n")
        #expect(
            ordered.findings.contains(
                "column 1 (day): dates are read with the month first; where that is wrong, say so with `dateFormat`"))
    }

    @Test(arguments: [
        "31/12/2017\n30/12/2017", "12/31/2017\n12/30/2017", "31.12.2017\n30.12.2017", "2017.12.31\n2017.12.30",
        "Dec 2017\nNov 2017", "31-Dec-17\n30-Dec-17", "2017-12-31 1:00 PM\n2017-12-31 11:00 AM",
        "2017-10-29T02:30:00+01:00\n2017-10-29T02:45:00+02:00", "20171231\n20171230", "1512086400\n1512086399",
        "1512086400000\n1512086399000", "10:30\n9:45",
    ])
    func newestFirstIsSeen(_ dates: String) throws {
        let rows = dates.split(separator: "\n").enumerated().map { "\($1),\($0)" }.joined(separator: "\n")
        let text = "time,x\n\(rows)\n"
        #expect(refusal(text).contains("expected rows in the order of time (`newestFirst` reads a file from its end)"))
        let read = try series(table(text), .newestFirst)
        #expect(read.columns == [[1, 0]] && read.names == ["x"])
    }

    @Test func offsetsAcrossAClockChange() throws {
        let text = "time,x\n2017-10-29T02:45:00+02:00,1\n2017-10-29T02:30:00+01:00,2\n"
        #expect(try series(table(text)).columns == [[1, 2]])
    }

    @Test func rowsThatAreNoDates() {
        #expect(refusal("day,x\n2017-01-01,1\nTotal,2\n").contains("line 3, column 1 (day): \"Total\" is not a date"))
        #expect(refusal("day,x\n2019-02-28,1\n2019-02-30,2\n").contains("\"2019-02-30\" is not a date"))
    }

    @Test func countsThatAreDates() throws {
        let days = try table("date,x\n20171231,1\n20180101,2\n")
        #expect(try series(days).labels == ["20171231", "20180101"] && series(days).names == ["x"])
        #expect(days.findings == ["line 1 names the columns", "column 1 (date): dates as 20171231"])
        #expect(
            try series(table("timestamp,x\n1512086400,1\n1512086460,2\n")).instants == [1_512_086_400, 1_512_086_460])
        #expect(try series(table("epoch,x\n1512086400500,1\n1512086460500,2\n")).instants?[0] == 1_512_086_400.5)
        // Other columns, and other numbers, however large, stay numbers.
        #expect(try series(table("time,x\n1e300,1\n1e301,2\n")).names == ["time", "x"])
        #expect(try series(table("size,x\n20171231,1\n20180101,2\n")).names == ["size", "x"])
        #expect(try series(table("time,x\n1,1\n2,2\n")).names == ["time", "x"])
        #expect(try series(table("date,x\n20171231,1\n20180199,2\n")).names == ["date", "x"])
    }

    @Test func yearsMonthsAndTimesAsNumbers() throws {
        #expect(refusal("Year,x\n2020,1\n2019,2\n").contains("2019 comes after 2020"))
        #expect(try series(table("month,x\n201712,1\n201801,2\n")).names == ["x"])
        let times = try series(table("timestamp,x\n20171231235959,1\n20180101000000,2\n"))
        #expect(times.instants.map { $0[1] - $0[0] } == 1)
        #expect(try series(table("update_count,x\n1512086400,1\n1512086460,2\n")).names == ["update_count", "x"])
        #expect(try series(table("year,month,x\n2019,12,1\n2020,1,2\n2020,2,3\n")).names == ["year", "month", "x"])
        // Who asks for such a column has its numbers, as runs of before do.
        #expect(try table("Year,x\n2019,1\n2020,2\n").series(columns: ["Year"]).columns == [[2019, 2020]])
        // Years in a header are names.
        #expect(try series(table("Country,2019,2020\nFrance,1.5,2\nItaly,1,2\n")).names == ["2019", "2020"])
        #expect(try series(table("2019,2020\n1,2\n")).names == ["2019", "2020"])
        #expect(try series(table("2019,2020\n2021,2022\n2023,2025\n")).columns[0] == [2019, 2021, 2023])
    }

    @Test func daysAndTimesInTwoColumns() throws {
        let rows = "01.12.2017;23:00;1\n01.12.2017;23:30;2\n02.12.2017;00:00;3\n"
        let read = try series(table("Datum;Zeit;x\n" + rows))
        #expect(read.labels?[2] == "02.12.2017 00:00" && read.names == ["x"])
        #expect(read.instants.map { [$0[1] - $0[0], $0[2] - $0[1]] } == [1800, 1800])
        let alone = try series(table("time,x\n22:00,1\n23:00,2\n00:00,3\n01:00,4\n"))
        #expect(alone.instants.map { $0[3] - $0[0] } == 10_800.0)
    }

    @Test func commentsBetweenRows() throws {
        let read = try table("Id,V\n0,0\n#1,1\n2,2\n")
        #expect(read.findings.contains("lines between rows that begin with # are passed over: 1"))
        #expect(try series(table("#,Date,V\n0,2017-01-01,5\n1,2017-01-02,6\n")).names == ["#", "V"])
    }

    @Test func rhythmAndGaps() throws {
        let days = (1...9).map { "2017-01-0\($0),\($0)" } + ["2017-01-20,10"]
        let read = SeriesTable(
            try table("day,x\n" + days.joined(separator: "\n")), order: .oldestFirst, missing: .refuse)
        let found = read.findings(of: try read.series(of: ["x"]))
        #expect(found.contains("10 rows from 2017-01-01 to 2017-01-20, 1 day apart"))
        #expect(found.contains("1 longer gap, the longest of 11 days before 2017-01-20"))
        let months = (1...12).map { "2017-\($0),1" }
        let monthly = SeriesTable(
            try table("m,x\n" + months.joined(separator: "\n")), order: .oldestFirst, missing: .refuse)
        #expect(
            monthly.findings(of: try monthly.series(of: ["x"])).last == "12 rows from 2017-1 to 2017-12, 1 month apart")
    }

    @Test func datesThatAreSaid() throws {
        // Nothing tells which comes first: both ways are in order and as regular.
        let open = "day,x\n01/02/2017,1\n02/03/2017,2\n"
        #expect(
            refusal(open)
                == "x.csv, column 1 (day): 01/02/2017 can be read in several ways, and nothing tells which is meant; say so "
                + "with `dateFormat`: day-first, month-first or year-first")
        func days(_ text: String, _ format: String) throws -> [Int]? {
            try series(table(text) { $0.dateFormat = format }).instants?.map { Int($0) / 86_400 }
        }
        #expect(try days(open, "day-first") == [17_198, 17_227])
        #expect(try days(open, "month-first") == [17_168, 17_200])
        #expect(try days(open, "dd/MM/yyyy") == [17_198, 17_227])
        #expect(try days(open, "MM/dd/yyyy") == [17_168, 17_200])
        // Forms that are not found out.
        #expect(try days("day,x\n17-02-01,1\n17-03-02,2\n", "yy-MM-dd") == [17_198, 17_227])
        #expect(try days("day,x\n010217,1\n020317,2\n", "ddMMyy") == [17_198, 17_227])
        #expect(try days("day,x\n2017 Feb 1,1\n2017 March 2,2\n", "yyyy MMM d") == [17_198, 17_227])
        let hours = try series(table("t,x\n1.2.17 7h05,1\n1.2.17 8h05,2\n") { $0.dateFormat = "d.M.yy H'h'mm" })
        #expect(hours.instants.map { $0[1] - $0[0] } == 3600)
        let wrong = refusal("day,x\n01/02/2017,1\n13/02/2017,2\n") { $0.dateFormat = "month-first" }
        #expect(wrong.contains("line 3, column 1 (day): \"13/02/2017\" is not a date"))
        #expect(
            refusal("day,x\n2017-13-01,1\n") { $0.dateFormat = "yyyy-MM-dd" }
                == "x.csv: no column has dates that `dateFormat` yyyy-MM-dd tells; expected one")
        for pattern in ["", "dd", "yyyy", "yyyyMMQQ", "yyy-MM", "yyyy-MM-MMM", "yyyy-MM-ddd"] {
            #expect(message { _ = try self.table("1\n") { $0.dateFormat = pattern } }.hasPrefix("`dateFormat` is"))
        }
    }

    /// Dates of which one has the day first and another the month are not read in two ways.
    @Test func datesOfTwoOrders() {
        #expect(
            refusal("day,x\n13/02/2017,1\n02/14/2017,2\n").contains(
                "line 3, column 1 (day): \"02/14/2017\" is not a date"))
    }

    @Test func severalSeriesInOneFile() throws {
        let text = "day,shop,x\n2017-01-01,1,5\n2017-01-01,2,6\n2017-01-02,1,7\n2017-01-02,2,8\n"
        let second = try table(text) { $0.conditions = [.init(column: "shop", value: "2")] }
        #expect(try series(second).columns == [[2, 2], [6, 8]])
        #expect(second.findings.contains("2 of 4 rows have shop 2"))
        let both = try table(text) {
            $0.conditions = [.init(column: "2", value: "1"), .init(column: "day", value: "2017-01-02")]
        }
        #expect(try both.series(columns: ["x"]).columns == [[7]])
        #expect(
            refusal(text) { $0.conditions = [.init(column: "shop", value: "3")] }
                == "x.csv: no row has shop 3; there are \"1\", \"2\"")
        #expect(refusal(text) { $0.conditions = [.init(column: "y", value: "3")] }.contains("no column \"y\""))
        #expect(refusal(text).contains("2 of 4 rows have the date of the row before, as 2017-01-01"))
    }

    // MARK: - numbers

    @Test func decimalCommas() throws {
        let marked = try table("day;x;y\n2017-01-01;1,5;1.234,5\n2017-01-02;2,25;7\n")
        #expect(try series(marked).columns == [[1.5, 2.25], [1234.5, 7]])
        #expect(marked.findings.contains("commas stand before decimals"))
        #expect(try series(table("x\n0,12\n0,13\n")).columns == [[0.12, 0.13]])
        #expect(try series(table("0,05\n0,12\n")).columns == [[0.05, 0.12]])
        #expect(try series(table("1,5\n2,7\n")).columns == [[1, 2], [5, 7]])
        #expect(
            try series(table("1,5\n2,7\n") { ($0.delimiter, $0.decimalMark) = (.semicolon, .comma) }).columns == [
                [1.5, 2.7]
            ])
        #expect(try series(table("a\tb\n1,5\t2\n")).columns == [[1.5], [2]])
        // Dates with points say nothing of numbers.
        #expect(try series(table("31.12.2016;1,5\n01.01.2017;2,5\n")).columns == [[1.5, 2.5]])
        #expect(refusal("a;b\n1,5;2\n1.5;2\n1,7;2\n").contains("where the other mark stands before decimals"))
    }

    @Test func numbersWithMoreThanDigits() throws {
        let text = "a;b;c;d\n1,234.5;0.5%;$7;(10)\n2 345.5;1%;\u{2212}8;1e-3\n"
        #expect(try series(table(text)).columns == [[1234.5, 2345.5], [0.5, 1], [7, -8], [-10, 0.001]])
        #expect(refusal("a,b\n1,2\n10 kg,3\n").contains("has the unit \"kg\" beside its number"))
    }

    /// What could be read otherwise is said.
    @Test func marksThatTellNothing() throws {
        let decimals = try table("x;y\n0,125;1\n1,375;2\n")
        #expect(try series(decimals).columns == [[0.125, 1.375], [1, 2]])
        let advice = "; where that is wrong, say so with `decimalMark`"
        let prices = try table("x;y\n1,600;1\n1,659;2\n")
        #expect(try series(prices).columns[0] == [1600, 1659])
        #expect(prices.findings.contains("column 1 (x): 1,600 is read with thousands in groups\(advice)"))
        let people = try table("x;y\n998;1\n1.001;2\n")
        #expect(people.findings.contains("column 1 (x): 1.001 is read with three decimals\(advice)"))
        #expect(try table("x;y\n0.998;1\n1.001;2\n").findings.count == 1)
        let shares = try table("x\n1%\n2%\n0.3\n")
        #expect(shares.findings.last == "column 1 (x): 2 of 3 numbers have a percent sign, which changes nothing")
        // As many cells for one as for the other tell nothing, and addresses and versions tell nothing either.
        #expect(try table("a;b;c\n192.168.1.1;1,234;5\n10.0.0.1;1,235;6\n").columns[1].range == 1234...1235)
        #expect(try table("a;b\n1,5;1.5\n1,5;1.5\n").decimalMark == .point)
    }

    // MARK: - what is missing

    @Test(arguments: ["N/A", "-", "NULL", "none", "#N/A", "--", ".", "missing"])
    func wordsForMissing(_ word: String) throws {
        let read = try table("a,b\n1,2\n\(word),4\n5,6\n")
        #expect(read.columns[0].kind == .numbers && read.columns[0].missingCount == 1)
        #expect(try read.series(missing: .drop).columns == [[1, 5], [2, 6]])
    }

    @Test func marksForMissing() throws {
        let text = "a,b\n1,2\n-200,3\n2,4\n-200,5\n"
        #expect(try table(text).findings.last?.contains("-200 stands 2 times, far from all other numbers") == true)
        let said = try table(text) { $0.missingNumbers = [-200] }
        #expect(try said.series(missing: .drop).columns == [[1, 2], [2, 4]] && said.findings.count == 1)
        #expect(try table("a\n-99\n-98\n-99\n-97\n").findings == ["line 1 names the columns"])
    }

    @Test func emptyTailsAndColumns() throws {
        let tail = try table("a,b\n1,2\n3,4\n,\n,\n")
        #expect(try series(tail).columns == [[1, 3], [2, 4]])
        #expect(tail.findings.contains("2 rows without anything in them are passed over"))
        #expect(try series(table("a,b\n1,2,\n3,4,\n")).columns == [[1, 3], [2, 4]])
        #expect(try series(table("1,2,\n3,4,\n")).columns == [[1, 3], [2, 4]])
        #expect(try series(table("a,b,\n1,2\n3,4\n")).names == ["a", "b"])
        let empty = try table("a,b,c\n1,,2\n3,,4\n")
        #expect(try series(empty).names == ["a", "c"])
        #expect(empty.findings.contains("column 2 (b) is empty, and no feature"))
    }

    @Test func textIsNoFeature() throws {
        let text = "name,x\nGOOG,1\nGOOG,2\n"
        #expect(try series(table(text)).names == ["x"])
        #expect(refusal("name\nGOOG\nAPPL\n").contains("no column holds numbers; column 1"))
    }

    // MARK: - columns for a program

    @Test func columnsOfEveryKind() throws {
        let read = try table("name,size,day,x\nb,3,2017-01-01,1.5\na,-1,2017-01-02,\n\"c, d\",3,2017-01-03,2\n")
        #expect(try read.texts(of: "name") == ["b", "a", "c, d"])
        #expect(try read.texts(of: "day") == ["2017-01-01", "2017-01-02", "2017-01-03"])
        let floats = try read.floats(of: "x")
        #expect(floats[0] == 1.5 && floats[1].isNaN && floats[2] == 2)
        let names = try read.labels(of: "name")
        #expect(names.labels == [1, 0, 2] && names.names == ["a", "b", "c, d"])
        let sizes = try read.labels(of: "2")
        #expect(sizes.labels == [1, 0, 1] && sizes.names == ["-1", "3"])
        #expect(
            message { _ = try read.texts(of: "x") }
                == "x.csv: column 4 (x) holds numbers; expected a column of text or dates")
        #expect(message { _ = try read.floats(of: "day") }.contains("column 3 (day) holds dates"))
        #expect(message { _ = try read.labels(of: "x") } == "x.csv, line 3, column 4 (x): the label is missing")
        #expect(
            message { _ = try table("x\n1.5\n").labels(of: "x") }.contains("the label is 1.5; expected whole numbers"))
        #expect(try table("name,x\n-,1\nb,2\n").texts(of: "name") == [nil, "b"])
    }

    /// Rows of plain numbers are read by a way of their own, which must find what the other finds.
    @Test func plainRowsAreReadAsOthers() throws {
        let rows = [
            "1,2.5,2017-01-01", "-3 , +4.125,2017-01-02", "1234567890123456,0.1,2017-01-03 10:00",
            "5.,.5,2017-01-04T10:00:05",
            "1e3,7 ,\"2017-01-05\"", " 8,9,2017-01-06\r", "?,1,2017-01-07", "12.000,2.125,2017-01-08",
        ]
        let plain = try table("a,b,t\n" + rows.joined(separator: "\n") + "\n")
        let quoted = try table(
            "a,b,t\n"
                + rows.map { row in
                    row.split(separator: ",").map { cell in
                        let text = cell.filter { $0 != "\"" && $0 != "\r" && $0 != "\r\n" }
                        return "\"\(text.trimmingCharacters(in: .whitespaces))\""
                    }.joined(separator: ",")
                }.joined(separator: "\n"))
        #expect(plain.columns == quoted.columns && plain.findings == quoted.findings)
        #expect(plain.columns[0].numbers[3] == 5 && plain.columns[1].numbers[3] == 0.5)
        #expect(
            plain.columns[2].instants.map { $0 - 1_483_228_800 }
                == quoted.columns[2].instants.map { $0 - 1_483_228_800 })
        let lines = try table("a,b\n1,2\n# x\n\n  # y\n3,4\n5,x\n")
        #expect(message { _ = try lines.series(columns: ["b"]) }.contains("line 7, column 2 (b): \"x\""))
        #expect(message { _ = try table("a,b\n1,2\n3,4,5\n") }.contains("line 3: the number of cells is 3"))
        #expect(message { _ = try table("a,b\n1,2\n3\n") }.contains("line 3: the number of cells is 1"))
    }

    // MARK: - encodings

    @Test func utf16AndCarriageReturns() throws {
        let text = "a,b\n1,2\n3,4\n"
        let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for bytes in [little, big, [0xFF, 0xFE] + little, [0xFE, 0xFF] + big] {
            let read = try DataTable(bytes: bytes, name: "x.csv")
            #expect(try series(read).columns == [[1, 3], [2, 4]] && read.findings[0] == "read as UTF-16")
        }
        let returns = try table("a,b\r1,2\r3,4\r")
        #expect(try series(returns).columns == [[1, 3], [2, 4]] && returns.findings[0] == "lines end in CR")
        #expect(
            message { _ = try DataTable(bytes: [0x31, 0, 0x32, 0x33, 0x34], name: "x") }
                == "x, line 1, byte 1: it is a byte of zero; expected text")
        #expect(message { _ = try DataTable(bytes: little.dropLast() + [], name: "x") }.contains("not valid UTF-16"))
    }
}
