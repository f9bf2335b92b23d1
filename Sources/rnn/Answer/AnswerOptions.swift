import ArgumentParser
import Recurrent

extension AnswerConfiguration.QuestionUse: ExpressibleByArgument {}

/// What a model that answers questions is.
struct AnswerOptions: ParsableArguments {
    @Option(
        help: """
            The question is added to every word of the story (model 2 of the notes), or concatenated with the story at \
            its end (model 1) (default: added).
            """)
    var question: AnswerConfiguration.QuestionUse?

    @Option(parsing: .unconditional, help: "Width of a word's vector (default: 50).")
    var embeddingSize: Int?

    @Option(parsing: .unconditional, help: "Share of the stories that chooses the best epoch (default: 0, no choice).")
    var valFraction: Double?

    @Option(help: "The recurrent cell.")
    var model: CellKind?

    @Option(parsing: .unconditional, help: "Hidden units of a layer.")
    var rnnSize: Int?

    @Option(parsing: .unconditional, help: "Layers.")
    var numLayers: Int?

    @Option(parsing: .unconditional, help: "Sequences of a batch.")
    var batchSize: Int?

    @Option(parsing: .unconditional, help: "Probability of dropping an output of a layer in training.")
    var dropout: Float?

    @Option(parsing: .unconditional, help: "A whole number from 0, which all that is random follows from.")
    var seed: UInt64?

    func apply(to configuration: inout AnswerConfiguration) {
        if let question { configuration.question = question }
        if let embeddingSize { configuration.embeddingSize = embeddingSize }
        if let valFraction { configuration.validationFraction = valFraction }
        if let model { configuration.cell = model }
        if let rnnSize { configuration.hiddenSize = rnnSize }
        if let numLayers { configuration.layers = numLayers }
        if let batchSize { configuration.batchSize = batchSize }
        if let dropout { configuration.dropout = dropout }
        if let seed { configuration.seed = seed }
    }
}
