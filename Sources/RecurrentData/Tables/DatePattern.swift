import Recurrent

/// How a table writes dates, where that is said: letters stand for digits, and everything else for itself.
///
/// `yyyy` and `yy` are the year, `MM` and `M` the month, `MMM` its English name or the first three letters of it,
/// `dd` and `d` the day, `HH`, `mm` and `ss` the time of day. A letter alone stands for one digit or two, two letters
/// for two; between apostrophes letters stand for themselves. (The letters of Unicode's Technical Standard 35.)
struct DatePattern: Equatable {
    private enum Part: Equatable {
        case year(digits: Int)
        case month(digits: ClosedRange<Int>)
        case monthName
        case day(digits: ClosedRange<Int>)
        case hour(digits: ClosedRange<Int>)
        case minute(digits: ClosedRange<Int>)
        case second(digits: ClosedRange<Int>)
        case text([UInt8])
    }

    private let parts: [Part]

    /// Reads a pattern.
    ///
    /// - Throws: `RecurrentError` where a letter is not one of the above, stands too often, or there is no year and month.
    init(_ pattern: String) throws {
        var parts: [Part] = []
        var rest = pattern[...]
        while let letter = rest.first {
            if letter == "'", let end = rest.dropFirst().firstIndex(of: "'") {
                parts.append(.text(Array(rest[..<end].dropFirst().utf8)))
                rest = rest[rest.index(after: end)...]
                continue
            }
            let run = rest.prefix { $0 == letter }
            rest = rest.dropFirst(run.count)
            let digits = run.count == 1 ? 1...2 : 2...2
            switch (letter, run.count) {
            case ("y", 2), ("y", 4): parts.append(.year(digits: run.count))
            case ("M", 1), ("M", 2): parts.append(.month(digits: digits))
            case ("M", 3): parts.append(.monthName)
            case ("d", 1), ("d", 2): parts.append(.day(digits: digits))
            case ("H", 1), ("H", 2): parts.append(.hour(digits: digits))
            case ("m", 1), ("m", 2): parts.append(.minute(digits: digits))
            case ("s", 1), ("s", 2): parts.append(.second(digits: digits))
            case ("T", 1), ("Z", 1): parts.append(.text(Array(run.utf8)))
            default:
                guard !letter.isLetter else {
                    throw RecurrentError(
                        "`dateFormat` is \(pattern), whose \"\(run)\" is nothing of a date; expected yyyy or yy, M, MM or "
                            + "MMM, d or dd, H or HH, m or mm, s or ss, as in dd/MM/yyyy HH:mm, or day-first, month-first or year-first"
                    )
                }
                parts.append(.text(Array(run.utf8)))
            }
        }
        let years = parts.count { if case .year = $0 { true } else { false } }
        let months = parts.count { if case .month = $0 { true } else { $0 == .monthName } }
        guard years == 1, months == 1 else {
            throw RecurrentError("`dateFormat` is \(pattern); expected one year (yyyy or yy) and one month (MM) in it")
        }
        self.parts = parts
    }

    /// The date that a cell writes so, nil where it writes none.
    func date(_ cell: some Collection<UInt8>) -> WrittenDate? {
        var rest = cell[...]
        var (year, month, day, hour, minute, second) = (0, 0, 1, 0, 0, 0)
        func number(_ digits: ClosedRange<Int>) -> Int? {
            let run = rest.prefix(digits.upperBound).prefix { (48...57).contains($0) }
            guard run.count >= digits.lowerBound else { return nil }
            rest = rest.dropFirst(run.count)
            return run.reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        for part in parts {
            switch part {
            case .year(let digits):
                guard let value = number(digits...digits) else { return nil }
                year = digits == 4 ? value : WrittenDate.year(ofTwoDigits: value)
            case .month(let digits):
                guard let value = number(digits) else { return nil }
                month = value
            case .monthName:
                let name = rest.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
                guard let value = WrittenDate.month(Array(name)) else { return nil }
                month = value
                rest = rest.dropFirst(name.count)
            case .day(let digits):
                guard let value = number(digits) else { return nil }
                day = value
            case .hour(let digits):
                guard let value = number(digits) else { return nil }
                hour = value
            case .minute(let digits):
                guard let value = number(digits) else { return nil }
                minute = value
            case .second(let digits):
                guard let value = number(digits) else { return nil }
                second = value
            case .text(let bytes):
                guard rest.starts(with: bytes) else { return nil }
                rest = rest.dropFirst(bytes.count)
            }
        }
        guard rest.isEmpty, hour < 24, minute < 60, second <= 60 else { return nil }
        return WrittenDate(year: year, month: month, day: day, secondsOfDay: hour * 3600 + minute * 60 + second)
    }
}

/// What is said of the dates of a table.
enum DateFormat: Equatable {
    /// Of a day and a month in two digits each, which comes first.
    case order(WrittenDate.DayOrder)
    /// All of it.
    case pattern(DatePattern)

    /// Reads what `TableFormat.dateFormat` says.
    ///
    /// - Throws: `RecurrentError` where it is no such pattern.
    init(_ text: String) throws {
        switch text {
        case "day-first": self = .order(.dayFirst)
        case "month-first": self = .order(.monthFirst)
        case "year-first": self = .order(.yearFirst)
        default: self = .pattern(try DatePattern(text))
        }
    }
}
