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
        if let initial {
            configuration.network = initial.network
            configuration.limit = initial.limit
            (configuration.minimumLength, configuration.maximumLength) = (initial.minimumLength, initial.maximumLength)
        }
        if let length { (configuration.minimumLength, configuration.maximumLength) = (length.least, length.most) }
        if let limit { configuration.limit = limit }
        network.apply(to: &configuration)
        return configuration
    }
}
