/// A short text that differs for different data, by which a resumed run knows its training data again: the checksum and
/// the number of bytes, which can be fed piece by piece.
public struct Fingerprint: Sendable {
    private var checksum = Checksum()
    private var count = 0

    /// The fingerprint of no bytes.
    public init() {}

    /// The fingerprint of bytes that are there as a whole.
    public init(_ bytes: [UInt8]) { update(bytes) }

    /// Feeds the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        checksum.update(bytes)
        count += bytes.count
    }

    /// Feeds the next bytes.
    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// Feeds the next numbers, each as four bytes, the lowest first.
    public mutating func update(numbers: [UInt32]) {
        numbers.map(\.littleEndian).withUnsafeBytes { update($0) }
    }

    /// Feeds a text's bytes in UTF-8.
    public mutating func update(text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The fingerprint of everything fed so far.
    public var text: String { "crc32c:\(checksum.hexadecimal):\(count)" }
}
