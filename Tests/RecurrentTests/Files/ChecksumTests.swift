import Foundation
import Testing

@testable import Recurrent

@Suite struct ChecksumTests {
    @Test func knownValues() {
        // RFC 3720, appendix B.4.
        let cases: [([UInt8], String)] = [
            ([], "00000000"), (Array("123456789".utf8), "e3069283"), ([UInt8](repeating: 0, count: 32), "8a9136aa"),
            ([UInt8](repeating: 255, count: 32), "62a8ab43"), (Array(0..<32), "46dd794e"),
        ]
        for (bytes, expected) in cases {
            var checksum = Checksum()
            checksum.update(bytes)
            #expect(checksum.hexadecimal == expected)
        }
    }

    @Test func piecesGiveTheSameAsTheWhole() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 31) }
        var whole = Checksum()
        whole.update(bytes)
        for cut in 0...40 {
            var pieces = Checksum()
            pieces.update(Array(bytes[..<cut]))
            pieces.update(Array(bytes[cut...]))
            #expect(pieces == whole)
        }
    }

    @Test func fingerprintTellsDataApart() {
        #expect(Fingerprint(Array("123456789".utf8)).text == "crc32c:e3069283:9")
        #expect(Fingerprint([0]).text != Fingerprint([0, 0]).text)
    }
}
