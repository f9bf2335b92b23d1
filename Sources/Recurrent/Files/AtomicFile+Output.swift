import Foundation

extension AtomicFile {
    /// Writes where a user asked for it, which need not be a file.
    ///
    /// A file is replaced as `write(_:to:)` does, and where the path is a symbolic link, the file that it leads to; the
    /// link stays. A device or a pipe is written to as it is.
    ///
    /// - Throws: `RecurrentError` naming the path, where it is a directory or cannot be written.
    package static func writeOutput(_ data: Data, to path: String) throws {
        guard !path.utf8.contains(0) else { return try write(data, to: path) }
        var status = stat()
        guard stat(path, &status) == 0 else {
            let code = errno
            if code == ENOENT, let target = linkTarget(path) { return try writeOutput(data, to: target) }
            guard code == ENOENT else { throw RecurrentError.system(code, "cannot write", path: path) }
            return try write(data, to: path)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            guard let resolved = realpath(path, nil) else {
                throw RecurrentError.system(errno, "cannot write", path: path)
            }
            defer { free(resolved) }
            try write(data, to: String(cString: resolved))
        case S_IFDIR: throw RecurrentError.system(EISDIR, "cannot write", path: path)
        default: try writeThrough(data, to: path)
        }
    }

    /// Where a symbolic link leads that leads to nothing yet; nil where there is no link.
    private static func linkTarget(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = bytes.withUnsafeMutableBytes { buffer in
            readlink(path, buffer.assumingMemoryBound(to: CChar.self).baseAddress!, buffer.count)
        }
        guard count > 0 else { return nil }
        let target = String(decoding: bytes[..<count], as: UTF8.self)
        guard !target.hasPrefix("/"), let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return target }
        return String(path[...slash]) + target
    }

    /// Writes to what is no file, and so cannot be replaced.
    private static func writeThrough(_ data: Data, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw RecurrentError.system(errno, "cannot write", path: path) }
        do { try write(data, to: descriptor, path: path) } catch {
            close(descriptor)
            throw error
        }
        guard close(descriptor) == 0 || errno == EINTR else {
            throw RecurrentError.system(errno, "cannot write", path: path)
        }
    }
}
