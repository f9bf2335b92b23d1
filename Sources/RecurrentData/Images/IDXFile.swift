import Recurrent

/// An array of bytes from an IDX file, the format of MNIST's pictures and labels, gzipped or not.
///
/// The format: two zero bytes, a byte for the type of the elements, a byte for the number of axes, an extent of 32 bits
/// (big-endian) for each axis, and the elements in row-major order
/// (LeCun, Cortes and Burges, "The MNIST database of handwritten digits"). Unsigned bytes are read; other types are
/// refused by name.
package struct IDXFile: Equatable, Sendable {
    /// The largest size in bytes, of the file and inflated.
    package static let largestSize = 1 << 30

    /// The extent of every axis, at least one.
    package let shape: [Int]
    /// The elements in row-major order.
    package let values: [UInt8]
    /// What errors call the file.
    let name: String

    /// Reads a file.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, is no IDX file of unsigned bytes, or has more or fewer
    ///   elements than its header says.
    package init(path: String) throws {
        try self.init(bytes: FileContents.readInflated(path, limit: Self.largestSize), name: path)
    }

    /// Reads the bytes of a file that is not compressed. `name` stands for the file in errors.
    ///
    /// - Throws: `RecurrentError` as `init(path:)`.
    package init(bytes: [UInt8], name: String) throws {
        guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
            let found = bytes.prefix(4).map { String($0, radix: 16) }.joined(separator: " ")
            throw RecurrentError(
                "\(name), byte 0: \(found.isEmpty ? "the file is empty" : "found \(found)"); expected an IDX file, "
                    + "which begins with 0 0 8 and the number of axes")
        }
        guard bytes[2] == 8 else {
            let type = Self.typeNames[bytes[2]] ?? "of the unknown type \(bytes[2])"
            throw RecurrentError("\(name), byte 2: the elements are \(type); expected unsigned bytes (8)")
        }
        let start = 4 + 4 * Int(bytes[3])
        guard bytes[3] >= 1, bytes.count >= start else {
            throw RecurrentError(
                "\(name), byte 3: a header with \(bytes[3]) axes in a file of \(bytes.count) bytes; expected at least "
                    + "one axis, and 4 bytes for each")
        }
        let shape = stride(from: 4, to: start, by: 4).map { place in
            bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        let (count, overflow) = shape.reduce((1, false)) { product, extent in
            let next = product.0.multipliedReportingOverflow(by: extent)
            return (next.partialValue, product.1 || next.overflow)
        }
        guard !overflow, count == bytes.count - start else {
            throw RecurrentError(
                "\(name): the header says \(shape.map(String.init).joined(separator: " x ")) elements, which are "
                    + "\(overflow ? "too many to count" : "\(count)"); found \(bytes.count - start) after it")
        }
        self.shape = shape
        self.values = Array(bytes[start...])
        self.name = name
    }

    private static let typeNames: [UInt8: String] = [
        0x09: "signed bytes (9)", 0x0B: "16-bit integers (11)", 0x0C: "32-bit integers (12)",
        0x0D: "32-bit floating-point numbers (13)", 0x0E: "64-bit floating-point numbers (14)",
    ]
}
