/// A point in time as a cell of a table writes it.
///
/// Read are `1949-01`, `1949-01-31`, `1949/1/31`, `1949.01.31`, `31.01.1949`, `31/01/1949`, `01/31/1949`, `31-01-49`,
/// `49-01-31`, `01/1949`, `01.1949`, `19490131`, and with the month's English name `Jan 1949`, `31 January 1949`,
/// `Jan 31, 1949`, `31-Jan-49`; each with or without a time of day, and a time alone: `7:30`, `07:30:05.5`, `7:30
/// PM`, with or without `Z` or an offset as `+02:00`. Of two digits for a year, 70 to 99 are of the 20th century,
/// others of the 21st.
struct WrittenDate: Equatable {
    /// The order of day, month and year where all are numbers and the year is not known by its four digits.
    enum DayOrder: CaseIterable {
        /// Day, month, year.
        case dayFirst
        /// Month, day, year.
        case monthFirst
        /// Year, month, day.
        case yearFirst

        /// What a finding says that comes first.
        var title: String {
            switch self {
            case .dayFirst: "the day first"
            case .monthFirst: "the month first"
            case .yearFirst: "the year first"
            }
        }
    }

    /// In which ways the numbers of a date can be read.
    enum Reading: Equatable {
        /// In one: the year comes first, with four digits, or the month has a name.
        case certain
        /// In each of these orders, at least one.
        case among([DayOrder])
    }

    /// Year, month and day where that is certain, or else the numbers as they come.
    private let numbers: SIMD3<Int>
    /// In which ways it can be read.
    let reading: Reading
    private let secondsOfDay: Double
    /// Whether it is a time of day without a day, which is then the first of 1970.
    let isTimeAlone: Bool

    /// Reads a cell, nil where it is no date.
    init?(_ cell: some Collection<UInt8>) {
        guard (3...40).contains(cell.count), cell.contains(where: Self.isDigit) else { return nil }
        if let date = Self.standard(cell) {
            self = date
            return
        }
        let bytes = Array(cell)
        let (dayEnd, time) = Self.time(in: bytes)
        if dayEnd < bytes.count {
            guard let time else { return nil }
            secondsOfDay = time
        } else {
            secondsOfDay = 0
        }
        let day = bytes[..<dayEnd].filter { $0 != UInt8(ascii: ",") }
        isTimeAlone = day.isEmpty && time != nil
        if isTimeAlone {
            (numbers, reading) = ([1970, 1, 1], .certain)
            return
        }
        guard let found = Self.day(day) else { return nil }
        (numbers, reading) = found
    }

    /// Puts a date together, nil where there is no such day.
    init?(year: Int, month: Int, day: Int, secondsOfDay: Int) {
        guard Self.isDay(year, month, day) else { return nil }
        (numbers, reading) = ([year, month, day], .certain)
        self.secondsOfDay = Double(secondsOfDay)
        isTimeAlone = false
    }

    /// A date as most files have it: `2017-12-31`, or with a blank or a T and `23:59` or `23:59:59`; nil where it is written
    /// otherwise. It finds what is found below, without arrays.
    private static func standard(_ cell: some Collection<UInt8>) -> WrittenDate? {
        let count = cell.count
        guard count == 10 || count == 16 || count == 19 else { return nil }
        // Year, month, day, hour, minute and second, and the number that is being read.
        var (values, part, place) = (SIMD8<Int>.zero, 0, 0)
        for byte in cell {
            switch place {
            case 4, 7:
                guard byte == UInt8(ascii: "-") else { return nil }
                part += 1
            case 10:
                guard byte == UInt8(ascii: " ") || byte == UInt8(ascii: "T") else { return nil }
                part += 1
            case 13, 16:
                guard byte == UInt8(ascii: ":") else { return nil }
                part += 1
            default:
                guard isDigit(byte) else { return nil }
                values[part] = values[part] * 10 + Int(byte - 48)
            }
            place += 1
        }
        guard values[3] < 24, values[4] < 60, values[5] < 60 else { return nil }
        return WrittenDate(
            year: values[0], month: values[1], day: values[2],
            secondsOfDay: values[3] * 3600 + values[4] * 60 + values[5])
    }

    /// Seconds since the beginning of 1970, in the offset that the cell names, or else in a time of the file's own.
    func seconds(_ order: DayOrder) -> Double {
        var date = numbers
        if case .among(let orders) = reading { date = Self.date(numbers, orders.contains(order) ? order : orders[0]) }
        return Double(Self.days(date[0], date[1], date[2])) * 86_400 + secondsOfDay
    }

    /// Year, month and day of three numbers in an order.
    private static func date(_ numbers: SIMD3<Int>, _ order: DayOrder) -> SIMD3<Int> {
        func full(_ year: Int) -> Int { year < 100 ? Self.year(ofTwoDigits: year) : year }
        return switch order {
        case .dayFirst: [full(numbers[2]), numbers[1], numbers[0]]
        case .monthFirst: [full(numbers[2]), numbers[0], numbers[1]]
        case .yearFirst: [full(numbers[0]), numbers[1], numbers[2]]
        }
    }

    // MARK: - the day

    private static func day(_ text: [UInt8]) -> (numbers: SIMD3<Int>, reading: Reading)? {
        let marks = Set(text.filter { "-/.".utf8.contains($0) })
        guard marks.count <= 1 else { return nil }
        let parts = text.split { "-/. ".utf8.contains($0) }.map(Array.init)
        // A mark stands between two parts.
        guard marks.isEmpty || text.count(where: { marks.contains($0) }) == parts.count - 1 else { return nil }
        let names = parts.indices.filter { !isDigit(parts[$0][0]) }
        if names.isEmpty { return numericDay(parts, mark: marks.first) }
        guard names.count == 1, let month = month(parts[names[0]]) else { return nil }
        let numbers = parts.indices.filter { $0 != names[0] }.compactMap { number(parts[$0]) }
        guard numbers.count == parts.count - 1 else { return nil }
        switch numbers.count {
        case 1:
            // `Jan-49` is a month, `Jan 31` a day without its year.
            guard numbers[0].digits == 4 || (numbers[0].digits == 2 && !marks.isEmpty) else { return nil }
            return known(century(numbers[0]), month, 1)
        case 2:
            let isYearFirst = numbers[0].digits == 4
            let (yearPart, dayPart) = isYearFirst ? (numbers[0], numbers[1]) : (numbers[1], numbers[0])
            guard [2, 4].contains(yearPart.digits), dayPart.digits <= 2 else { return nil }
            return known(century(yearPart), month, dayPart.value)
        default: return nil
        }
    }

    private static func numericDay(
        _ parts: [[UInt8]], mark: UInt8?
    ) -> (numbers: SIMD3<Int>, reading: Reading)? {
        let numbers = parts.compactMap(number)
        guard numbers.count == parts.count else { return nil }
        if numbers.count == 1 {
            guard numbers[0].digits == 8 else { return nil }
            let value = numbers[0].value
            return known(value / 10_000, value / 100 % 100, value % 100)
        }
        // Without a mark they are words, such as those of a title.
        guard let mark else { return nil }
        if numbers.count == 2 {
            // With points, `2017.1` and `1.2017` are numbers.
            if mark == UInt8(ascii: ".") {
                guard numbers[0].digits == 2, numbers[1].digits == 4 else { return nil }
            }
            if numbers[0].digits == 4, numbers[1].digits <= 2 { return known(numbers[0].value, numbers[1].value, 1) }
            if numbers[1].digits == 4, numbers[0].digits <= 2 { return known(numbers[1].value, numbers[0].value, 1) }
            return nil
        }
        guard numbers.count == 3 else { return nil }
        if numbers[0].digits == 4 {
            guard numbers[1].digits <= 2, numbers[2].digits <= 2 else { return nil }
            return known(numbers[0].value, numbers[1].value, numbers[2].value)
        }
        guard numbers[0].digits <= 2, numbers[1].digits <= 2, [2, 4].contains(numbers[2].digits) else { return nil }
        let written = SIMD3(numbers[0].value, numbers[1].value, numbers[2].value)
        let orders = DayOrder.allCases.filter { order in
            guard order != .yearFirst || (numbers[0].digits == 2 && numbers[2].digits == 2) else { return false }
            let date = date(written, order)
            return isDay(date[0], date[1], date[2])
        }
        return orders.isEmpty ? nil : (written, .among(orders))
    }

    private static func known(
        _ year: Int, _ month: Int, _ day: Int
    ) -> (numbers: SIMD3<Int>, reading: Reading)? {
        isDay(year, month, day) ? ([year, month, day], .certain) : nil
    }

    private static func isDay(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        guard (1...12).contains(month), day >= 1, (1...9999).contains(year) else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return day <= (month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31)
    }

    /// Days since the beginning of 1970 in the Gregorian calendar, by counting years from March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }

    private static func century(_ part: (value: Int, digits: Int)) -> Int {
        part.digits == 4 ? part.value : year(ofTwoDigits: part.value)
    }

    /// The year that two digits stand for.
    static func year(ofTwoDigits digits: Int) -> Int { digits + (digits >= 70 ? 1900 : 2000) }

    private static func number(_ part: [UInt8]) -> (value: Int, digits: Int)? {
        guard part.count <= 8, part.allSatisfy(isDigit) else { return nil }
        return (part.reduce(0) { $0 * 10 + Int($1 - 48) }, part.count)
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    /// The month with an English name, in full or its first three letters (`Sept` too).
    static func month(_ name: [UInt8]) -> Int? {
        let name = String(decoding: name, as: UTF8.self).lowercased()
        return months.firstIndex { name == $0 || name == $0.prefix(3) || (name == "sept" && $0 == "september") }
            .map { $0 + 1 }
    }

    // MARK: - the time of day

    /// Where the day ends in a cell, and the seconds of the time after it; the whole cell where there is no time.
    private static func time(in bytes: [UInt8]) -> (dayEnd: Int, seconds: Double?) {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return (bytes.count, nil) }
        var start = colon
        while start > 0, colon - start < 2, isDigit(bytes[start - 1]) { start -= 1 }
        guard start < colon else { return (0, nil) }
        var reader = Digits(bytes: bytes, position: start)
        guard start == 0 || bytes[start - 1] == UInt8(ascii: "T") || bytes[start - 1] == UInt8(ascii: " "),
            var hour = reader.number(digits: 1...2), reader.take(":"), let minute = reader.number(digits: 2...2),
            minute < 60
        else { return (0, nil) }
        var second = 0.0
        if reader.take(":") {
            guard let whole = reader.number(digits: 2...2), whole <= 60 else { return (0, nil) }
            second = Double(whole)
            if reader.take(".") || reader.take(",") {
                guard let fraction = reader.fraction() else { return (0, nil) }
                second += fraction
            }
        }
        _ = reader.take(" ")
        if let isAfternoon = reader.half() {
            guard (1...12).contains(hour) else { return (0, nil) }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
            _ = reader.take(" ")
        }
        guard let offset = reader.offset(), reader.isAtEnd, hour < 24 || (hour == 24 && minute == 0 && second == 0)
        else { return (0, nil) }
        return (max(0, start - 1), Double(hour * 3600 + minute * 60) + second - Double(offset))
    }

    /// Reads digits and marks one after another.
    private struct Digits {
        let bytes: [UInt8]
        var position: Int

        var isAtEnd: Bool { position == bytes.count }

        mutating func take(_ mark: Character) -> Bool {
            guard position < bytes.count, bytes[position] == mark.asciiValue else { return false }
            position += 1
            return true
        }

        mutating func number(digits: ClosedRange<Int>) -> Int? {
            let start = position
            var value = 0
            while position < bytes.count, position - start < digits.upperBound, WrittenDate.isDigit(bytes[position]) {
                value = value * 10 + Int(bytes[position] - 48)
                position += 1
            }
            return position - start >= digits.lowerBound ? value : nil
        }

        mutating func fraction() -> Double? {
            let start = position
            var (value, unit) = (0.0, 1.0)
            while position < bytes.count, WrittenDate.isDigit(bytes[position]) {
                unit /= 10
                value += Double(bytes[position] - 48) * unit
                position += 1
            }
            return position > start ? value : nil
        }

        /// AM or PM, in small or capital letters: whether it is the afternoon's.
        mutating func half() -> Bool? {
            guard position + 2 <= bytes.count, bytes[position + 1] | 0x20 == UInt8(ascii: "m") else { return nil }
            let letter = bytes[position] | 0x20
            guard letter == UInt8(ascii: "a") || letter == UInt8(ascii: "p") else { return nil }
            position += 2
            return letter == UInt8(ascii: "p")
        }

        /// The seconds that a place is ahead of UTC: 0 for `Z`, `UTC`, `GMT` and where nothing is said.
        mutating func offset() -> Int? {
            let rest = String(decoding: bytes[position...], as: UTF8.self)
            if ["", "Z", "z", "UTC", "GMT"].contains(rest) {
                position = bytes.count
                return 0
            }
            let isBehind = take("-")
            guard isBehind || take("+"), let hours = number(digits: 2...2), hours <= 18 else { return nil }
            let hasColon = take(":")
            let minutes = isAtEnd && !hasColon ? 0 : number(digits: 2...2)
            guard let minutes, minutes < 60 else { return nil }
            return (isBehind ? -1 : 1) * (hours * 3600 + minutes * 60)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
