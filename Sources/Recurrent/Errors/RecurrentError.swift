import Foundation

/// What is wrong with something that came from outside: a file, an argument, a request.
///
/// The description names the file or option, the place in it, what was found and what was expected or can be done,
/// so that it can be printed as it stands.
public struct RecurrentError: Error, CustomStringConvertible, LocalizedError, Equatable, Sendable {
    /// The whole message, ready to be printed.
    public let description: String

    /// Makes an error with a message that can be printed as it stands.
    public init(_ description: String) {
        self.description = description
    }

    /// The message, for code that prints any error through Foundation.
    public var errorDescription: String? { description }
}

extension RecurrentError {
    /// The error for a failed system call, with advice for the failures a user can do something about.
    ///
    /// - Parameters:
    ///   - code: The value of `errno` right after the call.
    ///   - action: What was attempted, as in "cannot write".
    ///   - path: The file or directory it was attempted on.
    package static func system(_ code: Int32, _ action: String, path: String) -> RecurrentError {
        let reason: String
        switch code {
        case ENOSPC:
            reason = "no space is left on the device; free some space and resume the run"
        case EDQUOT:
            reason = "the disk quota is used up; free some space and resume the run"
        case EFBIG:
            reason = "the file would be larger than the file-size limit; raise the limit (ulimit -f) and resume the run"
        case EACCES, EPERM:
            reason = "permission denied; check who owns the file and its directory, or choose another path"
        case EROFS:
            reason = "the file system is read-only; choose another path"
        case ENOENT:
            reason = "no such file or directory"
        case ENOTDIR:
            reason = "a part of the path is not a directory"
        case EISDIR:
            reason = "it is a directory; expected a file"
        case ENAMETOOLONG:
            reason = "the name is too long"
        default:
            reason = String(cString: strerror(code))
        }
        return RecurrentError("\(path): \(action): \(reason)")
    }
}
