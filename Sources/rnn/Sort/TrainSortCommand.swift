import ArgumentParser
import RecurrentTasks

/// `rnn train sort`.
struct TrainSortCommand: TrainTaskCommand {
    typealias Task = SortTask

    static let configuration = CommandConfiguration(
        commandName: "sort", abstract: "Trains an encoder and decoder to sort numbers.",
        discussion: """
            The encoder reads a list, and its last state is all that the decoder gets to write it in order. Lists are \
            generated, new ones for every batch; an epoch is 100 batches. One of eight lists, in any order of its \
            numbers, is held back from training: half of these are for validation, and 1,000 of them choose the best \
            weights; the other half are for the test, and 1,000 of them are what the result is evaluated on.

            \(LayerOptions.defaults(SortConfiguration())) The learning rate falls to 0 in \(SortConfiguration.steps) steps \
            (cosine), with which training ends: with --max-steps N give --lr-schedule cosine:N too.
            """)

    @Option(help: "Numbers of a list: so many, or from so many to so many as in 5-15 (default: 10).")
    var length: LengthRange?

    @Option(parsing: .unconditional, help: "Numbers are from 0 to below this (default: 100).")
    var limit: Int?

    @OptionGroup var network: EncoderDecoderOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: SortConfiguration?) -> SortConfiguration {
        var configuration = SortConfiguration()
        configuration.set(\.minimumLength, length?.least ?? initial?.minimumLength)
        configuration.set(\.maximumLength, length?.most ?? initial?.maximumLength)
        configuration.set(\.limit, limit ?? initial?.limit)
        network.apply(to: &configuration, from: initial)
        return configuration
    }
}

/// How long lists are: one length, or two with a dash between.
struct LengthRange: ExpressibleByArgument {
    let least: Int
    let most: Int

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let least = parts.first ?? nil, let most = parts.last ?? nil, parts.count <= 2 else { return nil }
        self.least = least
        self.most = most
    }
}
