import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentPictures

/// A small character model follows PyTorch's training, from `Fixtures/make_text_training.py`.
@Suite struct TextTrainingTests {
    struct Content: Decodable {
        struct Case: Decodable {
            let name: String
            let cell: String
            let maximumNorm: Float
            let initialWeights: [String: Fixture.Numbers]
            let losses: [Double]
            let gradientNorms: [Double]
            let finalOutputBias: [Double]
        }
        let text: String
        let vocabulary: [String]
        let batchSize, sequenceLength, hidden, layers: Int
        let learningRate, epsilon: Float
        let cases: [Case]
    }

    struct Network<Cell: RecurrentCell> {
        let cell: StackedCells<Cell>
        let output: Dense

        init(layers: Int, input: Int, hidden: Int, _ binder: inout Binder, _ make: (Int, inout Binder) -> Cell) {
            cell = StackedCells((0..<layers).map { make($0 == 0 ? input : hidden, &binder["cell", $0]) })
            output = Dense(inputSize: hidden, outputSize: input, &binder["output"])
        }
    }

    @Test func lossesAndNormsAreThoseOfPyTorch() throws {
        let content: Content = try Fixture.decode("text_training")
        #expect(content.cases.count == 3)
        let (hidden, layers, size) = (content.hidden, content.layers, content.vocabulary.count)
        for fixture in content.cases {
            if fixture.cell == "lstm" {
                try follow(
                    fixture, of: content,
                    Model(seed: 1) { binder in
                        Network(layers: layers, input: size, hidden: hidden, &binder) { input, binder in
                            LSTMCell(inputSize: input, hiddenSize: hidden, forgetBias: 0, &binder)
                        }
                    })
            } else {
                try follow(
                    fixture, of: content,
                    Model(seed: 1) { binder in
                        Network(layers: layers, input: size, hidden: hidden, &binder) { input, binder in
                            GRUCell(inputSize: input, hiddenSize: hidden, &binder)
                        }
                    })
            }
        }
    }

    private func follow<Cell>(
        _ fixture: Content.Case, of content: Content, _ start: Model<Network<Cell>>
    ) throws {
        var model = start
        #expect(Set(model.parameters.layout.entries.map(\.name)) == Set(fixture.initialWeights.keys))
        for (name, weight) in fixture.initialWeights {
            #expect(model.parameters[name]?.shape == weight.shape, "\(name)")
            model.parameters.set(name, to: weight.values.map { Float($0) })
        }
        let vocabulary = try CharacterVocabulary(of: content.text)
        #expect(vocabulary.characters.map { String($0) } == content.vocabulary)
        let streams = try TextStreams(
            tokens: vocabulary.encode(content.text), batchSize: content.batchSize,
            sequenceLength: content.sequenceLength)
        var optimizer = Adam(learningRate: content.learningRate, epsilon: content.epsilon)
        var state: StackedCells<Cell>.State?
        for step in 0..<fixture.losses.count {
            let index = step % streams.windowsPerEpoch
            if index == 0 { state = nil }
            let window = streams.window(index)
            let shape = [content.sequenceLength, content.batchSize]
            let carried = state
            let made = model.train(with: &optimizer, clipping: .globalNorm(fixture.maximumNorm)) { network in
                let inputs = IntegerTensor(window.inputs, shape: shape).oneHot(depth: vocabulary.size)
                let result = network.cell.unroll(inputs, from: carried)
                let loss = sequenceLoss(
                    logits: network.output(result.outputs), targets: IntegerTensor(window.targets, shape: shape))
                return (loss, result.state.detached())
            }
            state = made.other
            #expect(abs(Double(made.loss) / fixture.losses[step] - 1) < 1e-4, "\(fixture.name), step \(step)")
            #expect(abs(made.gradientNorm / fixture.gradientNorms[step] - 1) < 1e-3, "\(fixture.name), step \(step)")
        }
        let bias = try #require(model.parameters["output.bias"])
        #expect(difference(bias.doubles, fixture.finalOutputBias) < 1e-4)
    }
}
