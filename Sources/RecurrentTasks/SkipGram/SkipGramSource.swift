import Recurrent
import RecurrentData
import RecurrentTraining

/// The words of a text file.
public struct SkipGramSource: TaskSource {
    /// The path of the file.
    public let name: String
    /// What the text is known again by.
    public let fingerprint: String
    /// All its words, in order.
    let words: [String]

    /// Reads the text of a configuration.
    ///
    /// - Throws: `RecurrentError` where there is no file, or it cannot be read or is not UTF-8.
    package init(_ configuration: SkipGramConfiguration) throws {
        guard let path = configuration.data else {
            throw RecurrentError("there is no text; expected a file to learn from: `data` TEXT")
        }
        let file = try TextFile(path: path)
        name = path
        fingerprint = Fingerprint(file.bytes).text
        words = WordFrequencies.words(in: try file.text())
    }

    /// The words for training, and those at the end for validation.
    func parts(_ configuration: SkipGramConfiguration) throws -> Parts<[String]> {
        try configuration.division().successivePlaces(count: words.count).map { Array(words[$0]) }
    }
}

extension TaskRun<SkipGramTask> {
    /// The mean loss of a model on the run's validation text, or on another file, and what was judged.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, or there are not two words that have vectors.
    package func evaluated(
        _ model: Model<SkipGramNetwork>, dataPath: String?
    ) throws -> (loss: Double, pairs: Int, unknownWords: Int, words: Int, name: String) {
        let source = try source(dataPath: dataPath)
        let validation = try source.parts(configuration).validation
        let isValidation = dataPath == nil && !validation.isEmpty
        let words = isValidation ? validation : source.words
        let text = preparation.encode(words)
        guard
            let pairs = SkipGramTask.pairs(of: text, configuration, NegativeSampler(counts: preparation.counts))
        else {
            throw RecurrentError("\(source.name) has \(text.count) words that have vectors; expected 2 or more")
        }
        return (
            model.evaluate { SkipGramTask.meanLoss(of: pairs, under: $0) }, pairs.centres.count,
            words.count - text.count, words.count, isValidation ? "the validation part of \(source.name)" : source.name
        )
    }

    /// The vectors of a model's words.
    ///
    /// - Throws: `RecurrentError` where one is not finite.
    package func wordVectors(of model: Model<SkipGramNetwork>) throws -> WordVectors {
        try WordVectors(words: preparation.words, vectors: model.evaluate { $0.words.table })
    }
}
