import Foundation

/// Files that are there whole or not at all, whatever kills the writer.
///
/// A file is written beside its place under a temporary name, pushed to the disk, and renamed. A temporary file is
/// locked as long as its writer lives, so that what a killed writer left behind can be told from what is in use.
package enum AtomicFile {
    /// Writes a file, replacing the one that was there.
    ///
    /// What killed writers of the same file left behind is removed.
    ///
    /// - Throws: `RecurrentError` naming the path, with the reason (a full disk, a file-size limit, no permission);
    ///   the file that was there is then untouched, and nothing is left behind.
    package static func write(_ data: Data, to path: String) throws {
        let (directory, name) = split(path)
        guard !name.isEmpty, name != ".", name != "..", !path.utf8.contains(0) else {
            throw RecurrentError("\"\(path)\" is not the name of a file")
        }
        removeLeftovers(in: directory, of: name)
        let (descriptor, temporary) = try makeTemporary(in: directory, for: name, path: path)
        do {
            try write(data, to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw RecurrentError.system(errno, "cannot write", path: path) }
            guard rename(temporary, path) == 0 else { throw RecurrentError.system(errno, "cannot write", path: path) }
        } catch {
            unlink(temporary)
            close(descriptor)
            throw error
        }
        // Some network file systems report only here what went wrong with the data.
        guard close(descriptor) == 0 || errno == EINTR else {
            throw RecurrentError.system(errno, "cannot write", path: path)
        }
        try synchronize(directory: directory)
    }

    /// Lets a write beyond the file-size limit (`ulimit -f`) fail with an error.
    ///
    /// Without this the system kills the process silently (SIGXFSZ). It changes the whole process, so a program calls
    /// it once at its start; the library never does.
    package static func reportFileSizeLimit() {
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Removes the temporary files that killed writers left in a directory; those in use are left alone.
    ///
    /// - Parameters:
    ///   - directory: The directory; where it cannot be read, nothing happens.
    ///   - name: Only those of the file with this name, or of all files.
    package static func removeLeftovers(in directory: String, of name: String? = nil) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else { return }
        for candidate in names where isTemporary(candidate, of: name) {
            let path = directory + "/" + candidate
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
            close(descriptor)
        }
    }

    /// Makes a rename or a new entry in a directory last through a power failure.
    static func synchronize(directory: String) throws {
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RecurrentError.system(errno, "cannot open", path: directory) }
        defer { close(descriptor) }
        // Some file systems cannot do it and say EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw RecurrentError.system(errno, "cannot write", path: directory)
        }
    }

    /// Writes all bytes to an open file.
    package static func write(_ data: Data, to descriptor: Int32, path: String) throws {
        try data.withUnsafeBytes { bytes in
            var position = 0
            while position < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
                // Systems write at most about 2 GiB at once, and some refuse more.
                let count = Foundation.write(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else {
                    throw RecurrentError.system(count < 0 ? errno : ENOSPC, "cannot write", path: path)
                }
                position += count
            }
        }
    }

    private static func makeTemporary(
        in directory: String, for name: String, path: String
    ) throws -> (descriptor: Int32, path: String) {
        for _ in 0..<100 {
            let digits = String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 16)
            let temporary = "\(directory)/.\(name).\(digits)\(suffix)"
            let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else {
                if errno == EEXIST || errno == EINTR { continue }
                throw RecurrentError.system(errno, "cannot write", path: path)
            }
            // Another process that was clearing up may have locked and removed the file before this lock: then again.
            // Where the file system has no locks, nobody clears up either.
            flock(descriptor, LOCK_EX)
            var status = stat()
            if fstat(descriptor, &status) == 0, status.st_nlink == 0 {
                close(descriptor)
                continue
            }
            return (descriptor, temporary)
        }
        throw RecurrentError("\(path): cannot write: no temporary file could be made beside it")
    }

    private static let suffix = ".partial"

    /// Whether a file is named as `makeTemporary` names them: a dot, the name, a dot, eight digits, the suffix.
    private static func isTemporary(_ candidate: String, of name: String?) -> Bool {
        let ending = 9 + suffix.utf8.count
        guard candidate.hasPrefix("."), candidate.hasSuffix(suffix), candidate.utf8.count > ending + 1 else {
            return false
        }
        let middle = candidate.utf8.dropFirst().dropLast(ending)
        let digits = candidate.utf8.suffix(ending).dropFirst().prefix(8)
        let hasDigits = digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        return hasDigits && (name.map { middle.elementsEqual($0.utf8) } ?? true)
    }

    private static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let directory = String(path[..<slash])
        return (directory.isEmpty ? "/" : directory, String(path[path.utf8.index(after: slash)...]))
    }
}
