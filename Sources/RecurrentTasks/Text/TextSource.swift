import Recurrent
import RecurrentData
import RecurrentTraining

/// The text that a model is trained on, a file's or the notes' sentence (nil), and the files of its validation and test
/// parts.
public typealias TextSource = TaskSource<SeparableData<TextFile?>>

extension TextSource {
    /// Reads the texts of a configuration.
    ///
    /// - Throws: `RecurrentError` where a file cannot be read.
    package init(_ configuration: TextConfiguration) throws {
        guard configuration.data != nil else {
            let fingerprint = Fingerprint(Array(TextConfiguration.sentence.utf8)).text
            self.init(SeparableData(nil), name: "the notes' sentence", fingerprint: fingerprint)
            return
        }
        try self.init(configuration, missing: "a text") { path in
            try TextFile(path: path, encoding: configuration.encoding)
        } write: { file, fingerprint in
            if let file { fingerprint.update(file.bytes) }
        }
    }

    /// The parts, as tokens.
    ///
    /// - Throws: `RecurrentError` where a text has characters that the vocabulary lacks, or is not UTF-8.
    func parts(_ vocabulary: TextVocabulary, _ configuration: TextConfiguration) throws -> Parts<TextPart> {
        func part(_ file: TextFile?) throws -> TextPart {
            try TextPart(file, name: file?.path ?? name, vocabulary)
        }
        let whole = try part(data.whole)
        let parts = try configuration.division().parts(
            of: whole, validation: try data.validation.map(part), test: try data.test.map(part)
        ) { whole.divided(by: $0) }
        for (part, file) in [(parts.validation, data.validation), (parts.test, data.test)] {
            if file != nil, part.count < 2 {
                throw RecurrentError("\(part.name): the number of tokens is \(part.count); expected 2 or more")
            }
            guard part.count != 1 else {
                throw RecurrentError(
                    "\(part.name) has 1 token, of \(whole.count) in all; expected 2 or more, or none: "
                        + "`validationFraction` is \(configuration.validationFraction), `testFraction` "
                        + "\(configuration.testFraction)")
            }
        }
        return parts
    }
}

/// A text, or a part of one.
package struct TextPart: Sendable, SeparableExamples {
    /// Its tokens.
    package let tokens: TokenSequence
    /// What messages call the text.
    package let name: String
    /// The whole text's file, or nil for the notes' sentence.
    private let file: TextFile?
    /// The places of the tokens in the whole text.
    private let places: Range<Int>

    /// The number of tokens.
    package var count: Int { tokens.count }

    /// All of a file, or of the notes' sentence.
    fileprivate init(_ file: TextFile?, name: String, _ vocabulary: TextVocabulary) throws {
        let tokens =
            try file.map { try vocabulary.tokens(of: $0) }
            ?? TokenSequence(vocabulary.encode(TextConfiguration.sentence))
        self.init(tokens, name: name, file: file, places: 0..<tokens.count)
    }

    private init(_ tokens: TokenSequence, name: String, file: TextFile?, places: Range<Int>) {
        (self.tokens, self.name, self.file, self.places) = (tokens, name, file, places)
    }

    /// What comes first for training, then for validation, then for the test.
    package func divided(by division: Division) -> Parts<TextPart> {
        let all = division.successivePlaces(count: count)
        func part(_ places: Range<Int>, _ kind: String) -> TextPart {
            TextPart(
                tokens.part(places), name: places.count == count ? name : "the \(kind) part of \(name)", file: file,
                places: places)
        }
        return Parts(
            training: part(all.training, "training"), validation: part(all.validation, "validation"),
            test: part(all.test, "test"))
    }

    /// The bytes, in UTF-8, of all tokens but the first, which is read and not predicted.
    ///
    /// - Throws: `RecurrentError` where the text is not UTF-8.
    package func predictedByteCount(_ vocabulary: TextVocabulary) throws -> Int {
        let guessed = places.dropFirst()
        if vocabulary.level == .byte { return guessed.count }
        return vocabulary.byteCount(of: try file?.text() ?? TextConfiguration.sentence, tokens: guessed)
    }
}

extension TaskRun<TextTask> {
    /// What the run kept for its test, or else for validation, or all of another file.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, has characters that the model does not know, or there
    ///   are fewer than two tokens.
    package func evaluatedText(of path: String?) throws -> TextPart {
        let source = try source(dataPath: path)
        let part =
            isOwn(source, from: path)
            ? try source.parts(preparation, configuration).evaluation { $0.count == 0 }.part
            : try TextPart(source.data.whole, name: source.name, preparation)
        guard part.count >= 2 else {
            throw RecurrentError("\(part.name) has \(part.count) tokens to evaluate; at least 2 are needed")
        }
        return part
    }
}
