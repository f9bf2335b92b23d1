import ArgumentParser
import Recurrent
import RecurrentTasks

/// `rnn train skip-gram`.
struct TrainSkipGramCommand: TrainTaskCommand {
    typealias Task = SkipGramTask

    static let configuration = CommandConfiguration(
        commandName: "skip-gram", abstract: "Trains word vectors by skip-gram with negative sampling.",
        discussion: """
            Words that occur near like words get like vectors (Mikolov et al. 2013). The text is read in small letters; \
            its words are letters and digits, and what stands between is left out. Afterwards `rnn predict RUN WORD` \
            shows a word's neighbours, and `rnn export RUN` writes the vectors for other programs.

            Adam at \(Console.short(SkipGramConfiguration().optimization.learningRate)) on the rows that a batch looks \
            up, 10 epochs.
            """)

    @Option(help: "A text file (UTF-8).")
    var data: String

    @OptionGroup var skipGram: SkipGramOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: SkipGramConfiguration?) -> SkipGramConfiguration {
        var configuration = SkipGramConfiguration()
        if let initial { configuration.embeddingSize = initial.embeddingSize }
        configuration.data = RunOptions.absolutePath(data)
        skipGram.apply(to: &configuration)
        return configuration
    }

    static func runName(_ configuration: SkipGramConfiguration) -> String {
        "skip-gram-\(configuration.embeddingSize)"
    }
}
