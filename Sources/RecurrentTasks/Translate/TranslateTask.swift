import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTraining

/// Training of a translator: batches of pairs of like lengths, their losses, and how well it does on sentences that it is
/// not trained on.
///
/// The best of several evaluations is the one with the lowest loss on the validation part.
public struct TranslateTask: StoredTask, BatchedTask {
    package let configuration: TranslateConfiguration
    package let preparation: TranslatePreparation
    /// What was left out of the file: pairs with an empty sentence, and with one that is too long.
    package let leftOut: (empty: Int, long: Int)
    /// The sentences that show how it does while it trains.
    package let samples: [SentencePairs.Sentence]
    /// The sentences that show how it does in the end.
    let evaluated: [SentencePairs.Sentence]
    let training: TranslateExamples
    private let validation: TranslateExamples
    /// Which pairs stand together.
    public var plan: BatchPlan

    /// Reads the pairs.
    public static func read(_ configuration: TranslateConfiguration) throws -> TranslateSource {
        try TranslateSource(configuration, missing: "a file of sentences and translations with tabs between") { path in
            try SentencePairs(
                path: path, sourceColumn: configuration.sourceColumn, targetColumn: configuration.targetColumn,
                limit: configuration.maximumTokens, encoding: configuration.encoding)
        } write: { pairs, fingerprint in
            for pair in pairs.pairs { fingerprint.update(text: "\(pair.source)\t\(pair.target)\n") }
        }
    }

    /// The words of the pairs for training.
    public static func prepare(
        _ source: TranslateSource, _ configuration: TranslateConfiguration
    ) throws -> TranslatePreparation {
        let pairs = try source.parts(configuration).training.pairs
        func vocabulary(_ sentences: [String]) throws -> SentenceVocabulary {
            try SentenceVocabulary(
                of: sentences, limit: configuration.vocabularyLimit, minimumCount: configuration.minimumCount,
                name: source.name)
        }
        return TranslatePreparation(
            source: try vocabulary(pairs.map(\.source)), target: try vocabulary(pairs.map(\.target)))
    }

    /// Divides the pairs, and turns them into tokens.
    public init(
        _ configuration: TranslateConfiguration, preparation: TranslatePreparation, source: TranslateSource
    ) throws {
        self.configuration = configuration
        self.preparation = preparation
        if let samples = configuration.samples, samples > preparation.target.size {
            throw RecurrentError(
                "`samples` is \(samples), but the translations have \(preparation.target.size) tokens; expected at "
                    + "most as many")
        }
        let parts = try source.parts(configuration)
        leftOut = (source.data.whole.emptyCount, source.data.whole.longCount)
        training = preparation.tokens(of: parts.training)
        validation = preparation.tokens(of: parts.validation)
        samples = Array(parts.validation.sentences.prefix(256))
        evaluated = parts.evaluation { $0.count == 0 }.part.sentences
        plan = try BatchPlan(
            lengths: training.lengths, batchSize: configuration.batchSize,
            groupedBatches: configuration.usesBuckets ? 16 : 1)
    }

    /// Bytes that training will need, roughly: for sentences of the full length.
    public static func estimatedBytes(_ configuration: Configuration, _ preparation: Preparation) -> Double {
        let rows = (configuration.maximumTokens + 1) * configuration.batchSize
        return configuration.network.trainingBytes(
            sourceVocabulary: preparation.source.size, targetVocabulary: preparation.target.size, sourceRows: rows,
            targetRows: rows)
    }

    /// The share of steps of the pass under way that are padding, from 0 to 1: of what the encoder reads, and of what the
    /// decoder writes.
    package var paddingShares: (source: Double, target: Double) {
        (
            plan.paddingShare(lengths: training.lengths.map(\.source)),
            plan.paddingShare(lengths: training.lengths.map { $0.target + 1 })
        )
    }

    /// The mean cross-entropy of the words of a batch's translations and their ends.
    public func loss(of network: TranslateNetwork, position: Int) -> Tensor {
        network.trainingLoss(on: training.batch(plan[position]))
    }

    /// The mean cross-entropy on the validation part, and the BLEU of translations of its first sentences.
    public func validation(of network: TranslateNetwork) throws -> Evaluation? {
        guard validation.count > 0 else { return nil }
        let bleu = CorpusBLEU(try translations(of: samples, by: network), of: samples)
        return Evaluation(loss: validation.loss(of: network), measures: ["BLEU": bleu.score])
    }

    /// What a network makes of some sentences, word by most likely word.
    ///
    /// - Throws: `RecurrentError` where the weights are no numbers.
    package func translations(
        of sentences: some Collection<SentencePairs.Sentence>, by network: TranslateNetwork
    ) throws -> [Translation] {
        try network.translations(
            of: sentences.map(\.source), preparation, maximumLength: configuration.maximumTokens)
    }

    // Pictures of attention, of the first sentences that have enough words to show anything.
    private static let drawnSentences = (count: 4, words: 6)

    /// Where the network looks while it translates some of the sentences that were kept for the test.
    public func pictures(of network: TranslateNetwork) throws -> [NamedPicture] {
        let long = evaluated.filter { $0.source.split(separator: " ").count >= Self.drawnSentences.words }
        let step = max(1, long.count / Self.drawnSentences.count)
        let drawn = stride(from: 0, to: long.count, by: step).prefix(Self.drawnSentences.count).map { long[$0] }
        return try translations(of: drawn, by: network).compactMap(\.attentionPicture).enumerated()
            .map { NamedPicture("attention-\($0.offset + 1)", $0.element) }
    }

    /// The encoder, the decoder, and what it looks at.
    public static func graph(
        _ configuration: TranslateConfiguration, _ preparation: TranslatePreparation, parameters: ParameterLayout
    ) -> NetworkGraph {
        configuration.network.graph(
            title: "Translator", sourceVocabulary: preparation.source.size,
            targetVocabulary: preparation.target.size, parameters: parameters)
    }
}

/// Pairs of sentences, and those of other files for validation and test.
public typealias TranslateSource = TaskSource<SeparableData<SentencePairs>>
