import ArgumentParser
import Recurrent
import RecurrentTasks

/// `rnn train melody`.
struct TrainMelodyCommand: TrainTaskCommand {
    typealias Task = MelodyTask

    static let configuration = CommandConfiguration(
        commandName: "melody", abstract: "Trains a model that composes: several notes at once, step by step.",
        discussion: """
            --data is a JSON file: a list of pieces, each a list of time steps, each a list of the MIDI pitches (0 to 127) \
            that sound, as [[[60, 64, 67], [62]], ...]; or such lists as "train", "valid" and "test". Without it the model \
            learns from \(MelodyConfiguration.generatedCount) tunes made by a small grammar of chords, arpeggios and scales.

            The loss is the negative log-likelihood of a time step, summed over the notes. Tunes in ABC notation are text: \
            rnn train text.

            \(LayerOptions.defaults(MelodyConfiguration())) 40 epochs.
            """)

    @Option(help: "A JSON file of pieces.")
    var data: String?

    @Option(parsing: .unconditional, help: "Time steps after which a piece is cut for training (default: 200).")
    var seqLength: Int?

    @OptionGroup var layers: LayerOptions
    @OptionGroup var division: DivisionOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: MelodyConfiguration?) -> MelodyConfiguration {
        var configuration = MelodyConfiguration()
        configuration.data = data.map(RunOptions.absolutePath)
        configuration.set(\.sequenceLength, seqLength)
        layers.apply(to: &configuration, from: initial)
        division.apply(to: &configuration)
        return configuration
    }
}
