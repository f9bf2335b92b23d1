import Foundation
import Recurrent

/// Pictures for training and for testing from one directory, as MNIST and Fashion-MNIST come.
public struct ImageDataSet: Equatable, Sendable {
    /// The pictures to train on.
    public let training: LabelledImages
    /// The pictures to test on: of the same size, and of no class that training lacks.
    public let test: LabelledImages

    /// Reads the four files of a directory, which have the names they are published under:
    /// `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`,
    /// or with a dot as in `train-images.idx3-ubyte`, each with or without `.gz`.
    ///
    /// - Throws: `RecurrentError` listing the names that were looked for, or where a file is wrong or the two parts do
    ///   not belong together.
    public init(directory: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw RecurrentError(
                "\(directory): there is no such directory; expected one with train-images-idx3-ubyte and so on")
        }
        let paths = try Self.files.map { try Self.find($0, in: directory) }
        try self.init(
            training: LabelledImages(imagesPath: paths[0], labelsPath: paths[1]),
            test: LabelledImages(imagesPath: paths[2], labelsPath: paths[3]), name: directory)
    }

    init(training: LabelledImages, test: LabelledImages, name: String) throws {
        guard training.rows == test.rows, training.columns == test.columns else {
            throw RecurrentError(
                "\(name): the training pictures have \(training.rows) x \(training.columns) pixels and the test "
                    + "pictures \(test.rows) x \(test.columns); expected one size")
        }
        guard test.classCount <= training.classCount else {
            throw RecurrentError(
                "\(name): the test labels reach \(test.classCount - 1) and the training labels "
                    + "\(training.classCount - 1); expected no class that is not trained")
        }
        self.training = training
        self.test = test
    }

    private static let files = [
        ("train-images", "idx3-ubyte"), ("train-labels", "idx1-ubyte"), ("t10k-images", "idx3-ubyte"),
        ("t10k-labels", "idx1-ubyte"),
    ]

    /// The path of the first of a file's names that there is.
    private static func find(_ file: (stem: String, ending: String), in directory: String) throws -> String {
        let names = ["-", "."].flatMap { mark in
            ["", ".gz"].map { "\(file.stem)\(mark)\(file.ending)\($0)" }
        }
        let paths = names.map { directory + "/" + $0 }
        guard let path = paths.first(where: { access($0, F_OK) == 0 }) else {
            throw RecurrentError(
                "\(directory): there is no file of \(file.stem); looked for \(names.joined(separator: ", "))")
        }
        return path
    }
}
