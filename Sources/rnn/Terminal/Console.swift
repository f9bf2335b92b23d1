import Foundation
import Recurrent

/// Where the command writes: results to standard output, everything else to standard error.
enum Console {
    /// Text of the result, without a line's end.
    ///
    /// - Throws: `RecurrentError` where it cannot be written.
    static func write(_ text: String) throws {
        guard write(text, to: STDOUT_FILENO) else {
            throw RecurrentError("cannot write to standard output: \(String(cString: strerror(errno)))")
        }
    }

    /// A text that a model has made: as it is where it goes into a file or another program, and to a terminal without the
    /// characters that steer it, but for ends of lines and tabs.
    ///
    /// - Throws: `RecurrentError` where it cannot be written.
    static func generated(_ text: String) throws {
        try write(isatty(STDOUT_FILENO) == 1 ? harmless(text, keeping: ["\n", "\t"]) : text)
    }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Foundation.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
                if count < 0 && errno != EINTR { return false }
                written += max(0, count)
            }
            return true
        }
    }

    /// A line of results.
    static func result(_ text: String) throws { try write(text + "\n") }

    /// A line about the work, which is not its result.
    static func note(_ text: String) { _ = write(text + "\n", to: STDERR_FILENO) }

    static func error(_ text: String) { note("Error: \(text)") }

    /// A line of JSON: the value's fields, sorted by name. JSON has no NaN and no infinity: such a number is null.
    static func json(_ fields: [String: any Sendable]) throws {
        let data = try JSONSerialization.data(
            withJSONObject: nulled(fields), options: [.sortedKeys, .withoutEscapingSlashes])
        try result(String(decoding: data, as: UTF8.self))
    }

    /// A text from outside as part of a line: 60 characters at most, without those that steer a terminal.
    static func shown(_ text: String) -> String {
        harmless(String(String.UnicodeScalarView(text.unicodeScalars.prefix(60))))
    }

    /// A text from outside without the characters that steer a terminal, but for those to be kept.
    static func harmless(_ text: String, keeping kept: Set<Unicode.Scalar> = []) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let category = scalar.properties.generalCategory
            let steers = [.control, .lineSeparator, .paragraphSeparator].contains(category)
            if (steers || scalar.properties.isBidiControl) && !kept.contains(scalar) {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars
            } else {
                shown.append(scalar)
            }
        }
        return String(shown)
    }

    /// A word as it is typed for a shell.
    static func shellWord(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+=,:@%".contains($0)) }
        return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }

    /// A number with as many digits as it needs, six at most.
    static func short(_ number: Float) -> String { String(format: "%g", Double(number)) }

    /// A number with four digits after the point, or as a power of ten where it is very large or small.
    static func fixed(_ number: Double) -> String {
        number == 0 || (1e-3..<1e6).contains(abs(number))
            ? String(format: "%.4f", number) : String(format: "%.3e", number)
    }

    /// The same with null for every number that JSON does not have, however deep it lies.
    private static func nulled(_ value: Any) -> Any {
        switch value {
        case let number as Double where !number.isFinite: NSNull()
        case let number as Float where !number.isFinite: NSNull()
        case let fields as [String: Any]: fields.mapValues(nulled)
        case let values as [Any]: values.map(nulled)
        default: value
        }
    }

    /// A number before what it counts, as in "1 row" and "2,000 rows".
    static func counted(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// A whole number with commas between the thousands.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).enumerated() {
            if index > 0 && (String(number).count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }
}

extension String {
    /// The string without the blanks at its end.
    func trimmingTrailingBlanks() -> String {
        String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
    }
}
