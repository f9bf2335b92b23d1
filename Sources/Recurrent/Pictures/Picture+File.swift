import Foundation

extension Picture {
    /// Writes the document as `name.svg` into a directory, which is made where there is none.
    ///
    /// - Returns: The path of the file.
    /// - Throws: `RecurrentError` where it cannot be written.
    public func write(as name: String, into directory: String) throws -> String {
        if mkdir(directory, 0o777) != 0 && errno != EEXIST {
            throw RecurrentError.system(errno, "cannot make the directory", path: directory)
        }
        let file = "\(directory)/\(name).svg"
        try AtomicFile.write(Data(svg().utf8), to: file)
        return file
    }
}
