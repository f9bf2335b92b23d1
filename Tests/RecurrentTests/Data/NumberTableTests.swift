import Foundation
import Testing

@testable import Recurrent

@Suite struct NumberTableTests {
    private func message(_ text: String) -> String {
        do {
            _ = try NumberTable(text: text, name: "prices.csv")
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func readsRowsAndColumns() throws {
        let table = try NumberTable(
            text: "# source\r\n# Open,Close\r\n1, 2.5\r\n\r\n -3e2 ,+.5\r\n7,8", name: "prices.csv")
        #expect(table.rowCount == 3 && table.columnCount == 2)
        #expect(table[1] == [-300, 0.5])
        #expect(table.column(1) == [2.5, 0.5, 8])
    }

    @Test func readsAFile() throws {
        let path = NSTemporaryDirectory() + "/recurrent-table-\(UUID().uuidString)"
        try Data("\u{FEFF}1,2\n3,4\n".utf8).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        #expect(try NumberTable(path: path).values == [1, 2, 3, 4])
        #expect(throws: RecurrentError("\(path)x: there is no such file")) { try NumberTable(path: path + "x") }
    }

    @Test func everyFailureNamesItsPlace() {
        #expect(message("1,2\n3,a\n").hasPrefix("prices.csv, line 2, column 2: \"a\" is not a number"))
        #expect(message("1,2\n3,\n").hasPrefix("prices.csv, line 2, column 2: \"\" is not a number"))
        #expect(message("#\n1,2\n3\n") == "prices.csv, line 3: 1 numbers, where the lines before have 2")
        for text in ["nan", "inf", "0x10", "1e999", "1;2", "Open,Close"] {
            #expect(message(text).contains("line 1, column 1"), "\(text)")
        }
        for text in ["", "\n\n", "# only a header\n"] {
            #expect(message(text).hasPrefix("prices.csv: the file holds no numbers"), "\(text)")
        }
    }
}
