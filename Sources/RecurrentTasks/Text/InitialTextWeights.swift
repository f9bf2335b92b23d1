import Foundation
import Recurrent
import RecurrentData

/// How the weights on both sides of a vocabulary begin, where the configuration does not say.
///
/// Of up to 256 tokens they begin as `Dense`, `Embedding` and the cells have them. Glorot's formula makes them smaller the
/// larger the vocabulary is, though a token is one at a time: with thousands of tokens a model that begins so is far
/// behind one whose weights are of a size that does not depend on the vocabulary. And it begins with what is known of the
/// tokens before anything is learned, their frequencies, in the output layer's bias.
struct InitialTextWeights {
    /// The tokens' vectors.
    let vectors: Initializer
    /// The lowest layer's weights of one-hot tokens; nil as other layers'.
    let oneHotInputs: Initializer?
    /// The output layer's weights.
    let outputs: Initializer
    /// The output layer's bias.
    let outputBias: Initializer

    private static let fewTokens = 256

    init(_ configuration: TextConfiguration, _ vocabulary: TextVocabulary) {
        let hidden = configuration.hiddenSize
        func named(_ name: String?) -> Initializer? { name.map { Initializer.checked($0, hiddenSize: hidden) } }
        let isLarge = vocabulary.size > Self.fewTokens
        // The variance of one over the number of hidden units, whichever way the weight lies.
        let bound = Float((3 / Double(hidden)).squareRoot())
        outputs =
            named(configuration.outputInitializer)
            ?? (isLarge ? .uniform(from: -bound, to: bound) : .glorotUniform)
        vectors =
            configuration.tiesWeights
            ? outputs
            : named(configuration.embeddingInitializer)
                ?? (isLarge ? .normal(standardDeviation: 0.3) : Embedding.usualInitializer)
        oneHotInputs =
            isLarge && configuration.embeddingWidth == nil && configuration.initializer == "glorot-uniform"
            ? .uniform(from: -0.1, to: 0.1) : nil
        outputBias = isLarge ? vocabulary.logarithmsOfFrequencies ?? .zeros : .zeros
    }
}

extension TextVocabulary {
    /// The logarithms of how frequent the tokens are, or nil where that is not known.
    ///
    /// Words are numbered by falling frequency, so that Zipf's law, in the form of `LogUniformSampler`, gives theirs.
    fileprivate var logarithmsOfFrequencies: Initializer? {
        switch self {
        case .characters(let vocabulary):
            guard let counts = vocabulary.counts else { return nil }
            // One more of each than was counted, since what training lacks is not impossible.
            let total = Double(counts.reduce(counts.count, +))
            return Initializer { _, _ in counts.map { Float(log(Double($0 + 1) / total)) } }
        case .bytes, .ascii: return nil
        case .words(let vocabulary):
            let law = LogUniformSampler(classes: vocabulary.size)
            return Initializer { _, _ in (0..<vocabulary.size).map { Float(log(law.probability(of: $0))) } }
        }
    }
}
