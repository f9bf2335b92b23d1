import ArgumentParser

/// `rnn train TASK`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Trains a network.",
        subcommands: [
            TrainTextCommand.self, TrainSeriesCommand.self, TrainImagesCommand.self, TrainClassifyCommand.self,
            TrainDescribeCommand.self, TrainAddingCommand.self, TrainMelodyCommand.self, TrainAnswerCommand.self,
            TrainSkipGramCommand.self, TrainSortCommand.self, TrainTranslateCommand.self,
            TrainHandwritingCommand.self,
        ])
}
