import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentTasks

/// What smaller weights cost a trained network: bounds on the perplexity of text that it was not trained on.
@Suite struct WeightPrecisionTests {
    /// Words in no order: what there is to learn is how they are spelled.
    private static let text: String = {
        var random = RandomSource(seed: 11)
        let words = ["the ", "sea ", "ship ", "and ", "wood\n", "long ", "work, ", "this ", "wind "]
        return random.uniform(count: 2500, from: 0, to: Float(words.count)).map { words[Int($0)] }.joined()
    }()

    @Test(arguments: [CellKind.lstm, .gru]) func perplexityHardlyChanges(_ cell: CellKind) throws {
        var configuration = TextConfiguration()
        configuration.cell = cell
        configuration.hiddenSize = 48
        configuration.layers = 2
        let vocabulary = try CharacterVocabulary(of: Self.text, name: "the test's text")
        let tokens = try TextVocabulary.characters(vocabulary).encode(Self.text)
        let (training, validation) = (Array(tokens.prefix(9000)), Array(tokens.suffix(1000)))
        let streams = try TextStreams(tokens: training, batchSize: 20, sequenceLength: 30, name: "the test's text")
        var model = Model(seed: 2) { [configuration] binder in
            TextNetwork(configuration, .characters(vocabulary), &binder)
        }
        var optimizer = Adam(learningRate: 0.01)
        for step in 0..<150 {
            let window = streams.window(step % streams.windowsPerEpoch)
            let inputs = IntegerTensor(window.inputs, shape: [30, 20])
            let targets = IntegerTensor(window.targets, shape: [30, 20])
            model.train(with: &optimizer, clipping: .globalNorm(5)) { network in
                sequenceLoss(logits: network(inputs, from: nil).logits, targets: targets)
            }
        }
        model.evaluate { network in
            let unrolled = TextTask.meanLoss(of: validation, under: network)
            #expect(unrolled < 1, "the network has learned nothing: \(unrolled)")
            func ratio(_ weights: WeightPrecision) -> Double {
                exp(TextTask.meanLoss(of: validation, under: network, weights: weights) - unrolled)
            }
            #expect(abs(ratio(.float32) - 1) < 1e-5)
            #expect(abs(ratio(.bfloat16) - 1) < 1e-3 && ratio(.bfloat16) != ratio(.float32))
            #expect(abs(ratio(.int8) - 1) < 5e-3 && ratio(.int8) != ratio(.float32))
        }
    }
}
