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

    @Option(parsing: .unconditional, help: "Added to an LSTM's forget gate (default: 0; 1 for the built-in sentence).")
    var forgetBias: Float?

    @Option(help: "Initialiser of the weights: \(Initializer.names.joined(separator: ", ")) (default: glorot-uniform).")
    var initializer: String?

    @OptionGroup var division: ValidationOptions

    func apply(to configuration: inout TextConfiguration) {
        configuration.set(\.level, level)
        configuration.set(\.vocabularyLimit, vocabularyLimit.map(Optional.some))
        configuration.set(\.embeddingSize, embeddingSize.map(Optional.some))
        configuration.set(\.sequenceLength, seqLength)
        configuration.set(\.forgetBias, forgetBias)
        configuration.set(\.initializer, initializer)
        division.apply(to: &configuration)
    }
}
