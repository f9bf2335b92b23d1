/// The bytes of a text that is known to be UTF-8, read scalar by scalar.
struct UTF8Text {
    private let bytes: UnsafeBufferPointer<UInt8>

    /// - Parameter bytes: Valid UTF-8, such as a `String` has.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The number of bytes.
    var count: Int { bytes.count }

    /// The scalar that begins at a byte, and how many bytes it has.
    @inline(__always)
    func scalar(at place: Int) -> (value: UInt32, length: Int) {
        let first = bytes[place]
        if first < 0x80 { return (UInt32(first), 1) }
        func next(_ offset: Int) -> UInt32 { UInt32(bytes[place + offset] & 0x3F) }
        if first < 0xE0 { return (UInt32(first & 0x1F) << 6 | next(1), 2) }
        if first < 0xF0 { return (UInt32(first & 0x0F) << 12 | next(1) << 6 | next(2), 3) }
        return (UInt32(first & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
    }

    /// The bytes at some places.
    func bytes(_ places: Range<Int>) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: bytes[places]) }
}
