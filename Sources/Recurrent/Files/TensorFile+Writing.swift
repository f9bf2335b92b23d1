import Foundation

extension TensorFile {
    /// Writes the file, which takes the place of one of that name only when it is whole.
    ///
    /// - Throws: `RecurrentError` where a name is used twice or reserved, a number of values is not that of its shape,
    ///   the header is larger than the format allows, or the file cannot be written.
    public func write(to path: String) throws { try AtomicFile.write(encoded(), to: path) }

    /// The bytes of the file: the same contents give the same bytes.
    ///
    /// Entries are in the order of their names' UTF-8 bytes (all have the type F32, so none is aligned more strictly).
    ///
    /// - Throws: `RecurrentError` where a name is used twice or reserved, a number of values is not that of its shape,
    ///   or the header is larger than the format allows.
    package func encoded() throws -> Data {
        let sorted = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        try check(sorted)
        var header: [UInt8] = [UInt8(ascii: "{")]
        let checksumOffset = writeMetadata(to: &header)
        var offset = 0
        for entry in sorted {
            let end = offset + 4 * entry.values.count
            header.append(UInt8(ascii: ","))
            Self.writeString(entry.name, to: &header)
            let shape = entry.shape.map(String.init).joined(separator: ",")
            header.append(contentsOf: #":{"dtype":"F32","shape":[\#(shape)],"data_offsets":[\#(offset),\#(end)]}"#.utf8)
            offset = end
        }
        header.append(UInt8(ascii: "}"))
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        guard header.count <= Self.largestHeader else {
            throw RecurrentError(
                "the header of a tensor file would have \(header.count) bytes; expected at most \(Self.largestHeader)")
        }
        return Self.assemble(header, checksumOffset: checksumOffset, sorted, dataSize: offset)
    }

    private func check(_ sorted: [Entry]) throws {
        if metadata[Self.checksumKey] != nil {
            throw RecurrentError("the metadata key \"\(Self.checksumKey)\" is reserved; expected another name")
        }
        var seen = Set<String>()
        for entry in sorted {
            guard seen.insert(entry.name).inserted, entry.name != Self.metadataKey else {
                throw RecurrentError("the tensor name \"\(entry.name)\" is used twice or reserved; expected another")
            }
            guard Self.elementCount(entry.shape) == entry.values.count else {
                throw RecurrentError(
                    "tensor \"\(entry.name)\" has \(entry.values.count) values; its shape \(entry.shape) has others")
            }
        }
    }

    /// The number of values of a shape, or nil where it is negative or overflows.
    static func elementCount(_ shape: [Int]) -> Int? {
        var product = 1
        for size in shape {
            let (count, overflow) = product.multipliedReportingOverflow(by: size)
            guard size >= 0, !overflow else { return nil }
            product = count
        }
        return product
    }

    /// Writes the metadata with an empty checksum and returns where in the header the checksum begins.
    private func writeMetadata(to header: inout [UInt8]) -> Int {
        Self.writeString(Self.metadataKey, to: &header)
        header.append(contentsOf: ":{".utf8)
        var checksumOffset = 0
        let keys = metadata.keys + [Self.checksumKey]
        for (index, key) in keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }).enumerated() {
            if index > 0 { header.append(UInt8(ascii: ",")) }
            Self.writeString(key, to: &header)
            header.append(UInt8(ascii: ":"))
            if key == Self.checksumKey { checksumOffset = header.count + 1 }
            Self.writeString(metadata[key] ?? Self.emptyChecksum, to: &header)
        }
        header.append(UInt8(ascii: "}"))
        return checksumOffset
    }

    private static func writeString(_ text: String, to header: inout [UInt8]) {
        header.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): header.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 10: header.append(contentsOf: "\\n".utf8)
            case 0..<32:
                let digits = String(byte, radix: 16)
                header.append(contentsOf: (byte < 16 ? "\\u000" : "\\u00").utf8)
                header.append(contentsOf: digits.utf8)
            default: header.append(byte)
            }
        }
        header.append(UInt8(ascii: "\""))
    }

    private static func assemble(
        _ header: [UInt8], checksumOffset: Int, _ sorted: [Entry], dataSize: Int
    ) -> Data {
        var data = Data(capacity: 8 + header.count + dataSize)
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(contentsOf: header)
        for entry in sorted {
            // Every machine this is built for is little-endian, as the format is.
            entry.values.withUnsafeBytes { data.append(contentsOf: $0) }
        }
        var checksum = Checksum()
        checksum.update(data)
        let place = 8 + checksumOffset
        data.replaceSubrange(place..<(place + emptyChecksum.utf8.count), with: checksum.hexadecimal.utf8)
        return data
    }
}
