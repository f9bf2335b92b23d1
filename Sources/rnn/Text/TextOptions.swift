import ArgumentParser
import Recurrent
import RecurrentData
import RecurrentTasks

extension TokenLevel: ExpressibleByArgument {}

/// What a text model is.
struct TextOptions: ParsableArguments {
    @Option(help: "A token is a character (Unicode scalar), a byte, or a word (default: character).")
    var level: TokenLevel?

    @Option(
        parsing: .unconditional,
        help: "Words that are told apart, with --level word: the most frequent; others are <unk> (default: 10000).")
    var vocabularyLimit: Int?

    @Option(
        parsing: .unconditional,
        help: "Width of the learned vectors that stand for tokens (default: 128 for words; others are one-hot).")
    var embeddingSize: Int?

    @Option(
        parsing: .unconditional,
        help: "Steps of a window, the reach of back-propagation through time (default: 50).")
    var seqLength: Int?

    @Option(parsing: .unconditional, help: "Share of the text, at its end, that validates (default: 0.05).")
    var valFraction: Double?

    @Option(parsing: .unconditional, help: "Added to an LSTM's forget gate (default: 0; 1 for the built-in sentence).")
    var forgetBias: Float?

    @Option(help: "Initialiser of the weights: \(Initializer.names.joined(separator: ", ")) (default: glorot-uniform).")
    var initializer: String?

    func apply(to configuration: inout TextConfiguration) {
        func set<Value>(_ path: WritableKeyPath<TextConfiguration, Value>, _ value: Value?) {
            if let value { configuration[keyPath: path] = value }
        }
        set(\.level, level)
        set(\.vocabularyLimit, vocabularyLimit.map(Optional.some))
        set(\.embeddingSize, embeddingSize.map(Optional.some))
        set(\.sequenceLength, seqLength)
        set(\.validationFraction, valFraction)
        set(\.forgetBias, forgetBias)
        set(\.initializer, initializer)
    }
}
