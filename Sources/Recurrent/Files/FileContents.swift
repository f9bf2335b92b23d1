import Foundation

/// Reads whole files, with an error of its own for each thing that can be wrong with a path.
package enum FileContents {
    /// Reads a file or a pipe to its end.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The largest size in bytes that is read.
    /// - Throws: `RecurrentError` where the path is missing, a directory, a device or unreadable, or the file larger
    ///   than the limit.
    package static func read(_ path: String, limit: Int) throws -> Data { try contents(path, limit: limit) }

    /// The same, as bytes of any kind.
    package static func contents<Bytes: RangeReplaceableCollection<UInt8>>(
        _ path: String, limit: Int
    ) throws -> Bytes {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw RecurrentError("\"\(path)\" is not a path; expected the name of a file")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            if code == ENOENT { throw RecurrentError("\(path): there is no such file") }
            throw RecurrentError.system(code, "cannot read", path: path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw RecurrentError.system(errno, "cannot read", path: path) }
        switch status.st_mode & S_IFMT {
        case S_IFREG, S_IFIFO: break
        case S_IFDIR: throw RecurrentError("\(path): it is a directory; expected a file")
        default: throw RecurrentError("\(path): it is a device or a socket; expected a file")
        }
        return try read(descriptor, expected: Int(status.st_size), path: path, limit: limit)
    }

    /// Whether a path is a directory.
    package static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// Whether a path is there and is no directory.
    package static func isFile(_ path: String) -> Bool { access(path, F_OK) == 0 && !isDirectory(path) }

    /// Whether a path is a pipe.
    package static func isPipe(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    /// The names of a directory's files and directories in alphabetical order, without hidden ones.
    ///
    /// - Throws: `RecurrentError` where the directory cannot be read.
    package static func names(in directory: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory)
                .filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw RecurrentError("\(directory): cannot read the directory: \(error.localizedDescription)")
        }
    }

    // Bytes that are asked for at a time.
    private static let pieceSize = 1 << 20

    private static func read<Bytes: RangeReplaceableCollection<UInt8>>(
        _ descriptor: Int32, expected: Int, path: String, limit: Int
    ) throws -> Bytes {
        func tooLarge() -> RecurrentError {
            RecurrentError("\(path): the file is larger than \(limit) bytes, the most that is read")
        }
        guard expected <= limit else { throw tooLarge() }
        var bytes = Bytes()
        bytes.reserveCapacity(max(expected, 0))
        let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceSize)
        defer { piece.deallocate() }
        while true {
            let count = Foundation.read(descriptor, piece.baseAddress, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw RecurrentError.system(errno, "cannot read", path: path) }
            guard bytes.count + count <= limit else { throw tooLarge() }
            if count == 0 { return bytes }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: piece[..<count]))
        }
    }
}
