import Foundation

extension TensorFile {
    /// Reads a file in the safetensors format, from any writer.
    ///
    /// Where the metadata has a checksum, as everything written by this library has, it is checked; a file of another
    /// writer may have none.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, is not of the format, is damaged, or has values of
    ///   another type than F32.
    public init(contentsOf path: String) throws {
        try self.init(data: FileContents.read(path, limit: .max - 1), file: path)
    }

    /// Reads the bytes of a file in the safetensors format.
    ///
    /// Where the metadata has a checksum, as everything written by `encoded()` has, it is checked; a file of another
    /// writer may have none.
    ///
    /// - Parameters:
    ///   - data: The whole file.
    ///   - file: What errors call the file, usually its path.
    /// - Throws: `RecurrentError` where the file is not of the format, is damaged, or has values of another type than
    ///   F32.
    package init(data: Data, file: String) throws {
        try self.init(data, file: file) { header, bytes in
            guard header.metadata[Self.checksumKey] != nil else { return }
            try Self.verifyChecksum(header, bytes, file: file)
        }
    }

    /// Reads the bytes of a file that was written by `encoded()`, whose checksum must be there.
    ///
    /// - Throws: `RecurrentError` as `init(data:file:)`, and where there is no checksum.
    package init(verified data: Data, file: String) throws {
        try self.init(data, file: file) { header, bytes in try Self.verifyChecksum(header, bytes, file: file) }
    }

    private init(
        _ data: Data, file: String, verify: (TensorFileHeader, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        self = try data.withUnsafeBytes { bytes in
            let headerSize = try Self.headerSize(bytes, file: file)
            let header = try TensorFileHeader([UInt8](bytes[8..<(8 + headerSize)]), file: file)
            let entries = header.entries.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
            try Self.check(entries, dataSize: bytes.count - 8 - headerSize, file: file)
            try verify(header, bytes)
            var metadata = header.metadata
            metadata[Self.checksumKey] = nil
            let values = UnsafeRawBufferPointer(rebasing: bytes[(8 + headerSize)...])
            return TensorFile(metadata: metadata, entries: try entries.map { try Self.read($0, values, file) })
        }
    }

    private static func headerSize(_ bytes: UnsafeRawBufferPointer, file: String) throws -> Int {
        guard bytes.count >= 8 else {
            throw RecurrentError("\(file): the file has \(bytes.count) bytes; a safetensors file has at least 8")
        }
        let size = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard size <= UInt64(largestHeader) else {
            throw RecurrentError(
                "\(file): the header would have \(size) bytes; a safetensors file has at most \(largestHeader)")
        }
        guard Int(size) <= bytes.count - 8 else {
            throw RecurrentError(
                "\(file): the header should have \(size) bytes, but only \(bytes.count - 8) follow: the file is cut off "
                    + "or no safetensors file")
        }
        return Int(size)
    }

    /// Checks entries in the order of their data: without holes, of the sizes of their shapes, to the end of the file.
    private static func check(_ entries: [TensorFileHeader.Entry], dataSize: Int, file: String) throws {
        var end = 0
        for entry in entries {
            guard entry.start == end, entry.end >= entry.start else {
                throw RecurrentError(
                    "\(file): tensor \"\(entry.name)\" has the data_offsets [\(entry.start), \(entry.end)]; "
                        + "expected them to begin at \(end), where the tensor before it ends")
            }
            end = entry.end
        }
        for entry in entries {
            guard let bits = bitsOfTypes[entry.type] else {
                throw RecurrentError("\(file): tensor \"\(entry.name)\" has the unknown dtype \"\(entry.type)\"")
            }
            let size = elementCount(entry.shape)?.multipliedReportingOverflow(by: bits)
            guard let size, !size.overflow, size.partialValue % 8 == 0,
                size.partialValue / 8 == entry.end - entry.start
            else {
                throw RecurrentError(
                    "\(file): tensor \"\(entry.name)\" has \(entry.end - entry.start) bytes, which is not the size of "
                        + "\(entry.type) values of the shape \(entry.shape)")
            }
        }
        guard end == dataSize else {
            throw RecurrentError(
                "\(file): the tensors have \(end) bytes, but the file has \(dataSize) after its header: "
                    + (end > dataSize ? "it is cut off" : "something was added"))
        }
    }

    private static func read(
        _ entry: TensorFileHeader.Entry, _ data: UnsafeRawBufferPointer, _ file: String
    ) throws -> Entry {
        guard entry.type == "F32" else {
            throw RecurrentError(
                "\(file): tensor \"\(entry.name)\" has the dtype \(entry.type); only F32 can be read: convert the file")
        }
        let source = UnsafeRawBufferPointer(rebasing: data[entry.start..<entry.end])
        let values = [Float](unsafeUninitializedCapacity: source.count / 4) { buffer, initialized in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
            initialized = source.count / 4
        }
        return Entry(name: entry.name, shape: entry.shape, values: values)
    }

    private static func verifyChecksum(
        _ header: TensorFileHeader, _ bytes: UnsafeRawBufferPointer, file: String
    ) throws {
        guard let written = header.metadata[checksumKey], let offset = header.checksumOffset,
            written.utf8.count == emptyChecksum.utf8.count
        else {
            throw RecurrentError(
                "\(file): the checksum is missing or damaged; expected a file that Recurrent has saved")
        }
        let start = 8 + offset
        var checksum = Checksum()
        checksum.update(UnsafeRawBufferPointer(rebasing: bytes[..<start]))
        checksum.update(Array(emptyChecksum.utf8))
        checksum.update(UnsafeRawBufferPointer(rebasing: bytes[(start + written.utf8.count)...]))
        guard checksum.hexadecimal == written else {
            throw RecurrentError(
                "\(file): the file is damaged: its checksum is \(checksum.hexadecimal) and should be \(written)")
        }
    }

    /// The dtypes of the format and the bits of a value.
    private static let bitsOfTypes: [String: Int] = [
        "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F6_E2M3": 6, "F6_E3M2": 6, "F4": 4,
        "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "F64": 64, "I64": 64, "U64": 64,
        "C64": 64,
    ]
}
