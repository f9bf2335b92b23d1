import Recurrent
import RecurrentTasks

/// The seeds that networks are trained from: all are reported, none is chosen.
private let seeds: ClosedRange<UInt64> = 0...9

extension ReproductionRow {
    /// An LSTM of five units whose outputs are the logits, Adam 0.1, 2000 steps.
    static let hihello = spelling(
        "hihello", "hihello", source: "notes \"RNN in TensorFlow\": Training", optimizer: Adam(learningRate: 0.1),
        steps: 2000, needed: 6)

    /// An LSTM as wide as the vocabulary whose outputs are the logits, gradient descent 0.1, 3000 steps.
    static let ifYouWant = spelling(
        "if-you-want", " if you want you", source: "notes \"RNN in TensorFlow\": RNN long sequences",
        optimizer: SGD(learningRate: 0.1), steps: 3000, needed: 3)

    /// The LSTM of which a text's characters after the first must be the most likely ones, for so many seeds at least.
    private static func spelling(
        _ name: String, _ text: String, source: String, optimizer: some Optimizer, steps: Int, needed: Int
    ) -> ReproductionRow {
        ReproductionRow(name, source: source) { _, _ in
            let lesson = NextCharacterLesson(text, window: text.count - 1)
            let size = lesson.vocabulary.count
            let expected = String(text.dropFirst())
            let got = seeds.map { seed in
                let spelled = lesson.predictions(
                    seed: seed, optimizer: optimizer, steps: steps,
                    network: {
                        NextCharacterLesson.basicLSTMCell(inputSize: size, hiddenSize: size, &$0["cell"])
                    },
                    logits: { $0.unroll($1).outputs })[0]
                return SpelledText(seed: seed, text: spelled, isExpected: spelled == expected)
            }
            return .texts(expected: expected, got: got, needed: needed)
        }
    }
}

extension ReproductionRow {
    /// Windows of ten, all in one batch, two LSTM layers as wide as the vocabulary, a softmax layer, Adam 0.1, 500
    /// steps. As in the notes, the first window's prediction is written out, followed by the last character of every
    /// other; the notes' own begins with a wrong character, so what counts is the last character of every window.
    static let longSentence = ReproductionRow("long-sentence", source: "notes \"RNN in TensorFlow\": Stacked RNN") {
        _, _ in
        let window = 10
        let lesson = NextCharacterLesson(TextConfiguration.sentence, window: window)
        let size = lesson.vocabulary.count
        let expected = String(TextConfiguration.sentence.dropFirst(window))
        let got = seeds.map { seed in
            let predictions = lesson.predictions(
                seed: seed, optimizer: Adam(learningRate: 0.1), steps: 500,
                network: { binder in SentenceNetwork(size: size, &binder) },
                logits: { $0.output($0.cell.unroll($1).outputs) })
            let text = predictions[0] + String(predictions.dropFirst().compactMap(\.last))
            return SpelledText(seed: seed, text: text, isExpected: text.dropFirst(window - 1) == expected)
        }
        return .texts(expected: expected, got: got, needed: 9)
    }

    private struct SentenceNetwork {
        let cell: StackedCells<LSTMCell>
        let output: Dense

        init(size: Int, _ binder: inout Binder) {
            cell = StackedCells(
                (0..<2).map { layer in
                    NextCharacterLesson.basicLSTMCell(inputSize: size, hiddenSize: size, &binder["cell", layer])
                })
            output = Dense(inputSize: size, outputSize: size, &binder["output"])
        }
    }
}
