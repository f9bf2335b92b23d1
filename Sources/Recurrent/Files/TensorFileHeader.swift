/// The header of a safetensors file as it was written, before its numbers are checked against the file.
struct TensorFileHeader {
    struct Entry {
        var name: String
        var type: String
        var shape: [Int]
        var start: Int
        var end: Int
    }

    var metadata: [String: String] = [:]
    var entries: [Entry] = []
    /// Where the eight digits of the checksum begin, counted from the beginning of the header.
    var checksumOffset: Int?

    /// Reads a header's JSON text, strictly: nothing but what the format has, and no key twice.
    ///
    /// - Parameters:
    ///   - bytes: The header without the length before it.
    ///   - file: What errors call the file.
    init(_ bytes: [UInt8], file: String) throws {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw RecurrentError("\(file): the header is not UTF-8 text; expected a safetensors file")
        }
        var scanner = JSONScanner(bytes, name: file, part: "the header", expected: "a safetensors file")
        var names = Set<String>()
        try scanner.object { scanner, name, place in
            guard names.insert(name).inserted else {
                throw scanner.failure("the key \"\(name)\" is there twice", place)
            }
            if name == TensorFile.metadataKey {
                try readMetadata(&scanner)
            } else {
                entries.append(try Self.entry(&scanner, name: name, place: place))
            }
        }
        try scanner.end()
    }

    private mutating func readMetadata(_ scanner: inout JSONScanner) throws {
        try scanner.object { scanner, key, place in
            let valuePlace = scanner.position
            let value = try scanner.string()
            guard metadata.updateValue(value, forKey: key) == nil else {
                throw scanner.failure("the metadata key \"\(key)\" is there twice", place)
            }
            // The digits count only where they stand as they are, or there would be bytes outside the checksum.
            let isVerbatim = scanner.position - valuePlace == value.utf8.count + 2
            if key == TensorFile.checksumKey, isVerbatim { checksumOffset = valuePlace + 1 }
        }
    }

    private static func entry(_ scanner: inout JSONScanner, name: String, place: Int) throws -> Entry {
        var (type, shape, offsets): (String?, [Int]?, [Int]?)
        try scanner.object { scanner, key, place in
            switch key {
            case "dtype" where type == nil: type = try scanner.string()
            case "shape" where shape == nil: shape = try scanner.integers()
            case "data_offsets" where offsets == nil: offsets = try scanner.integers()
            default: throw scanner.failure("the key \"\(key)\" of tensor \"\(name)\" is unknown or there twice", place)
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw scanner.failure("tensor \"\(name)\" needs a dtype, a shape and two data_offsets", place)
        }
        return Entry(name: name, type: type, shape: shape, start: offsets[0], end: offsets[1])
    }
}
