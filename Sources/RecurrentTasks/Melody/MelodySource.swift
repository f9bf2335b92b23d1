import Foundation
import Recurrent
import RecurrentData
import RecurrentTraining

/// Pieces of music for training, validation and test.
public typealias MelodySource = TaskSource<SeparableData<[Tune]>>

extension MelodySource {
    /// Reads the files of a configuration, or makes tunes: the same for every seed.
    ///
    /// - Throws: `RecurrentError` naming the file and place of what cannot be used.
    package init(_ configuration: MelodyConfiguration) throws {
        func pieces(_ path: String?) throws -> [Tune]? { try path.map { try TuneFile(path: $0).all } }
        let file = try configuration.data.map { try TuneFile(path: $0) }
        var random = RandomSource(seed: 0, operation: .max)
        let data = SeparableData(
            file?.pieces ?? GeneratedTunes.tunes(MelodyConfiguration.generatedCount, random: &random),
            validation: try pieces(configuration.validationData) ?? file?.heldBack?.validation,
            test: try pieces(configuration.testData) ?? file?.heldBack?.test)
        self.init(data, name: configuration.data ?? "generated tunes", fingerprint: data.fingerprint)
    }
}

extension TaskRun<MelodyTask> {
    /// The pieces that the run kept for its test, or all of another file, and what they are called.
    ///
    /// - Throws: `RecurrentError` where they cannot be read.
    package func evaluationPieces(of path: String?) throws -> (pieces: [Tune], name: String) {
        let (pieces, name) = try evaluated(of: path)
        return (try path.map { try TuneFile(path: $0).all } ?? pieces, name)
    }
}

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
}
