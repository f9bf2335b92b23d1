import Recurrent

/// An array of numbers from a `.npy` file (NumPy, "NEP 1: A Simple File Format for NumPy Arrays").
///
/// Booleans, whole numbers of 8 to 64 bits and floating-point numbers of 16 to 64 bits are read, in either order of
/// bytes and of axes. Arrays of Python objects are refused: reading them means running what the file says.
package struct NPYArray: Equatable, Sendable {
    /// The largest size in bytes of a file.
    package static let largestSize = 1 << 30
    /// The most elements of a file, and of all arrays of an archive together: here each takes eight bytes, whatever it
    /// takes in the file.
    package static let mostElements = 1 << 27

    /// The extent of every axis; none for a single number.
    package let shape: [Int]
    /// The numbers in row-major order. Whole numbers beyond 2^53 are rounded.
    package let values: [Double]
    /// What errors call the array.
    let name: String

    /// Reads the bytes of a file. `name` stands for the file in errors.
    ///
    /// - Throws: `RecurrentError` where the bytes are no `.npy` file, of another type, too many, or more or fewer than the
    ///   header says.
    package init(bytes: [UInt8], name: String) throws {
        try self.init(bytes: bytes, mostElements: Self.mostElements, name: name)
    }

    init(bytes: [UInt8], mostElements: Int, name: String) throws {
        let (header, start) = try Self.header(bytes, name: name)
        guard let element = NPYElement(header.type) else {
            throw RecurrentError(
                header.type.contains("O")
                    ? "\(name): the elements are Python objects, which are not read because that would run code from "
                        + "the file; save plain numbers, such as one array [N, 3] and one of offsets"
                    : "\(name): the elements are of the type \(header.type.prefix(40)); expected booleans, integers or "
                        + "floating-point numbers")
        }
        let (count, overflow) = header.shape.reduce((1, false)) { product, extent in
            let next = product.0.multipliedReportingOverflow(by: extent)
            return (next.partialValue, product.1 || next.overflow)
        }
        let (size, sizeOverflow) = count.multipliedReportingOverflow(by: element.size)
        guard !overflow, !sizeOverflow, size == bytes.count - start else {
            throw RecurrentError(
                "\(name): the header says \(header.shape) elements of \(element.size) bytes; found "
                    + "\(bytes.count - start) bytes after it")
        }
        guard count <= mostElements else {
            throw RecurrentError(
                "\(name): the array has \(count) elements; expected at most \(mostElements), the most that are read")
        }
        let values = element.values(bytes, from: start, count: count)
        self.values = header.isFortranOrder ? Self.rowMajor(values, header.shape) : values
        self.shape = header.shape
        self.name = name
    }

    /// Finds the header and where the numbers begin.
    private static func header(_ bytes: [UInt8], name: String) throws -> (header: NPYHeader, start: Int) {
        guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 12 else {
            throw RecurrentError("\(name), byte 0: no .npy file, which begins with 0x93 and NUMPY")
        }
        let numbers = LittleEndianBytes(bytes)
        guard (1...3).contains(bytes[6]) else {
            throw RecurrentError("\(name), byte 6: version \(bytes[6]) of the format; expected 1, 2 or 3")
        }
        let begin = bytes[6] == 1 ? 10 : 12
        let end = begin + numbers.integer(8, size: begin - 8)
        guard end <= bytes.count, end - begin <= 1 << 16 else {
            throw RecurrentError("\(name), byte 8: the header has \(end - begin) bytes, more than the file or 65536")
        }
        return (try NPYHeader(bytes[begin..<end], name: name), end)
    }

    /// The numbers of an array whose first axis runs fastest, in the order in which the last one does.
    private static func rowMajor(_ values: [Double], _ shape: [Int]) -> [Double] {
        guard shape.count > 1, !values.isEmpty else { return values }
        var strides: [Int] = []
        for axis in shape.indices { strides.append(axis == 0 ? 1 : strides[axis - 1] * shape[axis - 1]) }
        var result: [Double] = []
        result.reserveCapacity(values.count)
        var index = Array(repeating: 0, count: shape.count)
        for _ in values.indices {
            result.append(values[zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }])
            var axis = shape.count - 1
            while axis >= 0 {
                index[axis] += 1
                if index[axis] < shape[axis] { break }
                index[axis] = 0
                axis -= 1
            }
        }
        return result
    }
}

/// How the numbers of a `.npy` file are written.
private struct NPYElement {
    let size: Int
    private let isBigEndian: Bool
    private let convert: @Sendable (UInt64) -> Double

    /// The element of a type as NumPy names it, such as `<f4`.
    init?(_ type: String) {
        guard type.utf8.count == 3, let order = type.first, let kind = type.dropFirst().first,
            let size = type.last?.wholeNumberValue, "<>|=".contains(order)
        else { return nil }
        self.size = size
        isBigEndian = order == ">"
        switch (kind, size) {
        case ("b", 1): convert = { $0 == 0 ? 0 : 1 }
        case ("u", 1), ("u", 2), ("u", 4), ("u", 8): convert = { Double($0) }
        case ("i", 1): convert = { Double(Int8(truncatingIfNeeded: $0)) }
        case ("i", 2): convert = { Double(Int16(truncatingIfNeeded: $0)) }
        case ("i", 4): convert = { Double(Int32(truncatingIfNeeded: $0)) }
        case ("i", 8): convert = { Double(Int64(bitPattern: $0)) }
        case ("f", 2): convert = { halfPrecision(UInt16(truncatingIfNeeded: $0)) }
        case ("f", 4): convert = { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) }
        case ("f", 8): convert = { Double(bitPattern: $0) }
        default: return nil
        }
    }

    func values(_ bytes: [UInt8], from start: Int, count: Int) -> [Double] {
        (0..<count).map { index in
            let place = start + index * size
            var word: UInt64 = 0
            for byte in 0..<size {
                word |= UInt64(bytes[place + byte]) << UInt64(8 * (isBigEndian ? size - 1 - byte : byte))
            }
            return convert(word)
        }
    }
}

/// A number of 16 bits (IEEE 754), which Swift has no type for on every machine.
private func halfPrecision(_ bits: UInt16) -> Double {
    let sign: Double = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 1023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
    }
}
