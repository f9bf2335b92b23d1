import ArgumentParser
import Recurrent

/// `rnn train text`.
struct TrainTextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "text", abstract: "Trains a model that writes text, character by character or byte by byte.",
        discussion: """
            Without --data it learns one sentence by heart, "if you want to build a ship, ...", in seconds, and writes \
            it out. With --data FILE it learns from that text: a few hundred kilobytes or more make it interesting.

            With --data: Adam at 0.002, gradients clipped to a norm of 5, 10 epochs.
            """)

    @Option(help: "A text file (UTF-8 unless --level byte).")
    var data: String?

    @OptionGroup var text: TextOptions
    @OptionGroup var optimization: OptimizationOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var target: RunOptions
    @OptionGroup var machine: MachineOptions

    /// What is trained; the network is that of the initial run where there is one.
    private func configuration(from initial: TextConfiguration?) -> TextConfiguration {
        var configuration = data ?? initial?.data == nil ? TextConfiguration.notesRecipe : TextConfiguration()
        if let initial {
            configuration.level = initial.level
            configuration.cell = initial.cell
            configuration.hiddenSize = initial.hiddenSize
            configuration.layers = initial.layers
            configuration.forgetBias = initial.forgetBias
        }
        configuration.data = data.map(RunOptions.absolutePath) ?? initial?.data
        text.apply(to: &configuration)
        optimization.apply(to: &configuration.optimization)
        return configuration
    }

    func validate() throws { try RunOptions.check(configuration(from: nil)) }

    func run() throws {
        machine.apply()
        let initial = try target.initialRun(TextTask.self)
        let configuration = configuration(from: initial?.configuration)
        try target.train(
            configuration, from: initial,
            named: "text-\(configuration.cell.rawValue)-\(configuration.layers)x\(configuration.hiddenSize)",
            schedule: schedule)
    }
}
