import Recurrent

/// How a table writes dates, where that is said: letters stand for digits, and everything else for itself.
///
/// `yyyy` and `yy` are the year, `MM` and `M` the month, `MMM` its English name or the first three letters of it,
/// `dd` and `d` the day, `HH`, `mm` and `ss` the time of day. A letter alone stands for one digit or two, two letters
/// for two; between apostrophes letters stand for themselves. (The letters of Unicode's Technical Standard 35.)
struct DatePattern: Equatable {
    private enum Field: Int {
        case year, month, day, hour, minute, second
    }

    private enum Part: Equatable {
        case number(Field, digits: ClosedRange<Int>)
        case monthName
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
            case ("y", 2), ("y", 4): parts.append(.number(.year, digits: run.count...run.count))
            case ("M", 1), ("M", 2): parts.append(.number(.month, digits: digits))
            case ("M", 3): parts.append(.monthName)
            case ("d", 1), ("d", 2): parts.append(.number(.day, digits: digits))
            case ("H", 1), ("H", 2): parts.append(.number(.hour, digits: digits))
            case ("m", 1), ("m", 2): parts.append(.number(.minute, digits: digits))
            case ("s", 1), ("s", 2): parts.append(.number(.second, digits: digits))
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
        func count(_ wanted: Field) -> Int {
            parts.count { if case .number(wanted, _) = $0 { true } else { false } }
        }
        let (years, months) = (count(.year), count(.month) + parts.count { $0 == .monthName })
        guard years == 1, months == 1 else {
            throw RecurrentError("`dateFormat` is \(pattern); expected one year (yyyy or yy) and one month (MM) in it")
        }
        self.parts = parts
    }

    /// The date that a cell writes so, nil where it writes none.
    func date(_ cell: some Collection<UInt8>) -> WrittenDate? {
        var rest = cell[...]
        // By their fields' raw values; a date without a day is the first of its month.
        var values: SIMD8<Int> = [0, 0, 1, 0, 0, 0, 0, 0]
        for part in parts {
            switch part {
            case .number(let field, let digits):
                let run = rest.prefix(digits.upperBound).prefix { (48...57).contains($0) }
                guard run.count >= digits.lowerBound else { return nil }
                let value = run.reduce(0) { $0 * 10 + Int($1 - 48) }
                values[field.rawValue] =
                    field == .year && digits == 2...2 ? WrittenDate.year(ofTwoDigits: value) : value
                rest = rest.dropFirst(run.count)
            case .monthName:
                let name = rest.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
                guard let month = WrittenDate.month(Array(name)) else { return nil }
                values[Field.month.rawValue] = month
                rest = rest.dropFirst(name.count)
            case .text(let bytes):
                guard rest.starts(with: bytes) else { return nil }
                rest = rest.dropFirst(bytes.count)
            }
        }
        guard rest.isEmpty, values[3] < 24, values[4] < 60, values[5] <= 60 else { return nil }
        return WrittenDate(
            year: values[0], month: values[1], day: values[2],
            secondsOfDay: values[3] * 3600 + values[4] * 60 + values[5])
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
