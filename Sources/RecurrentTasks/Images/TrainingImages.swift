import Recurrent
import RecurrentData

/// Training pictures in batches that are drawn anew for every epoch, and those held back for validation.
struct TrainingImages: Sendable {
    /// All of them.
    let images: LabelledImages
    /// Those held back: the first.
    let heldBack: Range<Int>
    /// The pictures of a batch.
    let batchSize: Int
    private var order: [Int] = []

    /// Holds the first of the pictures back.
    ///
    /// - Throws: `RecurrentError` where the rest is less than a batch.
    init(_ images: LabelledImages, batchSize: Int, validationFraction: Double, name: String) throws {
        self.images = images
        self.batchSize = batchSize
        heldBack = 0..<Int((Double(images.count) * validationFraction).rounded())
        guard images.count - heldBack.count >= batchSize else {
            throw RecurrentError(
                "\(name) has \(images.count) training pictures, of which \(heldBack.count) are held back for "
                    + "validation; a batch needs \(batchSize): lower `batchSize` or `validationFraction`")
        }
    }

    /// The whole batches of the pictures that are not held back.
    var batchCount: Int { (images.count - heldBack.count) / batchSize }

    /// Draws the order of the pictures.
    mutating func shuffle(_ random: RandomSource) {
        var random = random
        order = random.permutation(images.count - heldBack.count).map { $0 + heldBack.count }
    }

    /// The places of a batch's pictures.
    func batch(_ position: Int) -> ArraySlice<Int> { order[position * batchSize..<(position + 1) * batchSize] }
}
