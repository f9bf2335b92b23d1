import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct InflationTests {
    private func inflate(_ bytes: some Sequence<UInt8>, limit: Int = 1000) throws -> [UInt8] {
        try Inflation.inflate(Array(bytes), .gzip, limit: limit, name: "x.gz")
    }

    @Test func membersFollowOneAnother() throws {
        #expect(try inflate(DataFiles.read().twoMembers) == Array("one, two".utf8))
    }

    @Test func theLimitStopsABomb() throws {
        let files = try DataFiles.read()
        #expect(try inflate(files.bomb, limit: 4 << 20).count == 4 << 20)
        let refusal = message { _ = try inflate(files.bomb, limit: (4 << 20) - 1) }
        #expect(refusal == "x.gz: the inflated data are larger than 4194303 bytes, the most that is read")
        #expect(try inflate(files.twoMembers, limit: 8).count == 8)
        #expect(throws: RecurrentError.self) { try inflate(files.twoMembers, limit: 7) }
    }

    @Test func whatFollowsIsRefused() throws {
        let file = try DataFiles.read().idxGzip
        let refusal = message { _ = try inflate(file + [0, 0, 0]) }
        #expect(refusal.hasPrefix("x.gz, byte \(file.count): 3 bytes follow the end"))
        // The beginning of another member that is cut short.
        #expect(message { _ = try inflate(file + [0x1F, 0x8B]) }.contains("cut short"))
    }

    @Test func everyDamagedFileIsRefusedOrStillWhole() throws {
        let file = Array(try DataFiles.read().twoMembers)
        let refused = try readDamaged(file, name: "x.gz") { _ = try inflate($0) }
        // Only the header's time, flags and system may change unseen, and a prefix may end with a member.
        #expect(refused > file.count * 4)
        // Members end at 25 and 45.
        for count in 0..<file.count where count != 25 && count != 45 {
            #expect(throws: RecurrentError.self) { try inflate(file[..<count]) }
        }
    }

    @Test func filesAreKnownByTheirFirstBytes() throws {
        let files = try DataFiles.read()
        try withTemporaryDirectory { directory in
            let path = directory + "/file"
            try files.twoMembers.write(to: URL(fileURLWithPath: path))
            #expect(try FileContents.readInflated(path, limit: 100) == Array("one, two".utf8))
            try Data("plain".utf8).write(to: URL(fileURLWithPath: path))
            #expect(try FileContents.readInflated(path, limit: 100) == Array("plain".utf8))
            // More than is read at a time.
            let long = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
            try Data(long).write(to: URL(fileURLWithPath: path))
            #expect(try FileContents.readInflated(path, limit: 2_500_000) == long)
            #expect(try FileContents.read(path, limit: 2_500_000) == Data(long))
            #expect(
                message { _ = try FileContents.readInflated(path, limit: 2_499_999) }.contains("larger than 2499999"))
            try files.bomb.write(to: URL(fileURLWithPath: path))
            #expect(message { _ = try FileContents.readInflated(path, limit: 100_000) }.contains("larger than 100000"))
        }
    }
}
