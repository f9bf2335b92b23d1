/// A form of dates that are whole numbers.
enum CountedDate: CaseIterable {
    case years
    case months
    case days
    case hours
    case minutes
    case times
    case seconds
    case milliseconds

    /// What a finding calls it.
    var title: String {
        switch self {
        case .years: "years"
        case .months: "months as 201712"
        case .days: "dates as 20171231"
        case .hours: "hours as 2017123123"
        case .minutes: "minutes as 201712312359"
        case .times: "times as 20171231235959"
        case .seconds: "seconds since 1970"
        case .milliseconds: "milliseconds since 1970"
        }
    }

    /// Whether it is more exact than a day.
    var tellsTheTime: Bool {
        self == .hours || self == .minutes || self == .times || self == .seconds || self == .milliseconds
    }

    // Names, or parts of longer ones, of columns that hold dates; a few languages' words for a year.
    private static let yearNames: Set<String> = [
        "year", "years", "jahr", "ann\u{E9}e", "annee", "a\u{F1}o", "ano", "anno",
    ]
    private static let words: Set<String> = [
        "date", "datetime", "day", "epoch", "month", "period", "time", "timestamp", "ts", "datum", "monat", "mois",
        "mes", "tag", "zeit", "fecha", "jour",
    ]

    /// Whether a column's name says that it holds dates, and not a time that is counted from the first row.
    static func isExpected(inColumnNamed name: String) -> Bool {
        let elapsed: Set<String> = ["time", "zeit", "ts", "day", "tag", "period"]
        return name.lowercased().split { !$0.isLetter }.map(String.init).contains {
            words.contains($0) && !elapsed.contains($0)
        }
    }

    /// Whether a column's name, in small letters, says that it holds such dates.
    func fits(columnNamed name: String) -> Bool {
        let words = name.split { !$0.isLetter }.map(String.init)
        return self == .years ? Self.yearNames.contains(name) : words.contains(where: Self.words.contains)
    }

    /// Seconds since 1970, nil where a number is no such date.
    func seconds(_ number: Double) -> Double? {
        guard number == number.rounded(), number >= 1, number < 1e14 * 10 else { return nil }
        let value = Int(number)
        func date(_ text: String) -> Double? { WrittenDate(text.utf8)?.seconds(.monthFirst) }
        switch self {
        case .years: return (1500...2200).contains(value) ? date("\(value)-01") : nil
        case .months: return (1500_01...2200_12).contains(value) ? date("\(value / 100)-\(value % 100)") : nil
        case .days: return (1500_01_01...2200_12_31).contains(value) ? date(String(value)) : nil
        case .hours:
            guard (1500_01_01_00...2200_12_31_23).contains(value), value % 100 < 24 else { return nil }
            return date(String(value / 100)).map { $0 + Double(value % 100 * 3600) }
        case .minutes:
            guard (1500_01_01_0000...2200_12_31_2359).contains(value), value / 100 % 100 < 24, value % 100 < 60 else {
                return nil
            }
            return date(String(value / 10_000)).map { $0 + Double(value / 100 % 100 * 3600 + value % 100 * 60) }
        case .times:
            guard (1500_01_01_000000...2200_12_31_235959).contains(value), let day = date(String(value / 1_000_000)),
                value / 10_000 % 100 < 24, value / 100 % 100 < 60, value % 100 <= 60
            else { return nil }
            return day + Double(value / 10_000 % 100 * 3600 + value / 100 % 100 * 60 + value % 100)
        case .seconds: return (100_000_000..<10_000_000_000).contains(value) ? number : nil
        case .milliseconds: return (100_000_000_000..<10_000_000_000_000).contains(value) ? number / 1000 : nil
        }
    }
}
