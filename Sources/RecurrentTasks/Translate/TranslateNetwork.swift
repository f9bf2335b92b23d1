import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// The encoder and decoder that translates.
public struct TranslateNetwork: StoredNetwork, Sendable {
    /// The encoder and decoder, with parameters as it names them.
    package let model: EncoderDecoder
    private let samples: Int?
    private let random: RandomSource?

    /// Makes the network of a configuration.
    public init(_ configuration: TranslateConfiguration, _ preparation: TranslatePreparation, _ binder: inout Binder) {
        model = EncoderDecoder(
            configuration.network, sourceVocabulary: preparation.source.size,
            targetVocabulary: preparation.target.size, &binder)
        samples = configuration.samples
        random = binder.randomStream()
    }

    /// What a training step brings down: the mean cross-entropy of the tokens that are to be written, over all tokens or
    /// over those drawn for a sampled softmax. The most frequent tokens have the lowest numbers, as the draw expects.
    func trainingLoss(on pairs: SequencePairs) -> Tensor {
        guard let samples, let random else { return model.loss(on: pairs) }
        let output = SampledSoftmaxOutput(model.output, samples: samples, random: random)
        let losses = output.loss(model.outputs(on: pairs), labels: pairs.written.tokens)
        return (losses * pairs.weights).sum() / Float(pairs.tokenCount)
    }

    /// The translations of sentences, in their order.
    ///
    /// - Parameters:
    ///   - sentences: The sentences; they are brought into normal form first.
    ///   - preparation: The words.
    ///   - maximumLength: The most words of a translation.
    ///   - beam: How translations are searched for; the most likely word after word where nil.
    /// - Throws: `RecurrentError` where the weights are no numbers.
    package func translations(
        of sentences: [String], _ preparation: TranslatePreparation, maximumLength: Int, beam: BeamSearch? = nil
    ) throws -> [Translation] {
        let normal = sentences.map(SentencePairs.normalized)
        let sources = normal.map { preparation.source.encode($0) }
        var translations = [Translation?](repeating: nil, count: sources.count)
        for places in ExampleParts.ofLikeLengths(sources.map(\.count), size: max(1, 256 / (beam?.width ?? 1))) {
            let batch = PaddedBatch(places.map { sources[$0] })
            let found =
                try beam.map { try model.beam(batch, $0).map { $0[0] } }
                ?? model.greedy(batch, maximumLength: maximumLength)
            for (place, hypothesis) in zip(places, found) {
                translations[place] = Translation(
                    source: normal[place], text: try preparation.target.decode(hypothesis.tokens),
                    unknownWords: preparation.source.unknownWords(in: normal[place]), hypothesis: hypothesis)
            }
        }
        return translations.compactMap { $0 }
    }
}

/// A sentence and what a network makes of it in another language.
public struct Translation: Equatable, Sendable {
    /// The sentence in normal form.
    public let source: String
    /// The translation in normal form: words and punctuation marks with spaces between them.
    public let text: String
    /// The words of the sentence that the network does not know, and reads as `<unk>`.
    public let unknownWords: [String]
    /// The tokens of the translation, with their probability and where the network looked while it wrote them.
    public let hypothesis: Hypothesis

    /// Where the network looked while it wrote, as a picture; nil without attention.
    public var attentionPicture: HeatMap? {
        guard !hypothesis.attention.isEmpty else { return nil }
        func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
        return HeatMap(
            title: "Where the decoder looks", attention: hypothesis, source: words(source), target: words(text))
    }
}

extension CorpusBLEU {
    /// The score of translations of sentences, each with all that are known as its references.
    init(_ translations: [Translation], of sentences: [SentencePairs.Sentence]) {
        self.init()
        for (translation, sentence) in zip(translations, sentences) {
            add(translation.text, references: sentence.translations)
        }
    }
}

extension TaskRun<TranslateTask> {
    /// Judges a network on pairs of sentences: the mean cross-entropy, in nats, of the words of the translations and their
    /// ends; the BLEU of its own translations, of each distinct sentence once; and the shares of words that the
    /// vocabularies lack, of the sentences and of their translations.
    ///
    /// - Throws: `RecurrentError` where the weights are no numbers.
    package func evaluation(
        of network: TranslateNetwork, on pairs: SentencePairs, beam: BeamSearch? = nil
    ) throws -> (loss: Double, bleu: CorpusBLEU, unknownShares: (source: Double, target: Double)) {
        let examples = preparation.tokens(of: pairs)
        let sentences = pairs.sentences
        let translations = try network.translations(
            of: sentences.map(\.source), preparation, maximumLength: configuration.maximumTokens, beam: beam)
        func unknownShare(_ sequences: [[Int32]]) -> Double {
            let unknown = sequences.reduce(0) { $0 + $1.count { $0 == SpecialToken.unknown } }
            return Double(unknown) / Double(max(1, sequences.reduce(0) { $0 + $1.count }))
        }
        return (
            examples.loss(of: network), CorpusBLEU(translations, of: sentences),
            (unknownShare(examples.sources), unknownShare(examples.targets))
        )
    }
}
