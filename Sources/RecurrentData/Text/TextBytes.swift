import Foundation
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
        let parquet = Array("PAR1".utf8)
        if given.count > 8, given.starts(with: parquet), given.suffix(4).elementsEqual(parquet) {
            throw RecurrentError("\(name): it is a Parquet file; expected text")
        }
        if let format = Self.knownFormats.first(where: { given.starts(with: $0.beginning) }) {
            throw RecurrentError("\(name): it is \(format.name); expected text")
        }
        if let text = try Self.utf16Text(given, name: name) {
            bytes = Array(text.utf8)
            found.append("read as UTF-16")
        } else if let place = given.place(of: 0) {
            let line = given[..<place].count { $0 == 0x0A } + 1
            throw RecurrentError("\(name), line \(line), byte \(place): it is a byte of zero; expected text")
        }
        let (returns, feeds) = (bytes.place(of: 0x0D) != nil, bytes.place(of: 0x0A) != nil)
        if returns, !feeds {
            bytes = bytes.map { $0 == 0x0D ? 0x0A : $0 }
            found.append("lines end in CR")
        }
        self.bytes = bytes
        findings = found
    }

    // What is taken for text most often, and is none.
    private static let knownFormats: [(beginning: [UInt8], name: String)] = [
        (
            [0xD0, 0xCF, 0x11, 0xE0],
            "a workbook or document of an old Office program (.xls, .doc): save it as CSV or text"
        ),
        (Array("SQLite format 3\0".utf8), "an SQLite database"),
        ([0x89, 0x48, 0x44, 0x46], "an HDF5 file"), ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
        ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"), (Array("%PDF".utf8), "a PDF document"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "compressed by xz: decompress it first"),
        (Array("BZh91AY&SY".utf8), "compressed by bzip2: decompress it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed by zstd: decompress it first"), ([0x80, 0x03], "a Python pickle"),
        ([0x80, 0x04], "a Python pickle"), ([0x80, 0x05], "a Python pickle"),
        ([0xFF, 0xFE, 0x00, 0x00], "UTF-32: convert it to UTF-8"),
        ([0x00, 0x00, 0xFE, 0xFF], "UTF-32: convert it to UTF-8"),
    ]

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
        guard !units.contains(0) else {
            throw RecurrentError("\(name): it begins as UTF-16 does, and has characters of zero; convert it to UTF-8")
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

extension [UInt8] {
    /// The place of the first byte of a value; for large files, where a search byte by byte takes long.
    fileprivate func place(of value: UInt8) -> Int? {
        withUnsafeBytes { bytes in
            bytes.baseAddress.flatMap { start in
                memchr(start, Int32(value), bytes.count).map { UnsafeRawPointer($0) - start }
            }
        }
    }
}
