/// Bytes that whole numbers are read from, the lowest byte first.
struct LittleEndianBytes {
    private let bytes: [UInt8]

    /// Makes a reader.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// How many there are.
    package var count: Int { bytes.count }

    /// The number of `size` bytes (at most 4) at a place, all of which must be there.
    func integer(_ place: Int, size: Int) -> Int {
        (0..<size).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }

    /// The bytes from a place on, all of which must be there.
    func slice(_ place: Int, count: Int) -> [UInt8] { Array(bytes[place..<place + count]) }

    /// Whether these bytes stand at a place within.
    func starts(with expected: [UInt8], at place: Int) -> Bool { bytes[place...].starts(with: expected) }
}
