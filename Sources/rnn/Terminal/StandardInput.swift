import Foundation
import Recurrent

/// The lines of standard input, one at a time, without their ends (LF or CRLF) and the byte order mark
/// before the first.
struct StandardInput {
    /// The number of the line that was given last, from 1.
    private(set) var lineNumber = 0
    private var bytes: [UInt8] = []
    /// Where the next line begins in the bytes.
    private var position = 0
    private var isAtEnd = false

    /// The most bytes of a line.
    private static let longestLine = 1 << 24

    /// Where the line stands that was given last.
    var place: String { "standard input, line \(lineNumber)" }

    /// The next line, or nil after the last.
    ///
    /// - Throws: `RecurrentError` where it cannot be read, is not UTF-8 or too long.
    mutating func next() throws -> String? {
        guard var line = try nextBytes() else { return nil }
        if lineNumber == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        guard let text = String(validating: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        else { throw RecurrentError("\(place): the line is not valid UTF-8; convert the input to UTF-8") }
        return text
    }

    private mutating func nextBytes() throws -> ArraySlice<UInt8>? {
        lineNumber += 1
        var searched = position
        while true {
            if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { position = end + 1 }
                return bytes[position..<end]
            }
            if isAtEnd {
                defer { position = bytes.count }
                return position < bytes.count ? bytes[position...] : nil
            }
            bytes.removeFirst(position)
            position = 0
            guard bytes.count <= Self.longestLine else {
                throw RecurrentError(
                    "\(place): the line has more than \(Self.longestLine) bytes, the most that is read")
            }
            searched = bytes.count
            try readMore()
        }
    }

    private mutating func readMore() throws {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var count = -1
        repeat { count = read(STDIN_FILENO, &piece, piece.count) } while count < 0 && errno == EINTR
        guard count >= 0 else {
            throw RecurrentError("cannot read standard input: \(String(cString: strerror(errno)))")
        }
        isAtEnd = count == 0
        bytes += piece[..<count]
    }
}
