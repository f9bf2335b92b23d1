import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct ZipArchiveTests {
    private func contents(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> [String: [UInt8]] {
        let archive = try ZipArchive(bytes, limit: limit, name: "x.npz")
        return Dictionary(uniqueKeysWithValues: try archive.entries.map { ($0.name, try archive.contents($0)) })
    }

    @Test func storedAndDeflatedFilesAreTheSame() throws {
        let files = try NumpyFiles.read()
        let stored = try contents(Array(files.stored))
        let deflated = try contents(Array(files.deflated))
        #expect(stored.count == 4)
        #expect(stored == deflated)
    }

    @Test func limits() throws {
        let file = storedArchive([("a", [1, 2, 3]), ("b", [4])])
        let whole = try contents(file, limit: 4)
        #expect(whole == ["a": [1, 2, 3], "b": [4]])
        #expect(message { _ = try contents(file, limit: 3) }.contains("larger than 3 bytes"))
    }

    @Test(arguments: ["../a", "a/../../b", "/etc/passwd", "a\\b", "C:a", "", "a\nb", "a/.."])
    func namesThatLeadOutAreRefused(_ name: String) {
        let refusal = message { _ = try contents(storedArchive([(name, [1])])) }
        #expect(refusal.contains("expected a name that stays within the archive"))
    }

    @Test func oneNameTwice() {
        #expect(message { _ = try contents(storedArchive([("a", [1]), ("a", [2])])) }.contains("called a"))
    }

    @Test func aDeclaredSizeThatIsTooSmall() throws {
        var file = Array(try NumpyFiles.read().deflated)
        let archive = try ZipArchive(file, limit: 1 << 20, name: "x.npz")
        // The size of the first file in the directory, whose record begins with PK 1 2.
        let record = try #require(file.indices.first { file[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        #expect(file[record + 24] == UInt8(archive.entries[0].size & 255))
        file[record + 24] -= 1
        #expect(message { _ = try contents(file) }.contains("larger than \(archive.entries[0].size - 1) bytes"))
    }

    @Test func damagedArchivesAreRefusedOrWhole() throws {
        let file = storedArchive([("a", [1, 2, 3]), ("b", Array("text".utf8))])
        #expect(try readDamaged(file, name: "x.npz") { _ = try contents($0) } > file.count)
        for count in file.indices { #expect(throws: RecurrentError.self) { try contents(Array(file[..<count])) } }
        let deflated = Array(try NumpyFiles.read().deflated)
        try readDamaged(deflated, name: "x.npz") { _ = try contents($0) }
    }
}
