import CZlib
import Recurrent

/// The files within a zip archive that are stored or deflated (PKWARE, "APPNOTE.TXT", version 6.3).
///
/// Sizes are taken from the archive's directory at its end, and nothing is inflated beyond what it declares. Encrypted
/// and split archives, sizes of 4 GiB and more, and names that lead out of a directory are refused.
struct ZipArchive {
    /// A file within the archive.
    struct Entry {
        let name: String
        let method: Int
        let checksum: UInt32
        let compressedSize: Int
        let size: Int
        let headerPlace: Int
    }

    /// The bytes every zip file begins with, unless it is empty.
    static let magic: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

    /// The files in the order of the directory.
    let entries: [Entry]
    /// What errors call the archive.
    let name: String
    private let bytes: LittleEndianBytes

    /// Reads the directory of an archive.
    ///
    /// - Parameters:
    ///   - bytes: The whole archive.
    ///   - limit: The largest sum of the sizes of all files within.
    ///   - name: What errors call the archive, usually its path.
    /// - Throws: `RecurrentError` where the bytes are no such archive.
    init(_ bytes: [UInt8], limit: Int, name: String) throws {
        let bytes = LittleEndianBytes(bytes)
        guard let end = Self.directoryEnd(bytes) else {
            throw RecurrentError("\(name): the directory at the end is missing; expected a whole zip archive")
        }
        let count = bytes.integer(end + 10, size: 2)
        let start = bytes.integer(end + 16, size: 4)
        guard bytes.integer(end + 4, size: 2) == 0, bytes.integer(end + 8, size: 2) == count,
            start <= end, start + bytes.integer(end + 12, size: 4) == end
        else {
            throw RecurrentError(
                "\(name), byte \(end): the archive's directory does not stand where it is said to; expected one "
                    + "archive of less than 4 GiB in one piece")
        }
        var entries: [Entry] = []
        var place = start
        var total = 0
        for _ in 0..<count {
            let (entry, next) = try Self.entry(bytes, at: place, end: end, name: name)
            guard !entries.contains(where: { $0.name == entry.name }) else {
                throw RecurrentError("\(name): two files in the archive are called \(entry.name); expected one")
            }
            total += entry.size
            guard total <= limit else {
                throw RecurrentError(
                    "\(name): the files in the archive are larger than \(limit) bytes, the most that is read")
            }
            entries.append(entry)
            place = next
        }
        guard place == end else {
            throw RecurrentError("\(name), byte \(place): the archive's directory has more than its \(count) files")
        }
        self.entries = entries
        self.bytes = bytes
        self.name = name
    }

    /// A file's bytes, of its declared size and checksum.
    ///
    /// - Throws: `RecurrentError` where they are damaged.
    func contents(_ entry: Entry) throws -> [UInt8] {
        let name = "\(self.name), \(entry.name)"
        let header = entry.headerPlace
        guard header + 30 <= bytes.count, bytes.starts(with: Self.magic, at: header) else {
            throw RecurrentError("\(name): the archive has no file at byte \(header), where its directory says so")
        }
        let start = header + 30 + bytes.integer(header + 26, size: 2) + bytes.integer(header + 28, size: 2)
        guard start + entry.compressedSize <= bytes.count else {
            throw RecurrentError("\(name): the archive is cut short; expected \(entry.compressedSize) bytes more")
        }
        let packed = bytes.slice(start, count: entry.compressedSize)
        let contents =
            entry.method == 0
            ? packed : try Inflation.inflate(packed, .none, limit: entry.size, name: name)
        guard contents.count == entry.size else {
            throw RecurrentError("\(name): found \(contents.count) bytes; the archive's directory says \(entry.size)")
        }
        let checksum = contents.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
        guard checksum == entry.checksum else {
            throw RecurrentError("\(name): the checksum is wrong: the file is damaged")
        }
        return contents
    }

    /// Where the record at the end of the directory stands: it is the last thing but for a comment.
    private static func directoryEnd(_ bytes: LittleEndianBytes) -> Int? {
        guard bytes.count >= 22 else { return nil }
        let farthest = max(0, bytes.count - 22 - 0xFFFF)
        return stride(from: bytes.count - 22, through: farthest, by: -1).first { place in
            bytes.starts(with: [0x50, 0x4B, 0x05, 0x06], at: place)
                && place + 22 + bytes.integer(place + 20, size: 2) == bytes.count
        }
    }

    private static func entry(
        _ bytes: LittleEndianBytes, at place: Int, end: Int, name: String
    ) throws -> (entry: Entry, next: Int) {
        func failure(_ reason: String) -> RecurrentError {
            RecurrentError("\(name), byte \(place): \(reason)")
        }
        guard place + 46 <= end, bytes.starts(with: [0x50, 0x4B, 0x01, 0x02], at: place) else {
            throw failure("the archive's directory is damaged; expected another file in it")
        }
        let nameEnd = place + 46 + bytes.integer(place + 28, size: 2)
        let next = nameEnd + bytes.integer(place + 30, size: 2) + bytes.integer(place + 32, size: 2)
        guard next <= end else { throw failure("the archive's directory is damaged: a name passes its end") }
        let nameBytes = bytes.slice(place + 46, count: nameEnd - place - 46)
        guard let file = String(validating: nameBytes, as: UTF8.self), isPlain(file) else {
            throw failure(
                "a file in the archive is called \"\(String(decoding: nameBytes.prefix(100), as: UTF8.self))\"; "
                    + "expected a name that stays within the archive")
        }
        let method = bytes.integer(place + 10, size: 2)
        guard bytes.integer(place + 8, size: 2) & 1 == 0 else { throw failure("\(file) is encrypted") }
        guard method == 0 || method == 8 else {
            throw failure("\(file) is compressed by method \(method); expected stored (0) or deflated (8)")
        }
        let entry = Entry(
            name: file, method: method, checksum: UInt32(bytes.integer(place + 16, size: 4)),
            compressedSize: bytes.integer(place + 20, size: 4), size: bytes.integer(place + 24, size: 4),
            headerPlace: bytes.integer(place + 42, size: 4))
        guard entry.size < 0xFFFF_FFFF, entry.compressedSize < 0xFFFF_FFFF, entry.headerPlace < 0xFFFF_FFFF else {
            throw failure("\(file) has a size of 4 GiB or more; expected less")
        }
        return (entry, next)
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("/") && !name.contains("\\") && !name.contains(":")
            && !name.unicodeScalars.contains { $0.value < 32 }
            && !name.split(separator: "/", omittingEmptySubsequences: false).contains { $0 == ".." }
    }
}
