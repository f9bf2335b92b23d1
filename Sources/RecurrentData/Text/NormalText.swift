import Foundation

/// The form in which texts are read since version 0.1, whose vocabularies took them as they are.
enum NormalText {
    /// A text with composed characters (Unicode's form C), and with lines that end in LF whether they did in LF, CRLF or
    /// CR.
    static func of(_ text: String) -> String { composed(withNewlines(text)) }

    /// A text whose lines end in LF.
    static func withNewlines(_ text: String) -> String {
        let (feed, returning) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.contains(returning) else { return nil }
            var kept: [UInt8] = []
            kept.reserveCapacity(bytes.count)
            for (place, byte) in bytes.enumerated() {
                if byte != returning {
                    kept.append(byte)
                } else if place + 1 == bytes.count || bytes[place + 1] != feed {
                    kept.append(feed)
                }
            }
            return String(decoding: kept, as: UTF8.self)
        } ?? text
    }

    /// A text with composed characters.
    static func composed(_ text: String) -> String {
        // No scalar below U+0300, whose first byte is 0xCC, composes with what precedes it.
        var text = text
        let largest = text.withUTF8 { bytes in bytes.reduce(0, max) }
        return largest < 0xCC ? text : text.precomposedStringWithCanonicalMapping
    }
}
