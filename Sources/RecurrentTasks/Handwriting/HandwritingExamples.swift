import Recurrent
import RecurrentData

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
