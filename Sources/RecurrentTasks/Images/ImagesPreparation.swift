import Recurrent
import RecurrentData
import RecurrentTraining

/// What an image model needs to know of its training data.
public struct ImagesPreparation: Codable, Sendable, Equatable {
    /// The number of rows of a picture: of time steps.
    package let rows: Int
    /// The number of columns: of features.
    package let columns: Int
    /// The number of classes.
    package let classes: Int

    /// The label of the first class; nil for 0.
    package let firstLabel: Int?

    /// The labels of all classes.
    package var labels: Range<Int> { (firstLabel ?? 0)..<(firstLabel ?? 0) + classes }

    /// The classes by their labels.
    package var classNames: [String] { labels.map(String.init) }

    /// What there is to say of the labels.
    package var remarks: [String] {
        firstLabel == nil
            ? [] : ["The labels are counted from 1 to \(labels.upperBound - 1), since no picture has the label 0"]
    }
}

extension ImagesPreparation {
    /// The size of pictures, and the labels of their classes.
    init(of data: ImageDataSet) {
        (rows, columns) = (data.training.rows, data.training.columns)
        classes = data.training.classCount - data.firstLabel
        firstLabel = data.firstLabel == 0 ? nil : data.firstLabel
    }

    /// - Throws: `RecurrentError` where sizes or classes are such as no data set has.
    func check() throws {
        try Setting("`rows`", rows).require(in: 1...65_536)
        try Setting("`columns`", columns).require(in: 1...65_536)
        try Setting("`classes`", classes).require(in: 1...256)
        try Setting("`firstLabel`", firstLabel ?? 0).require(in: 0...1)
    }

    /// Pictures with the model's classes, from 0, in place of their labels.
    ///
    /// - Throws: `RecurrentError` where pictures do not fit the model.
    package func classified(_ images: LabelledImages, name: String) throws -> LabelledImages {
        guard images.rows == rows, images.columns == columns else {
            throw RecurrentError(
                "\(name): the pictures have \(images.rows) x \(images.columns) pixels; the model reads "
                    + "\(rows) x \(columns)")
        }
        guard images.classCount <= labels.upperBound else {
            throw RecurrentError(
                "\(name): the labels reach \(images.classCount - 1); the model knows classes \(labels.lowerBound) to "
                    + "\(labels.upperBound - 1)")
        }
        guard images.labels.allSatisfy({ $0 >= labels.lowerBound }) else {
            throw RecurrentError(
                "\(name): a picture has the label 0; the model knows classes \(labels.lowerBound) to "
                    + "\(labels.upperBound - 1)")
        }
        return images.counted(from: labels.lowerBound)
    }

    /// The pictures of a file, each as its pixels from 0 to 255, row by row.
    ///
    /// - Throws: `RecurrentError` where the file holds none, or its pictures have another size than the model's.
    package func pictures(at path: String) throws -> [ArraySlice<UInt8>] {
        let found = try GreyPicture.pictures(at: path)
        guard found.height == rows, found.width == columns else {
            throw RecurrentError(
                "\(path): \(found.height) x \(found.width) pixels; the model reads \(rows) x \(columns)")
        }
        return found.pictures
    }
}

/// The pictures to train on and to test on.
public typealias ImagesSource = TaskSource<ImageDataSet>

extension ImagesSource {
    /// Reads a directory of pictures.
    ///
    /// - Throws: `RecurrentError` where there is none, or its files are wrong.
    init(directory: String?) throws {
        guard let directory else {
            throw RecurrentError(
                "there are no pictures; expected `data`: a directory with the four files of MNIST, Fashion-MNIST or EMNIST "
                    + "(train-images-idx3-ubyte.gz and so on)")
        }
        let data = try ImageDataSet(directory: directory)
        let parts = [data.training.pixels, data.training.labels, data.test.pixels, data.test.labels]
        self.init(data, name: directory, fingerprint: parts.map { Fingerprint($0).text }.joined(separator: "-"))
    }
}

/// Training pictures, and those of them that are held back for validation: the first.
struct TrainingImages: Sendable {
    /// All of them.
    let images: LabelledImages
    /// Those held back.
    let heldBack: Range<Int>
    /// Which of the others stand together, counted from the first of these.
    let plan: BatchPlan

    /// Holds the first of the pictures back.
    ///
    /// - Throws: `RecurrentError` where the pictures do not fit the model, or the rest is less than a batch.
    init(
        _ source: ImagesSource, _ preparation: ImagesPreparation,
        _ configuration: some RecurrentConfiguration & DividedConfiguration
    ) throws {
        images = try preparation.classified(source.data.training, name: source.name)
        heldBack = 0..<Int((Double(images.count) * configuration.validationFraction).rounded())
        let (count, batchSize) = (images.count - heldBack.count, configuration.batchSize)
        guard count >= batchSize else {
            throw RecurrentError(
                "\(source.name) has \(images.count) training pictures, of which \(heldBack.count) are held back for "
                    + "validation; a batch needs \(batchSize): lower `batchSize` or `validationFraction`")
        }
        plan = try BatchPlan(count: count, batchSize: batchSize, remainder: .leftOut)
    }

    /// The places among all pictures.
    func places(_ batch: [Int]) -> [Int] { batch.map { heldBack.count + $0 } }
}
