import Foundation
import Recurrent

/// How a file's bytes stand for characters, where that must be said: UTF-8, and UTF-16 with a mark or with zeros, are found
/// out.
public enum TextEncoding: String, CaseIterable, Codable, Sendable {
    /// UTF-8.
    case utf8 = "utf-8"
    /// UTF-16, the low byte first.
    case utf16LittleEndian = "utf-16le"
    /// UTF-16, the high byte first.
    case utf16BigEndian = "utf-16be"
    /// Central Europe, on Windows.
    case windows1250 = "windows-1250"
    /// Cyrillic, on Windows.
    case windows1251 = "windows-1251"
    /// Western Europe, on Windows; what is called Latin-1 or ANSI is often this.
    case windows1252 = "windows-1252"
    /// Greek, on Windows.
    case windows1253 = "windows-1253"
    /// Turkish, on Windows.
    case windows1254 = "windows-1254"
    /// Latin-1: Western Europe.
    case latin1 = "iso-8859-1"
    /// Latin-2: Central Europe.
    case latin2 = "iso-8859-2"
    /// Japanese, on Windows.
    case shiftJIS = "shift-jis"

    private var foundation: String.Encoding {
        switch self {
        case .utf8: .utf8
        case .utf16LittleEndian: .utf16LittleEndian
        case .utf16BigEndian: .utf16BigEndian
        case .windows1250: .windowsCP1250
        case .windows1251: .windowsCP1251
        case .windows1252: .windowsCP1252
        case .windows1253: .windowsCP1253
        case .windows1254: .windowsCP1254
        case .latin1: .isoLatin1
        case .latin2: .isoLatin2
        case .shiftJIS: .shiftJIS
        }
    }

    /// Bytes of this encoding in UTF-8; those that are said to be UTF-8 as they are.
    ///
    /// - Throws: `RecurrentError` where they are not of this encoding, or are UTF-8 with characters other than ASCII, which
    ///   no text of another encoding is by chance.
    func decoded(_ bytes: [UInt8], name: String) throws -> [UInt8] {
        if self == .utf8 { return bytes }
        let isUTF16 = self == .utf16LittleEndian || self == .utf16BigEndian
        if !isUTF16, bytes.contains(where: { $0 >= 0x80 }), String(validating: bytes, as: UTF8.self) != nil {
            throw RecurrentError("\(name): it is UTF-8, where `encoding` is \(rawValue); expected no `encoding`")
        }
        guard !isUTF16 || bytes.count % 2 == 0, let text = String(data: Data(bytes), encoding: foundation) else {
            throw RecurrentError("\(name): it has bytes that are no character of `encoding` \(rawValue)")
        }
        return Array((text.first == "\u{FEFF}" ? text.dropFirst() : text[...]).utf8)
    }

    /// What to do with bytes that are neither UTF-8 nor UTF-16.
    static let advice = "say what it is with `encoding`, such as windows-1252, or convert it to UTF-8"
}
