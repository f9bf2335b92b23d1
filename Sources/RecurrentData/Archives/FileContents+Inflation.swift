import Recurrent

extension FileContents {
    /// Reads a file or a pipe to its end, and inflates what begins as gzip does, whatever the file is called.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The largest size in bytes that is read, and that inflated bytes may have.
    /// - Throws: `RecurrentError` as `read`, and where the gzip data are cut short, corrupt, followed by something else
    ///   or larger than the limit.
    package static func readInflated(_ path: String, limit: Int) throws -> [UInt8] {
        let bytes: [UInt8] = try contents(path, limit: limit)
        guard bytes.starts(with: Inflation.gzipMagic) else { return bytes }
        return try Inflation.inflate(bytes, .gzip, limit: limit, name: path)
    }
}
