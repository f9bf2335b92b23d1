import Foundation
import Testing

@testable import RecurrentData

@Suite struct WrittenDateTests {
    /// What Foundation makes of a date in UTC.
    private static func seconds(_ text: String) throws -> Double {
        try Date(text, strategy: .iso8601).timeIntervalSince1970
    }

    @Test(arguments: [
        ("1949-01", "1949-01-01T00:00:00Z"), ("1949-1", "1949-01-01T00:00:00Z"), ("1949/01", "1949-01-01T00:00:00Z"),
        ("01/1949", "1949-01-01T00:00:00Z"), ("2017-12-31", "2017-12-31T00:00:00Z"),
        ("2017/1/2", "2017-01-02T00:00:00Z"), ("2017.12.31", "2017-12-31T00:00:00Z"),
        ("20171231", "2017-12-31T00:00:00Z"), ("31/12/2017", "2017-12-31T00:00:00Z"),
        ("12/31/2017", "2017-12-31T00:00:00Z"), ("31.12.2017", "2017-12-31T00:00:00Z"),
        ("12-31-2017", "2017-12-31T00:00:00Z"), ("31-12-17", "2017-12-31T00:00:00Z"),
        ("31.12.69", "2069-12-31T00:00:00Z"), ("31.12.70", "1970-12-31T00:00:00Z"),
        ("Jan 1949", "1949-01-01T00:00:00Z"), ("January 1949", "1949-01-01T00:00:00Z"),
        ("Sept-49", "2049-09-01T00:00:00Z"), ("31-Dec-17", "2017-12-31T00:00:00Z"),
        ("31 december 2017", "2017-12-31T00:00:00Z"), ("Dec 31, 2017", "2017-12-31T00:00:00Z"),
        ("2017-Dec-31", "2017-12-31T00:00:00Z"), ("2000-02-29", "2000-02-29T00:00:00Z"),
        ("2017-01-02 03:04", "2017-01-02T03:04:00Z"),
        ("2017-01-02T03:04:05.5Z", "2017-01-02T03:04:05Z"), ("2017-01-02 3:04:05", "2017-01-02T03:04:05Z"),
        ("2017-01-02 03:04 PM", "2017-01-02T15:04:00Z"), ("2017-01-02 12:00am", "2017-01-02T00:00:00Z"),
        ("1/31/2017 12:30 pm", "2017-01-31T12:30:00Z"), ("2017-01-02T03:04:05+02:00", "2017-01-02T01:04:05Z"),
        ("2017-01-02T03:04:05-0530", "2017-01-02T08:34:05Z"), ("2017-01-02 03:04 UTC", "2017-01-02T03:04:00Z"),
        ("Dec 31, 2017 23:59", "2017-12-31T23:59:00Z"), ("7:30", "1970-01-01T07:30:00Z"),
        ("07:30:15 PM", "1970-01-01T19:30:15Z"), ("2017-01-02T24:00", "2017-01-03T00:00:00Z"),
    ])
    func areRead(_ text: String, _ expected: String) throws {
        let date = try #require(WrittenDate(text.utf8), "\(text)")
        #expect(date.seconds(.dayFirst).rounded(.down) == (try Self.seconds(expected)), "\(text)")
    }

    @Test func aFractionCounts() throws {
        let date = try #require(WrittenDate("1970-01-01T00:00:01.25Z".utf8))
        #expect(date.seconds(.dayFirst) == 1.25)
    }

    @Test func dayOrMonthFirst() throws {
        let either = try #require(WrittenDate("03/02/2017".utf8))
        #expect(either.reading == .among([.dayFirst, .monthFirst]))
        #expect(either.seconds(.dayFirst) == (try Self.seconds("2017-02-03T00:00:00Z")))
        #expect(either.seconds(.monthFirst) == (try Self.seconds("2017-03-02T00:00:00Z")))
        #expect(WrittenDate("13/02/2017".utf8)?.reading == .among([.dayFirst]))
        #expect(WrittenDate("02/13/2017".utf8)?.reading == .among([.monthFirst]))
        let short = try #require(WrittenDate("24-01-10".utf8))
        #expect(short.reading == .among([.dayFirst, .yearFirst]))
        #expect(short.seconds(.dayFirst) == (try Self.seconds("2010-01-24T00:00:00Z")))
        #expect(short.seconds(.yearFirst) == (try Self.seconds("2024-01-10T00:00:00Z")))
        // The 30th of February is none, so that 02 is the day.
        #expect(WrittenDate("30/02/2017".utf8) == nil)
    }

    @Test(arguments: [
        "1949-13", "1949-00", "2017-01-32", "2019-02-30", "1900-02-29", "2017.01", "13/13/2017", "1949-01-", "1-2",
        "a-b", "-", "/", "2017-01-02 noon", "2017-01-02T", "1949", "999999999999999999999-01", "1949-01-01-01",
        "20171332",
        "1.2.3", "192.168.1.1", "Foo 2017", "31 31 2017", "25:00", "12:60", "13:00 PM", "2017-01-02 03:04 +25:00",
        "2017-01-02 :04", "1,5", "10 kg", "Jan", "Total 12", "5 Jan", "2017-01/02", "2017-01-02T03:04:05.", "v1-2-2017",
    ])
    func areNone(_ text: String) { #expect(WrittenDate(text.utf8) == nil, "\(text)") }

    @Test func everyDayFollowsTheOneBefore() throws {
        var before = try #require(WrittenDate("1999-12-31".utf8)).seconds(.dayFirst)
        for year in 2000...2004 {
            for month in 1...12 {
                for day in 1...31 {
                    guard let date = WrittenDate("\(year)-\(month)-\(day)".utf8) else { continue }
                    #expect(date.seconds(.dayFirst) == before + 86_400)
                    before = date.seconds(.dayFirst)
                }
            }
        }
        #expect(before == (try Self.seconds("2004-12-31T00:00:00Z")))
    }
}
