import ArgumentParser
import Recurrent
import RecurrentData
import RecurrentTasks

extension TokenLevel: ExpressibleByArgument {}

/// `rnn train text`.
struct TrainTextCommand: TrainTaskCommand {
    typealias Task = TextTask

    static let configuration = CommandConfiguration(
        commandName: "text", abstract: "Trains a model that writes text, by characters, bytes or words.",
        discussion: """
            Without --data it learns one sentence by heart, "if you want to build a ship, ...", in seconds, and writes \
            it out. With --data FILE it learns from that text: a few hundred kilobytes or more make it interesting.

            \(LayerOptions.defaults(TextConfiguration())) 10 epochs. The sentence is learned with 25 units at a rate of \
            0.1, in 500 steps.
            """)

    @Option(help: "A text file (UTF-8 unless --level byte).")
    var data: String?

    @OptionGroup var layers: LayerOptions

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
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: TextConfiguration?) -> TextConfiguration {
        let data = data.map(RunOptions.absolutePath) ?? initial?.data
        var configuration = data == nil ? TextConfiguration.notesRecipe : TextConfiguration()
        configuration.data = data
        layers.apply(to: &configuration, from: initial)
        configuration.set(\.level, level ?? initial?.level)
        configuration.vocabularyLimit = vocabularyLimit ?? initial?.vocabularyLimit
        configuration.embeddingSize = embeddingSize ?? initial?.embeddingSize
        configuration.set(\.sequenceLength, seqLength)
        configuration.set(\.forgetBias, forgetBias ?? initial?.forgetBias)
        configuration.set(\.initializer, initializer)
        division.apply(to: &configuration)
        return configuration
    }
}
