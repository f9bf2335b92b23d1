import Recurrent

/// The lines of a text, which end in LF or CRLF, or all in CR, and nothing else: other line separators of Unicode are characters.
struct TextLines {
    /// A line that is not of blanks alone.
    struct Line {
        /// What stands in it, without the line end.
        let text: String
        /// Its number, from 1.
        let number: Int
    }

    /// What errors call the text, usually the path of its file.
    let name: String
    /// The lines that hold something.
    let lines: [Line]
    /// How many lines of blanks there are, not counting what follows the last line end.
    let emptyCount: Int

    /// Reads a file, gzipped or not, or the one file of a zip archive.
    ///
    /// - Throws: `RecurrentError` where it cannot be read, is not of the encoding that is given, or with the first line that
    ///   is not UTF-8.
    init(path: String, encoding: TextEncoding? = nil) throws {
        try self.init(FileContents.readText(path, encoding: encoding, limit: TextFile.largestSize), name: path)
    }

    /// Cuts bytes into lines. A byte order mark at the beginning is left out; UTF-16 is known, and lines may all end in CR.
    ///
    /// - Throws: `RecurrentError` with the first line that is not UTF-8.
    init(_ given: [UInt8], name: String) throws {
        let bytes = try TextBytes(given, name: name).bytes
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        var lines: [Line] = []
        var emptyCount = 0
        var parts = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        for (index, part) in parts.enumerated() {
            let part = part.last == UInt8(ascii: "\r") ? part.dropLast() : part
            if part.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
                emptyCount += 1
                continue
            }
            guard let text = String(validating: part, as: UTF8.self) else {
                throw RecurrentError(
                    "\(name), line \(index + 1): the line is not valid UTF-8; " + TextEncoding.advice)
            }
            lines.append(Line(text: text, number: index + 1))
        }
        self.name = name
        self.lines = lines
        self.emptyCount = emptyCount
    }
}
