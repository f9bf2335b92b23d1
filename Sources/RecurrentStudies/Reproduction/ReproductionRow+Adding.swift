import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTasks

extension ReproductionRow {
    /// The adding problem over 100 steps: LSTM, GRU and the ReLU network that begins with the identity come down to a
    /// squared error of 0.01 within 5000 steps; the tanh network stays near chance, above 0.1.
    static let adding = ReproductionRow(
        "adding", source: "Hochreiter and Schmidhuber 1997, experiment 4; Le, Jaitly and Hinton 2015, section 4.1"
    ) { _, progress in
        let goal = 0.01
        let lessons = try [CellKind.lstm, .gru, .reluRNN, .rnn].map { cell in
            progress("training the \(cell.title)")
            return try AddingLesson(AddingConfiguration(cell: cell), steps: 5000, goal: goal)
        }
        let measurements = lessons.map { lesson in
            let configuration = lesson.configuration
            let optimization = configuration.optimization
            return BoundedMeasurement(
                configuration.cell.title,
                details: [
                    .init("units", Double(configuration.hiddenSize)), .init("rate", rounded(optimization.learningRate)),
                    .init("clip", rounded(optimization.gradientNormBound)),
                    .init("step of 0.01", lesson.step(reaching: goal).map(Double.init)),
                    .init("seconds", lesson.seconds),
                ],
                expected: configuration.cell == .rnn ? 0.1...1 : 0...goal,
                got: [lesson.squaredErrors.min() ?? .nan])
        }
        let picture = LineChart(
            title: "Adding problem over 100 steps", xAxis: "training step", yAxis: "squared error (validation)",
            yScale: .logarithmic,
            series: lessons.map { lesson in
                LineChart.Series(
                    lesson.configuration.cell.title, x: lesson.steps.map(Double.init), y: lesson.squaredErrors)
            },
            references: [.init("chance", y: AddingSequences.chanceError), .init("goal", y: goal)])
        return .measurements(of: "lowest validation error", measurements, picture: picture)
    }

    /// The double with the fewest digits that a number stands for.
    private static func rounded(_ number: Float) -> Double { Double("\(number)") ?? Double(number) }
}
