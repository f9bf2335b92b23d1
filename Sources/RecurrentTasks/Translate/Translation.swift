import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

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
