import Recurrent
import RecurrentData
import RecurrentTraining

/// Training pictures, and those of them that are held back for validation: the first.
struct TrainingImages: Sendable {
    /// All of them.
    let images: LabelledImages
    /// Those held back.
    let heldBack: Range<Int>
    /// Which of the others stand together, counted from the first of these.
    var plan: BatchPlan

    /// Holds the first of the pictures back.
    ///
    /// - Throws: `RecurrentError` where the rest is less than a batch.
    init(_ images: LabelledImages, batchSize: Int, validationFraction: Double, name: String) throws {
        self.images = images
        heldBack = 0..<Int((Double(images.count) * validationFraction).rounded())
        let count = images.count - heldBack.count
        guard count >= batchSize else {
            throw RecurrentError(
                "\(name) has \(images.count) training pictures, of which \(heldBack.count) are held back for "
                    + "validation; a batch needs \(batchSize): lower `batchSize` or `validationFraction`")
        }
        plan = try BatchPlan(count: count, batchSize: batchSize, remainder: .leftOut)
    }

    /// The places of a batch's pictures.
    func batch(_ position: Int) -> [Int] { plan[position].map { heldBack.count + $0 } }
}
