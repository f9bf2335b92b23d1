import Foundation

/// The CRC-32C (Castagnoli) of bytes, which can be fed piece by piece.
///
/// It is the checksum of iSCSI, ext4 and TensorFlow's event files: polynomial 0x1EDC6F41, reflected, initial value and
/// final complement of all ones. It differs for any two files of one length that differ in one run of up to 32 bits.
package struct Checksum: Equatable, Sendable {
    private var register: UInt32 = .max

    /// Makes the checksum of no bytes.
    package init() {}

    /// The checksum of everything fed so far.
    package var value: UInt32 { ~register }

    /// The value as eight lowercase hexadecimal digits.
    package var hexadecimal: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Feeds the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        register = Self.table.withUnsafeBufferPointer { table in
            guard let table = table.baseAddress else { return register }
            return Self.advance(register, bytes, table)
        }
    }

    /// Feeds the next bytes.
    package mutating func update(_ data: some ContiguousBytes) {
        data.withUnsafeBytes { update($0) }
    }

    private static func advance(
        _ start: UInt32, _ bytes: UnsafeRawBufferPointer, _ table: UnsafePointer<UInt32>
    ) -> UInt32 {
        var register = start
        var position = 0
        let count = bytes.count
        // Eight bytes at a time ("slicing by 8"): one table for each distance to the end of the eight.
        while count - position >= 8 {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let low = UInt32(truncatingIfNeeded: word) ^ register
            let high = UInt32(truncatingIfNeeded: word >> 32)
            let first = table[1792 + Int(low & 255)] ^ table[1536 + Int(low >> 8 & 255)]
            let second = table[1280 + Int(low >> 16 & 255)] ^ table[1024 + Int(low >> 24)]
            let third = table[768 + Int(high & 255)] ^ table[512 + Int(high >> 8 & 255)]
            register = first ^ second ^ third ^ table[256 + Int(high >> 16 & 255)] ^ table[Int(high >> 24)]
            position += 8
        }
        while position < count {
            register = table[Int((register ^ UInt32(bytes[position])) & 255)] ^ (register >> 8)
            position += 1
        }
        return register
    }

    /// Eight tables of 256, one after another: table k advances a byte over k further zero bytes.
    private static let table: [UInt32] = {
        var table = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
            table[byte] = value
        }
        for index in 256..<(8 * 256) {
            let previous = table[index - 256]
            table[index] = table[Int(previous & 255)] ^ (previous >> 8)
        }
        return table
    }()
}
