import Foundation

extension RunDirectory {
    /// Writes a picture among the run's.
    ///
    /// - Returns: The path of the file.
    /// - Throws: `RecurrentError` where it cannot be written.
    public func save(_ picture: any Picture, named name: String) throws -> String {
        try saveAmongPictures(picture.svg(), "\(name).svg")
    }

    /// Writes a graph in Graphviz' language among the run's pictures.
    ///
    /// - Returns: The path of the file.
    /// - Throws: `RecurrentError` where it cannot be written.
    public func save(dot: String, named name: String) throws -> String { try saveAmongPictures(dot, "\(name).dot") }

    private func saveAmongPictures(_ text: String, _ name: String) throws -> String {
        if mkdir(picturesPath, 0o777) != 0 && errno != EEXIST {
            throw RecurrentError.system(errno, "cannot make the directory", path: picturesPath)
        }
        let file = "\(picturesPath)/\(name)"
        try AtomicFile.write(Data(text.utf8), to: file)
        return file
    }
}
