import Recurrent

extension BenchmarkComparison {
    /// The softmax over all words of a vocabulary, and over a few of them.
    package static let sampledSoftmax = sampledSoftmax(of: [
        WordPrediction(words: 10_000, width: 128, batch: 512, samples: 512),
        WordPrediction(words: 50_000, width: 128, batch: 512, samples: 512),
    ])

    static func sampledSoftmax(of predictions: [WordPrediction]) -> BenchmarkComparison {
        BenchmarkComparison(
            "sampled-softmax",
            "training steps (Adam) with the softmax over all words, and over a few, with dense and with lazy updates",
            columns: ["full ms", "sampled dense ms", "sampled lazy ms", "times faster"]
        ) { seconds, each in
            for prediction in predictions {
                let times = prediction.times(StepTiming(seconds: seconds))
                try each(prediction.label, times.map { $0 * 1e3 } + [times[0] / times[2]])
            }
        }
    }
}

/// An embedding, and the prediction of a word from it.
struct WordPrediction: Sendable {
    let words: Int
    let width: Int
    let batch: Int
    let samples: Int

    fileprivate var label: String { "\(words) words of \(width), batch of \(batch), \(samples) samples" }

    private struct Network: Sendable {
        let embedding: Embedding
        let output: SampledSoftmaxOutput

        init(_ prediction: WordPrediction, updates: RowUpdates, _ binder: inout Binder) {
            embedding = Embedding(
                tokens: prediction.words, width: prediction.width, updates: updates, &binder["embedding"])
            output = SampledSoftmaxOutput(
                inputSize: prediction.width, classes: prediction.words, samples: prediction.samples, updates: updates,
                &binder["output"])
        }

        func fullLoss(_ words: IntegerTensor, _ next: IntegerTensor) -> Tensor {
            sparseSoftmaxCrossEntropy(logits: output(embedding(words)), labels: next).mean()
        }

        func sampledLoss(_ words: IntegerTensor, _ next: IntegerTensor) -> Tensor {
            output.loss(embedding(words), labels: next).mean()
        }
    }

    private func model(_ updates: RowUpdates) -> Model<Network> {
        Model(seed: 1) { Network(self, updates: updates, &$0) }
    }

    fileprivate func times(_ timing: StepTiming) -> [Double] {
        var models = [model(.dense), model(.dense), model(.lazy)]
        var optimizers = Array(repeating: Adam(learningRate: 1e-3), count: 3)
        var random = RandomSource(seed: 1, operation: 2)
        let none = IntegerTensor([Int32](), shape: [0])
        let sampler = LogUniformSampler(classes: words)
        let inputs = sampler.withReplacement(batch, labels: none, random: &random).classes
        let labels = sampler.withReplacement(batch, labels: none, random: &random).classes
        return timing.medians([
            { models[0].train(with: &optimizers[0], clipping: .globalNorm(5)) { $0.fullLoss(inputs, labels) } },
            { models[1].train(with: &optimizers[1], clipping: .globalNorm(5)) { $0.sampledLoss(inputs, labels) } },
            { models[2].train(with: &optimizers[2], clipping: .globalNorm(5)) { $0.sampledLoss(inputs, labels) } },
        ])
    }
}
