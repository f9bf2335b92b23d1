import Recurrent

/// Pictures for training and for testing from one directory, as MNIST, Fashion-MNIST and EMNIST come.
public struct ImageDataSet: Equatable, Sendable {
    /// The pictures to train on.
    public let training: LabelledImages
    /// The pictures to test on: of the same size, and of no class that training lacks.
    public let test: LabelledImages

    /// The label of the first class: 1 where training has every label from 1 on and label 0 stands nowhere, as in EMNIST's
    /// letters; otherwise 0.
    package let firstLabel: Int

    /// Reads the four files of a directory, which have the names they are published under:
    /// `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`,
    /// or `test` for `t10k`, or with a dot as in `train-images.idx3-ubyte`, each with or without `.gz`, in small or capital
    /// letters, and all with or without the name of the set before, as in `emnist-letters-train-images-idx3-ubyte`.
    ///
    /// - Parameter directory: The directory. Where it has several sets with names, that of one stands after a slash, as in
    ///   `gzip/emnist-letters`.
    /// - Throws: `RecurrentError` listing the names that were looked for and those that were found, or where there are
    ///   several sets, a file is wrong or the two parts do not belong together.
    public init(directory: String) throws {
        let paths = try ImageSetFiles(at: directory).paths
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
        let labels = Set(training.labels)
        let areAllFromOne = labels.count >= 2 && labels.count == training.classCount - 1 && !labels.contains(0)
        firstLabel = areAllFromOne && !test.labels.contains(0) ? 1 : 0
    }
}
