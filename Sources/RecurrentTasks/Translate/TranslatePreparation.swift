import Recurrent
import RecurrentData
import RecurrentTraining

/// What a translator needs to know beside its weights: the words of both languages.
public struct TranslatePreparation: Codable, Equatable, Sendable {
    /// The words of the sentences that are translated.
    package let source: SentenceVocabulary
    /// The words of the translations.
    package let target: SentenceVocabulary

    /// Pairs as token numbers.
    func tokens(of pairs: SentencePairs) -> TranslateExamples {
        TranslateExamples(
            sources: pairs.pairs.map { source.encode($0.source) }, targets: pairs.pairs.map { target.encode($0.target) }
        )
    }
}

/// Pairs of sentences as token numbers.
struct TranslateExamples: Sendable {
    /// How long a pair is. Pairs of like targets stand together, and of these those of like sources: what the decoder
    /// writes costs most.
    struct Lengths: Comparable {
        let source, target: Int

        static func < (one: Lengths, other: Lengths) -> Bool {
            (one.target, one.source) < (other.target, other.source)
        }
    }

    let sources: [[Int32]]
    let targets: [[Int32]]

    package var count: Int { sources.count }

    var lengths: [Lengths] { zip(sources, targets).map { Lengths(source: $0.count, target: $1.count) } }

    /// Some of the pairs side by side.
    func batch(_ places: some Collection<Int>) -> SequencePairs {
        SequencePairs(sources: places.map { sources[$0] }, targets: places.map { targets[$0] })
    }

    /// The mean cross-entropy of the tokens that are to be written, in nats.
    func loss(of network: TranslateNetwork) -> Double {
        let parts = ExampleParts.ofLikeLengths(lengths, size: 128)
        return Evaluation.meanLoss(over: parts) { places in
            let pairs = batch(places)
            return (Double(network.model.loss(on: pairs).scalar) * Double(pairs.tokenCount), pairs.tokenCount)
        }
    }
}
