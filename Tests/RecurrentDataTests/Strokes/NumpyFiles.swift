import Foundation
import TestSupport

@testable import RecurrentData

/// The files of `numpy_files.json`.
struct NumpyFiles: Decodable {
    struct Array: Decodable {
        let file: Data
        let shape: [Int]
        let values: [Double]
    }

    let arrays: [Array]
    let objects: Data
    let stored: Data
    let deflated: Data
    let sketches: Data

    static func read() throws -> NumpyFiles { try Fixture.decode("numpy_files") }
}

/// A `.npy` file of 64-bit numbers.
func numpyFile(_ values: [Double], shape: [Int]) -> [UInt8] {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    let header = Array("{'descr': '<f8', 'fortran_order': False, 'shape': (\(extents)), }\n".utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header
        + values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
}

/// An archive of stored files.
func storedArchive(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(value >> (8 * $0) & 255) } }
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for file in files {
        let name = Array(file.name.utf8)
        let sizes =
            number(0, 6) + number(Int(crc32(file.bytes)), 4) + number(file.bytes.count, 4)
            + number(file.bytes.count, 4) + number(name.count, 2)
        directory += [0x50, 0x4B, 1, 2] + number(20, 4) + number(0, 2) + sizes
        directory += number(0, 12) + number(archive.count, 4) + name
        archive += ZipArchive.magic + number(20, 2) + number(0, 2) + sizes + number(0, 2) + name + file.bytes
    }
    return archive + directory + [0x50, 0x4B, 5, 6] + number(0, 4) + number(files.count, 2) + number(files.count, 2)
        + number(directory.count, 4) + number(archive.count, 4) + number(0, 2)
}

/// The CRC-32 of zip archives, by its definition.
private func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { register, byte in
        (0..<8).reduce(register ^ UInt32(byte)) { register, _ in
            register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1
        }
    }
}
