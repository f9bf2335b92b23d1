import ArgumentParser
import Recurrent

/// `rnn train skip-gram`.
struct TrainSkipGramCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip-gram", abstract: "Trains word vectors by skip-gram with negative sampling.",
        discussion: """
            Words that occur near like words get like vectors (Mikolov et al. 2013). The text is read in small letters; \
            its words are letters and digits, and what stands between is left out. Afterwards `rnn predict RUN WORD` \
            shows a word's neighbours, and `rnn export RUN` writes the vectors for other programs.

            Adam at 0.005 on the rows that a batch looks up, 10 epochs.
            """)

    @Option(help: "A text file (UTF-8).")
    var data: String

    @OptionGroup var skipGram: SkipGramOptions
    @OptionGroup var optimization: OptimizationOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var target: RunOptions
    @OptionGroup var machine: MachineOptions

    /// What is trained; the network is that of the initial run where there is one.
    private func configuration(from initial: SkipGramConfiguration?) -> SkipGramConfiguration {
        var configuration = SkipGramConfiguration()
        if let initial { configuration.embeddingSize = initial.embeddingSize }
        configuration.data = RunOptions.absolutePath(data)
        skipGram.apply(to: &configuration)
        optimization.apply(to: &configuration.optimization)
        return configuration
    }

    func validate() throws { try RunOptions.check(configuration(from: nil)) }

    func run() throws {
        machine.apply()
        let initial = try target.initialRun(SkipGramTask.self)
        let configuration = configuration(from: initial?.configuration)
        try target.train(
            configuration, from: initial, named: "skip-gram-\(configuration.embeddingSize)", schedule: schedule)
    }
}
