import Recurrent

/// The bytes of lines of text as UTF-8 with LF or CRLF at the lines' ends, whatever they were.
struct TextBytes {
    /// The text.
    let bytes: [UInt8]
    /// What was found, a line each.
    let findings: [String]

    /// Reads a file's bytes. UTF-16 is known by its mark or by the zeros that half of it are.
    ///
    /// - Throws: `RecurrentError` where it has zeros and is not UTF-16.
    init(_ given: [UInt8], name: String) throws {
        var found: [String] = []
        var bytes = given
        if let text = try Self.utf16Text(given, name: name) {
            bytes = Array(text.utf8)
            found.append("read as UTF-16")
        } else if given.contains(0) {
            throw RecurrentError("\(name): it has bytes of zero; expected text; " + TextEncoding.advice)
        }
        let (returns, feeds) = (bytes.contains(0x0D), bytes.contains(0x0A))
        if returns, !feeds {
            bytes = bytes.map { $0 == 0x0D ? 0x0A : $0 }
            found.append("lines end in CR")
        }
        self.bytes = bytes
        findings = found
    }

    /// The text of bytes that are UTF-16, nil where they are something else.
    ///
    /// - Throws: `RecurrentError` where they begin as UTF-16 does and are not valid.
    static func utf16Text(_ bytes: [UInt8], name: String) throws -> String? {
        guard let isLittle = utf16(bytes) else { return nil }
        let hasMark = bytes.starts(with: isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF])
        let units = stride(from: hasMark ? 2 : 0, to: bytes.count - 1, by: 2).map { place in
            isLittle
                ? UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
                : UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
        }
        guard bytes.count % 2 == 0, let text = String(validating: units, as: UTF16.self) else {
            throw RecurrentError("\(name): it begins as UTF-16 does, and is not valid UTF-16; convert it to UTF-8")
        }
        return text
    }

    /// Whether bytes are UTF-16 with the low byte first, or the high one; nil where they are something else.
    private static func utf16(_ bytes: [UInt8]) -> Bool? {
        if bytes.starts(with: [0xFF, 0xFE]) { return true }
        if bytes.starts(with: [0xFE, 0xFF]) { return false }
        let head = bytes.prefix(1000)
        guard head.count >= 4 else { return nil }
        let zeros = [0, 1].map { parity in head.indices.count { $0 % 2 == parity && head[$0] == 0 } }
        if zeros[1] * 10 >= head.count * 4, zeros[0] * 10 < head.count { return true }
        if zeros[0] * 10 >= head.count * 4, zeros[1] * 10 < head.count { return false }
        return nil
    }
}
