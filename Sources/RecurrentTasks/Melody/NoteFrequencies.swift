import Foundation
import Recurrent
import RecurrentData

/// How often each pitch sounds in the training pieces: the model that every other must beat, in which notes depend on
/// nothing.
public struct NoteFrequencies: Codable, Equatable, Sendable {
    /// The probability of each of MIDI's 128 pitches at any time step.
    package let probabilities: [Double]

    /// Counts. Every pitch is taken to have sounded once and been silent once more than it did, so that none is impossible.
    package init(of pieces: [Tune]) {
        var counts = [Int](repeating: 1, count: Tune.pitchCount)
        for pitch in pieces.lazy.flatMap(\.steps).joined() { counts[pitch] += 1 }
        let steps = pieces.reduce(2) { $0 + $1.steps.count }
        probabilities = counts.map { Double($0) / Double(steps) }
    }

    /// The negative log-likelihood of pieces in nats a time step, summed over the pitches.
    package func negativeLogLikelihood(of pieces: [Tune]) -> Double {
        let silence = probabilities.reduce(0) { $0 - log1p(-$1) }
        let (sum, steps) = pieces.reduce(into: (0.0, 0)) { total, piece in
            total.1 += piece.steps.count
            for pitch in piece.steps.joined() {
                total.0 += log1p(-probabilities[pitch]) - log(probabilities[pitch])
            }
        }
        return silence + sum / Double(max(1, steps))
    }

    private enum CodingKeys: String, CodingKey {
        case probabilities
    }

    /// Reads `{"probabilities": [...]}` and checks that there is one between 0 and 1 for every pitch.
    public init(from decoder: any Decoder) throws {
        probabilities = try decoder.container(keyedBy: CodingKeys.self).decode([Double].self, forKey: .probabilities)
        guard probabilities.count == Tune.pitchCount, probabilities.allSatisfy({ $0 > 0 && $0 < 1 }) else {
            throw RecurrentError(
                "probabilities are not \(Tune.pitchCount) numbers above 0 and below 1, one for each pitch")
        }
    }
}
