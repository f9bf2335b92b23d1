import Recurrent
import RecurrentData
import RecurrentTraining

/// Two tables of vectors: of words, and of words as contexts of others.
public struct SkipGramNetwork: StoredNetwork, Sendable {
    /// The vectors that are wanted: `[words, width]`.
    package let words: Embedding
    /// Those of contexts: `[words, width]`.
    package let contexts: Embedding
    /// What windows and negatives are drawn from in a training step.
    let random: RandomSource?

    /// Makes the network with the parameters `words.table`, uniform in +-1/(2 width), and `contexts.table`, zeros, as in
    /// word2vec. Training steps move the rows that they look up.
    public init(_ configuration: SkipGramConfiguration, _ preparation: WordFrequencies, _ binder: inout Binder) {
        self.init(words: preparation.words.count, width: configuration.embeddingSize, &binder)
    }

    init(words count: Int, width: Int, _ binder: inout Binder) {
        let reach = 0.5 / Float(width)
        words = Embedding(
            tokens: count, width: width, initializer: .uniform(from: -reach, to: reach), updates: .lazy,
            &binder["words"])
        contexts = Embedding(
            tokens: count, width: width, initializer: .zeros, updates: .lazy, &binder["contexts"])
        random = binder.randomStream()
    }

    /// The loss of every pair, `[pairs]`: -log sigmoid(u v) - the sum over negatives n of log sigmoid(-u n) (Mikolov et
    /// al., "Distributed representations of words and phrases and their compositionality", 2013, equation 4).
    func losses(_ pairs: SkipGramPairs) -> Tensor {
        let (count, width) = (pairs.centres.count, words.table.shape[1])
        let centre = words(pairs.centres)
        let score = (centre * contexts(pairs.contexts)).sum(along: [1])
        let others = (centre.reshaped([count, 1, width]) * contexts(pairs.negatives)).sum(along: [2])
        return softplus(-score) + softplus(others).sum(along: [1])
    }
}
