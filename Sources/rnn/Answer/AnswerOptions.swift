import ArgumentParser
import RecurrentTasks

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

    @OptionGroup var division: ValidationOptions

    func apply(to configuration: inout AnswerConfiguration) {
        if let question { configuration.question = question }
        if let embeddingSize { configuration.embeddingSize = embeddingSize }
        division.apply(to: &configuration)
    }
}
