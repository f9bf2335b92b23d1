import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// The files of `data_files.json`.
struct DataFiles: Decodable {
    struct Picture: Decodable {
        let name: String
        let width: Int
        let height: Int
        let file: Data
        let pixels: Data
    }

    let pictures: [Picture]
    let interlaced: Data
    let idx: Data
    let idxGzip: Data
    let twoMembers: Data
    let bomb: Data

    static func read() throws -> DataFiles { try Fixture.decode("data_files") }
}

/// Calls a reader with every prefix of a file and with many files that differ from it in one byte: each must give a
/// value or a `RecurrentError`, which must name the file.
///
/// - Returns: How many of the damaged files were refused.
@discardableResult
func readDamaged(_ bytes: [UInt8], name: String, _ read: ([UInt8]) throws -> Void) throws -> Int {
    var damaged = bytes.indices.map { Array(bytes[..<$0]) }
    for place in bytes.indices {
        for change in [0x01, 0x80, 0xFF, bytes[place], bytes[place] ^ 0x2C] as [UInt8] where change != 0 {
            var copy = bytes
            copy[place] ^= change
            damaged.append(copy)
        }
    }
    var refused = 0
    for file in damaged {
        do {
            try read(file)
        } catch {
            let message = try #require(error as? RecurrentError, "\(error)").description
            #expect(message.contains(name), "\(message)")
            refused += 1
        }
    }
    return refused
}
