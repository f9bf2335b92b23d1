import Foundation

/// Pictures of how a training run went.
public enum LearningCurves {
    /// The losses, and every other measure, over the steps of training; by their file names without extension.
    /// - Parameter unit: What the loss is measured in.
    public static func pictures(of history: [HistoryLine], unit: String) -> [(name: String, picture: any Picture)] {
        []
    }
}

extension RunDirectory {
    /// Writes a picture among the run's.
    ///
    /// - Returns: The path of the file.
    /// - Throws: `RecurrentError` where it cannot be written.
    public func save(_ picture: any Picture, named name: String) throws -> String {
        if mkdir(picturesPath, 0o777) != 0 && errno != EEXIST {
            throw RecurrentError.system(errno, "cannot make the directory", path: picturesPath)
        }
        let file = "\(picturesPath)/\(name).svg"
        try AtomicFile.write(Data(picture.svg().utf8), to: file)
        return file
    }
}
