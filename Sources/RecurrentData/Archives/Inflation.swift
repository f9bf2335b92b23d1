import CZlib
import Recurrent

/// Compressed bytes made whole again by zlib, a piece at a time, so that a small file cannot fill the memory.
struct Inflation {
    /// What stands around the compressed data.
    enum Wrapper {
        /// Members as in a `.gz` file, one after another (RFC 1952).
        case gzip
        /// One stream, as within a PNG file (RFC 1950).
        case zlib
        /// Nothing: a bare stream without a checksum, as in a zip archive (RFC 1951).
        case none

        /// How zlib is asked for it: 15 bits of window, 16 more for gzip, negative for none.
        fileprivate var windowBits: Int32 {
            switch self {
            case .gzip: 15 + 16
            case .zlib: 15
            case .none: -15
            }
        }
    }

    /// The bytes every gzip member begins with.
    static let gzipMagic: [UInt8] = [0x1F, 0x8B]

    private static let pieceSize = 1 << 16
    private let stream: UnsafeMutablePointer<z_stream>
    private let wrapper: Wrapper
    private let name: String

    /// Inflates everything, with the checksums that the wrapper has.
    ///
    /// - Parameters:
    ///   - bytes: The compressed bytes, to their end.
    ///   - limit: The largest result in bytes; more is an error as soon as it shows.
    ///   - name: What errors call the bytes, usually the path of a file.
    /// - Throws: `RecurrentError` where the bytes are cut short, corrupt, followed by others, or too many.
    static func inflate(_ bytes: [UInt8], _ wrapper: Wrapper, limit: Int, name: String) throws -> [UInt8] {
        // zlib keeps the address of the stream, which must therefore not move.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        let status = inflateInit2_(stream, wrapper.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw RecurrentError("\(name): zlib cannot be started (status \(status))") }
        defer { inflateEnd(stream) }
        return try Inflation(stream: stream, wrapper: wrapper, name: name).run(bytes, limit: limit)
    }

    private func run(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        var consumed = 0
        while true {
            let (status, read, written) = step(bytes, from: consumed, into: &piece)
            consumed += read
            guard output.count + written <= limit else {
                throw RecurrentError("\(name): the inflated data are larger than \(limit) bytes, the most that is read")
            }
            output.append(contentsOf: piece[..<written])
            switch status {
            case Z_OK where read > 0 || written > 0: continue
            case Z_STREAM_END:
                if consumed == bytes.count { return output }
                guard wrapper == .gzip, bytes[consumed...].starts(with: Self.gzipMagic) else {
                    throw RecurrentError(
                        "\(name), byte \(consumed): \(bytes.count - consumed) bytes follow the end of the compressed "
                            + "data; expected none")
                }
                inflateReset(stream)
            case Z_OK, Z_BUF_ERROR:
                throw RecurrentError(
                    "\(name): the compressed data are cut short after \(bytes.count) bytes; expected more, and a "
                        + "checksum at the end")
            default:
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)"
                throw RecurrentError("\(name), byte \(consumed): the compressed data are corrupt (\(reason))")
            }
        }
    }

    /// Inflates one piece.
    ///
    /// - Returns: zlib's status, how many bytes were read and how many were written.
    private func step(_ bytes: [UInt8], from start: Int, into piece: inout [UInt8]) -> (Int32, Int, Int) {
        // zlib counts in 32 bits.
        let available = min(bytes.count - start, 1 << 30)
        return bytes.withUnsafeBufferPointer { input in
            piece.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + start) }
                stream.pointee.avail_in = UInt32(available)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                let status = CZlib.inflate(stream, Z_NO_FLUSH)
                return (
                    status, available - Int(stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out)
                )
            }
        }
    }
}
