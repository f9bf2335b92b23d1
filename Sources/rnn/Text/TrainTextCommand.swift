import ArgumentParser
import RecurrentTasks

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
    @OptionGroup var text: TextOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: TextConfiguration?) -> TextConfiguration {
        var configuration = (data ?? initial?.data) == nil ? TextConfiguration.notesRecipe : TextConfiguration()
        if let initial {
            configuration.level = initial.level
            configuration.vocabularyLimit = initial.vocabularyLimit
            configuration.embeddingSize = initial.embeddingSize
            configuration.cell = initial.cell
            configuration.hiddenSize = initial.hiddenSize
            configuration.layers = initial.layers
            configuration.forgetBias = initial.forgetBias
        }
        configuration.data = data.map(RunOptions.absolutePath) ?? initial?.data
        layers.apply(to: &configuration)
        text.apply(to: &configuration)
        return configuration
    }
}
