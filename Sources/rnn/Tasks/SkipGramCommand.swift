import ArgumentParser
import Foundation
import Recurrent
import RecurrentData
import RecurrentTasks
import RecurrentTraining

/// `rnn train skip-gram`.
struct TrainSkipGramCommand: TrainTaskCommand {
    typealias Task = SkipGramTask

    static let configuration = CommandConfiguration(
        commandName: "skip-gram", abstract: "Trains word vectors by skip-gram with negative sampling.",
        discussion: """
            Words that occur near like words get like vectors (Mikolov et al. 2013). The text is read in small letters; \
            its words are letters and digits, and what stands between is left out. Afterwards `rnn predict RUN WORD` \
            shows a word's neighbours, and `rnn export RUN` writes the vectors for other programs.

            Adam at \(Console.short(SkipGramConfiguration().optimization.learningRate)) on the rows that a batch looks \
            up, \(SkipGramTask.usualEpochs) epochs.
            """)

    @Option(help: "A text file (UTF-8).")
    var data: String

    @OptionGroup var encoding: EncodingOption

    @Option(parsing: .unconditional, help: "Width of a word's vector (default: 100).")
    var embeddingSize: Int?

    @Option(
        parsing: .unconditional,
        help: "Largest distance of a word and its context; each word draws its own from 1 to this (default: 5).")
    var window: Int?

    @Option(parsing: .unconditional, help: "Words drawn against every word of a context (default: 5).")
    var negatives: Int?

    @Option(
        parsing: .unconditional,
        help: "Words of a larger share of the text are left out at random now and then; 0 for none (default: 0.001).")
    var subsampling: Double?

    @Option(parsing: .unconditional, help: "How often a word must occur to have a vector (default: 5).")
    var minCount: Int?

    @Option(
        parsing: .unconditional, help: "Words that have a vector at most, the most frequent ones (default: 100000).")
    var vocabularyLimit: Int?

    @Option(parsing: .unconditional, help: "Pairs of words of a batch, on average (default: 1024).")
    var batchSize: Int?

    @Option(parsing: .unconditional, help: "A whole number from 0, which all that is random follows from (default: 1).")
    var seed: UInt64?

    @OptionGroup var division: ValidationOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: SkipGramConfiguration?) -> SkipGramConfiguration {
        var configuration = SkipGramConfiguration()
        configuration.data = RunOptions.absolutePath(data)
        configuration.encoding = encoding.encoding
        configuration.set(\.embeddingSize, embeddingSize ?? initial?.embeddingSize)
        configuration.set(\.window, window)
        configuration.set(\.negatives, negatives)
        configuration.set(\.subsampling, subsampling)
        configuration.set(\.minimumCount, minCount)
        configuration.set(\.vocabularyLimit, vocabularyLimit)
        configuration.set(\.batchSize, batchSize)
        configuration.set(\.seed, seed)
        division.apply(to: &configuration)
        return configuration
    }

    static func runName(_ configuration: SkipGramConfiguration) -> String {
        "skip-gram-\(configuration.embeddingSize)"
    }
}

extension SkipGramTask: PredictingTask, ExportingTask {
    static let unit = "pairs"
    static let lossUnit = "nats a pair"

    static func title(_ configuration: SkipGramConfiguration, _ preparation: WordFrequencies) -> String {
        "Skip-gram: \(Console.grouped(preparation.words.count)) words of \(configuration.embeddingSize), window "
            + "\(configuration.window), \(configuration.negatives) negatives"
    }

    static func use(of run: TaskRun<Self>) -> String {
        "rnn predict \(run.directory.path) \(run.preparation.words[0])"
    }

    // Ranks of the words whose neighbours are shown in training: frequent enough to have been learned first.
    private static let shownRanks = [50, 100, 200, 400]
    private static let shownNeighbours = 6

    static func sample(
        _ trainer: Trainer<Self>, _ run: TaskRun<Self>, length: Int, until shouldStop: () -> Bool
    ) throws -> String? {
        let vectors = try run.wordVectors(of: trainer.model)
        let last = vectors.words.count - 1
        var ranks: [Int] = []
        for rank in shownRanks.map({ min($0, last) }) where !ranks.contains(rank) { ranks.append(rank) }
        return try ranks.map { rank in
            let word = vectors.words[rank]
            let near = try vectors.neighbours(of: word, count: shownNeighbours).map(\.word)
            return "\(word): \(near.joined(separator: ", "))"
        }.joined(separator: "\n")
    }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        let found = try run.evaluated(model, dataPath: options.dataPath)
        return Report(
            lines: [
                String(format: "loss %.4f nats a pair", found.loss)
                    + "  (\(Console.grouped(found.pairs)) pairs: \(found.name))",
                "\(Console.grouped(found.unknownWords)) of \(Console.grouped(found.words)) words have no vector",
            ],
            fields: [
                "loss": found.loss, "pairs": found.pairs, "unknownWords": found.unknownWords, "words": found.words,
                "data": found.name,
            ])
    }

    private static let predictedNeighbours = 10

    static func predict(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: PredictionOptions) throws {
        let vectors = try run.wordVectors(of: model)
        try options.showEach(as: { try vectors.neighbours(ofSum: WordSum($0).terms, count: predictedNeighbours) }) {
            input, near in
            let shown = near.map { "\($0.word) " + String(format: "%.3f", Double($0.cosine)) }
            let fields = near.map { ["word": $0.word, "cosine": Double($0.cosine)] as [String: any Sendable] }
            return Report(
                lines: ["\(Console.shown(input)): \(shown.joined(separator: ", "))"],
                fields: ["input": input, "neighbours": fields])
        }
    }

    static func export(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ExportOptions) throws {
        let vectors = try run.wordVectors(of: model)
        switch options.format {
        case .word2vec: try vectors.write(.word2vec, to: options.out)
        case .word2vecBinary: try vectors.write(.word2vecBinary, to: options.out)
        case .glove: try vectors.write(.glove, to: options.out)
        case .projector: try vectors.writeProjectorFiles(into: options.out)
        }
        Console.note("\(Console.grouped(vectors.words.count)) vectors of \(vectors.width): \(options.out)")
    }
}
