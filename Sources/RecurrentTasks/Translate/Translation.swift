import Recurrent
import RecurrentData
import RecurrentPictures

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
