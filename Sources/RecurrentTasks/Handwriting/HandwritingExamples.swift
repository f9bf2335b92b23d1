import Recurrent
import RecurrentData

/// Drawings of a batch: what the network reads, and what it is to foresee.
///
/// A drawing's first step, which leads to where it begins, is given and not foreseen.
struct HandwritingBatch {
    /// Every step but the last, `[time, batch, 3]`.
    let movements: Tensor
    /// The step after each, of the same shape.
    let targets: Tensor
    /// The number of movements of every drawing.
    let lengths: [Int]
    /// What is written; nil for a network without a window.
    let texts: WindowTexts?

    /// Puts drawings of two or more steps, of movements of a like size, side by side.
    init(_ drawings: [PenDrawing], texts: [[Int32]], symbols: Int) {
        let batch = PenBatch(drawings)
        let time = batch.steps.shape[0]
        movements = batch.steps.slice(0..<time - 1)
        targets = batch.steps.slice(1..<time)
        lengths = batch.lengths.map { $0 - 1 }
        self.texts = symbols == 0 ? nil : WindowTexts(texts, symbols: symbols)
    }

    /// The number of movements that are foreseen.
    var count: Int { lengths.reduce(0, +) }

    /// The sum of what is a mean over the batch's movements.
    func weighted(_ mean: Tensor) -> Double { Double(count) * Double(mean.scalar) }

    /// The mean negative log-likelihood of the steps under the network's densities, with the bounds of gradients that
    /// belong to it.
    func meanLoss(of network: HandwritingNetwork) -> Tensor {
        let outputs = network(movements, writing: texts, lengths: lengths, meanOver: count).outputs
        return mixtureDensityLoss(outputs: outputs, targets: targets, lengths: lengths).sum() / Float(count)
    }

    /// The mean negative log-likelihood under one density for all steps.
    func meanLoss(ofOutputs row: [Float]) -> Tensor {
        let (time, batch) = (targets.shape[0], targets.shape[1])
        let outputs = Tensor(
            (0..<time * batch).flatMap { _ in row }, shape: [time, batch, row.count])
        return mixtureDensityLoss(outputs: outputs, targets: targets, lengths: lengths).sum() / Float(count)
    }
}

/// Scaled drawings and their texts.
struct HandwritingExamples: Sendable {
    let drawings: [PenDrawing]
    let texts: [[Int32]]
    let symbols: Int

    /// - Throws: `RecurrentError` with the first text that the preparation does not fit.
    init(_ drawings: [PenDrawing], _ preparation: HandwritingPreparation, name: String) throws {
        self.drawings = drawings.map(preparation.scaler.transform)
        symbols = preparation.symbols
        do {
            texts = symbols == 0 ? [] : try drawings.map { try preparation.encode($0.text ?? "") }
        } catch { throw RecurrentError("\(name): \(error)") }
    }

    var count: Int { drawings.count }
    var lengths: [Int] { drawings.map(\.steps.count) }

    func batch(_ indices: [Int]) -> HandwritingBatch {
        HandwritingBatch(
            indices.map { drawings[$0] }, texts: symbols == 0 ? [] : indices.map { texts[$0] }, symbols: symbols)
    }
}
