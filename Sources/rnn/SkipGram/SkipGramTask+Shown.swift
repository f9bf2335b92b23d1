import Foundation
import Recurrent
import RecurrentData
import RecurrentTasks
import RecurrentTraining

extension SkipGramTask: ShownTask {
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
