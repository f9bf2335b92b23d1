import Foundation
import Recurrent

/// A file read for its text, or for its bytes.
public struct TextFile: Equatable, Sendable {
    /// Where the file was read.
    public let path: String
    /// Everything in it, inflated; never empty.
    public let bytes: [UInt8]

    /// The largest file that is read, in bytes: tokens are counted in 31 bits elsewhere.
    package static let largestSize = Int(Int32.max)

    /// Reads a file, gzipped or not, the one file of a zip archive, or a pipe to its end.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - encoding: How its bytes stand for characters, which are then kept in UTF-8.
    /// - Throws: `RecurrentError` where the file is missing, a directory, unreadable, empty, or larger than
    ///   `largestSize`; where its bytes are not of the encoding.
    public init(path: String, encoding: TextEncoding? = nil) throws {
        let bytes = try FileContents.readText(path, encoding: encoding, limit: Self.largestSize)
        guard !bytes.isEmpty else { throw RecurrentError("\(path): the file is empty; expected text") }
        self.path = path
        self.bytes = bytes
    }

    /// The contents as text. A byte order mark at the beginning is left out.
    ///
    /// - Throws: `RecurrentError` where the file is neither UTF-8, with the place of the first byte that is wrong, nor
    ///   UTF-16.
    public func text() throws -> String {
        if let text = try TextBytes.utf16Text(bytes, name: path) { return text }
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard !content.isEmpty else { throw RecurrentError("\(path): the file is empty; expected text") }
        if let text = String(validating: content, as: UTF8.self) { return text }
        let offset = Self.firstInvalidOffset(bytes)
        let line = bytes[..<offset].count { $0 == UInt8(ascii: "\n") } + 1
        let found = offset < bytes.count ? "0x" + String(bytes[offset], radix: 16, uppercase: true) : "its end"
        throw RecurrentError(
            "\(path), line \(line), byte \(offset): \(found) is not valid UTF-8; " + TextEncoding.advice)
    }

    /// The offset of the first byte that is not part of a well-formed sequence (Unicode, table 3-7).
    static func firstInvalidOffset(_ bytes: [UInt8]) -> Int {
        var index = 0
        while index < bytes.count {
            let length: Int
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch bytes[index] {
            case 0x00...0x7F: length = 1
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            case 0xF1...0xF3: length = 4
            default: return index
            }
            if length > 1 {
                guard index + length <= bytes.count, second.contains(bytes[index + 1]),
                    bytes[(index + 2)..<(index + length)].allSatisfy({ (0x80...0xBF).contains($0) })
                else { return index }
            }
            index += length
        }
        return index
    }
}
