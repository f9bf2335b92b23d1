import Recurrent
import RecurrentData
import RecurrentTraining

/// The pictures to train on and to test on.
public typealias ImagesSource = TaskSource<ImageDataSet>

extension ImagesSource {
    /// Reads a directory of pictures.
    ///
    /// - Throws: `RecurrentError` where there is none, or its files are wrong.
    init(directory: String?) throws {
        guard let directory else {
            throw RecurrentError(
                "no pictures were given: `data` DIRECTORY with the four files of MNIST or Fashion-MNIST "
                    + "(train-images-idx3-ubyte.gz and so on) says where they are")
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
        images = source.data.training
        try preparation.check(images, name: source.name)
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
