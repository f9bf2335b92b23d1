import Foundation

/// Named float arrays and text, kept in the safetensors format.
///
/// Files written here carry a checksum over all their other bytes in their metadata, under "checksum", so that damage
/// is found wherever it is; every other reader of the format takes it for one more text. `TensorFile+Writing.swift`
/// and `TensorFile+Reading.swift` hold the format.
public struct TensorFile: Equatable, Sendable {
    /// One named array.
    public struct Entry: Equatable, Sendable {
        /// The name, by which the entry is found again.
        public var name: String
        /// The dimensions; an empty list is a single number.
        public var shape: [Int]
        /// The values in row-major order.
        public var values: [Float]

        /// Makes an entry. That the number of values is that of the shape is checked when it is written.
        public init(name: String, shape: [Int], values: [Float]) {
            self.name = name
            self.shape = shape
            self.values = values
        }
    }

    /// Texts by name. "checksum" is not among them: it belongs to the file.
    public var metadata: [String: String]
    /// The arrays; in a file that was read, in the order of their data.
    public var entries: [Entry]

    /// Makes the contents of a file.
    public init(metadata: [String: String] = [:], entries: [Entry] = []) {
        self.metadata = metadata
        self.entries = entries
    }

    /// The metadata key whose value is the checksum.
    static let checksumKey = "checksum"
    /// What stands for the checksum while it is computed: as long as a checksum is.
    static let emptyChecksum = "00000000"
    /// The key that holds the metadata in the header.
    static let metadataKey = "__metadata__"
    /// The largest header that the format allows, in bytes.
    static let largestHeader = 100_000_000
}
