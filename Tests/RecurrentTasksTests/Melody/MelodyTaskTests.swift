import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentTasks
@testable import RecurrentTraining

@Suite struct MelodyTaskTests {
    private static func small() -> MelodyConfiguration {
        var configuration = MelodyConfiguration()
        (configuration.hiddenSize, configuration.layers) = (12, 2)
        configuration.sequenceLength = 20
        return configuration
    }

    private static func model(_ configuration: MelodyConfiguration = small()) -> Model<MelodyNetwork> {
        MelodyTask.makeModel(configuration, NoteFrequencies(of: []))
    }

    private static let scale = Tune(steps: [[60], [62], [], [64, 67], [64, 67], [60, 64, 67]])

    @Test func theLossIsTheMeanOverStepsAndPaddingIsNeverRead() {
        let long = Tune(steps: Array(repeating: [40, 50, 60], count: 9))
        Self.model().evaluate { network in
            func loss(_ pieces: [Tune]) -> Double {
                Double(MelodyBatch(MelodyBatch.parts(of: pieces, limit: 100)).loss(of: network).scalar)
            }
            let (first, second) = (loss([Self.scale]), loss([long]))
            #expect(abs(loss([Self.scale, long]) - (6 * first + 9 * second) / 15) < 1e-4)
            #expect(abs(network.negativeLogLikelihood(of: [Self.scale, long]) - loss([Self.scale, long])) < 1e-4)
        }
    }

    /// A network of zeros gives every pitch one half.
    @Test func anUndecidedNetworkTakesOneBitForEveryPitch() {
        var model = Self.model()
        for entry in model.parameters.layout.entries {
            model.parameters.set(entry.name, to: Array(repeating: 0, count: entry.count))
        }
        let loss = model.evaluate { $0.negativeLogLikelihood(of: [Self.scale]) }
        #expect(abs(loss - 128 * log(2)) < 1e-4)
    }

    /// Parts of a long piece begin with what sounded before them, and only the piece itself with silence.
    @Test func longPiecesAreCut() {
        let parts = MelodyBatch.parts(of: [Self.scale], limit: 4)
        #expect(parts.map(\.first) == [0, 4] && parts.map(\.count) == [4, 2])
        let batch = MelodyBatch(parts)
        #expect(batch.lengths == [4, 2] && batch.inputs.shape == [4, 2, 128])
        func pitches(_ roll: Tensor, _ step: Int, _ part: Int) -> [Int] {
            let row = roll.values[(step * 2 + part) * 128..<(step * 2 + part + 1) * 128]
            return row.enumerated().filter { $0.element == 1 }.map(\.offset)
        }
        #expect((0..<4).map { pitches(batch.inputs, $0, 0) } == [[], [60], [62], []])
        #expect((0..<4).map { pitches(batch.targets, $0, 0) } == [[60], [62], [], [64, 67]])
        #expect((0..<4).map { pitches(batch.inputs, $0, 1) } == [[64, 67], [64, 67], [], []])
        #expect((0..<4).map { pitches(batch.targets, $0, 1) } == [[64, 67], [60, 64, 67], [], []])
        #expect(batch.inputs.values.reduce(0, +) == 6 && batch.targets.values.reduce(0, +) == 9)
    }

    @Test func independentNotesAreCounted() throws {
        let frequencies = NoteFrequencies(of: [Tune(steps: [[60], [60, 64]])])
        #expect(frequencies.probabilities[60] == 0.75 && frequencies.probabilities[64] == 0.5)
        #expect(frequencies.probabilities[0] == 0.25)
        let expected = -log(0.75) - log(0.5) - 126 * log(0.75)
        #expect(abs(frequencies.negativeLogLikelihood(of: [Tune(steps: [[60, 64]])]) - expected) < 1e-9)
        let data = try JSONEncoder().encode(frequencies)
        #expect(try JSONDecoder().decode(NoteFrequencies.self, from: data) == frequencies)
        for json in [#"{"probabilities":[0.5]}"#, "{\"probabilities\":\(Array(repeating: 1, count: 128))}", "{}"] {
            #expect(throws: (any Error).self) {
                let stored = try JSONDecoder().decode(NoteFrequencies.self, from: Data(json.utf8))
                try MelodyTask.check(stored, MelodyConfiguration())
            }
        }
    }

    @Test func trainingIsTheSameInPartsAndOnOneThread() throws {
        try withTemporaryDirectory { directory in
            var configuration = Self.small()
            configuration.dropout = 0.2
            let same = try leadsToTheSameBits(MelodyTask.self, configuration, in: directory)
            #expect(same)
        }
    }

    /// What comes next is learned: the loss falls below that of notes that depend on nothing.
    @Test func theModelBeatsIndependentNotes() throws {
        try withTemporaryDirectory { directory in
            var configuration = MelodyConfiguration()
            configuration.hiddenSize = 48
            configuration.optimization.learningRate = 0.01
            try train(MelodyTask.self, configuration, at: directory + "/run", until: 400)
            let run = try TaskRun<MelodyTask>(openingAt: directory + "/run")
            let (pieces, name) = try run.evaluationPieces(of: nil)
            #expect(pieces.count == 40 && name == "the test part of generated tunes")
            let model = try run.model().model
            let loss = model.evaluate { $0.negativeLogLikelihood(of: pieces) }
            #expect(loss < 0.9 * run.preparation.negativeLogLikelihood(of: pieces), "\(loss)")
        }
    }

    @Test func aSeedGivesOneTuneAndTemperatureZeroNone() throws {
        var model = Self.model()
        func tune(_ seed: UInt64, _ temperature: Float) throws -> Tune {
            var generator = try MelodyGenerator(temperature: temperature, seed: seed)
            return try model.evaluate { try generator.tune(12, with: $0) }
        }
        let (first, again, other) = (try tune(1, 1), try tune(1, 1), try tune(2, 1))
        #expect(first.steps.count == 12 && first == again && first != other)
        let (sure, alsoSure) = (try tune(1, 0), try tune(2, 0))
        #expect(sure == alsoSure)
        // Below a bias of 10 only the pitches that are all but sure sound, at any seed.
        var bias = [Float](repeating: -20, count: 128)
        (bias[60], bias[64]) = (20, 20)
        model.parameters.set("output.bias", to: bias)
        let chords = try tune(3, 1)
        #expect(chords.steps == Array(repeating: [60, 64], count: 12))
        bias[3] = .nan
        model.parameters.set("output.bias", to: bias)
        #expect(message { _ = try tune(1, 1) }.hasPrefix("the network gives pitch 3 the logit nan"))
        #expect(throws: RecurrentError.self) { try MelodyGenerator(temperature: -1, seed: 1) }
    }

    @Test func graphHasTheParametersOfTheModel() {
        let (configuration, frequencies) = (Self.small(), NoteFrequencies(of: []))
        let layout = Self.model().parameters.layout
        let graph = MelodyTask.graph(configuration, frequencies, parameters: layout)
        #expect(graph.nodes.reduce(0) { $0 + $1.parameters } == layout.count)
    }
}
