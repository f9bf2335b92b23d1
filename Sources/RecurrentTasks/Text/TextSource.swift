import Recurrent
import RecurrentData
import RecurrentTraining

/// The text that a model is trained on: a file's, or the notes' sentence.
public struct TextSource: TaskSource {
    private let file: TextFile?
    /// The path of the file, or "the notes' sentence".
    public let name: String

    /// Reads the text of a configuration.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read.
    package init(_ configuration: TextConfiguration) throws {
        file = try configuration.data.map { try TextFile(path: $0) }
        name = configuration.data ?? "the notes' sentence"
    }

    /// What the text is known again by.
    public var fingerprint: String {
        Fingerprint(file?.bytes ?? Array(TextConfiguration.sentence.utf8)).text
    }

    /// The tokens that stand in the text. Words are those of the training part: others are unknown in validation, as
    /// they will be in use.
    func vocabulary(_ configuration: TextConfiguration) throws -> TextVocabulary {
        if configuration.level == .byte { return .bytes }
        let text: String
        do { text = try file?.text() ?? TextConfiguration.sentence } catch {
            throw RecurrentError("\(error), or train on bytes with `level` byte")
        }
        if configuration.level == .character { return .characters(try CharacterVocabulary(of: text, name: name)) }
        let words = WordVocabulary.words(in: text, isLowercased: false, keepsNewlines: true)
        return .words(
            try WordVocabulary(
                counting: Array(words[configuration.division().successivePlaces(count: words.count).training]),
                limit: configuration.vocabularyLimit ?? TextConfiguration.usualVocabularyLimit,
                isLowercased: false, keepsNewlines: true, name: name))
    }

    func tokens(_ vocabulary: TextVocabulary) throws -> [Int32] {
        try file.map { try vocabulary.encode($0) } ?? vocabulary.encode(TextConfiguration.sentence)
    }
}

extension TaskRun<TextTask> {
    /// The tokens that the run was validated on, or of another file, all of it.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, has characters that the model does not know, or there
    ///   are fewer than two tokens.
    package func evaluationTokens(of path: String?) throws -> (tokens: [Int32], name: String) {
        let source = try source(dataPath: path)
        let tokens = try source.tokens(preparation)
        let validation = try configuration.division().successivePlaces(count: tokens.count).validation
        let isPart = path == nil && !validation.isEmpty
        let chosen = isPart ? Array(tokens[validation]) : tokens
        guard chosen.count >= 2 else {
            throw RecurrentError("\(source.name) has \(chosen.count) tokens to evaluate; at least 2 are needed")
        }
        return (chosen, isPart ? "the validation part of \(source.name)" : source.name)
    }
}
