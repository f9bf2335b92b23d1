import Recurrent
import RecurrentTasks
import RecurrentTraining

extension ReproductionRow {
    /// MNIST read row by row: the median of three seeds of the accuracy on the test pictures, of the epoch that is best
    /// on 5,000 pictures held back among the first, the first ten, and all epochs.
    static let digits = ReproductionRow(
        "mnist", source: "notes \"Recurrent Neural Networks\": MNIST", data: .digits
    ) { path, progress in
        var tanh = ImagesConfiguration()
        tanh.data = path
        var lstm = tanh
        lstm.cell = .lstm
        let source = try ImagesTask.read(tanh)
        let lessons: [(configuration: ImagesConfiguration, bars: [(epochs: Int, accuracy: Double)])] = [
            (tanh, [(1, 0.90), (10, 0.97), (100, 0.98)]), (lstm, [(10, 0.983)]),
        ]
        let measurements = try lessons.flatMap { lesson in
            let runs = try (1...3).map { seed in
                var configuration = lesson.configuration
                configuration.seed = UInt64(seed)
                return try accuracies(configuration, source, after: lesson.bars.map(\.epochs), progress)
            }
            return zip(lesson.bars.indices, lesson.bars).map { place, bar in
                BoundedMeasurement(
                    "\(lesson.configuration.cell.title) of \(lesson.configuration.hiddenSize)",
                    details: [.init("epochs", Double(bar.epochs))], expected: bar.accuracy...1,
                    got: runs.map { $0[place] })
            }
        }
        return .measurements(of: "test accuracy", measurements, picture: nil)
    }

    /// The accuracy on the test pictures of the epoch that was best in validation, when so many epochs are done.
    private static func accuracies(
        _ configuration: ImagesConfiguration, _ source: ImagesSource, after marks: [Int],
        _ progress: (String) -> Void
    ) throws -> [Double] {
        let preparation = ImagesTask.prepare(source, configuration)
        var trainer = try Trainer<ImagesTask>(configuration, source: source)
        var best: (validation: Double, test: Double) = (-1, .nan)
        var found: [Double] = []
        let test = source.data.test
        while let mark = marks.max(), trainer.epoch < mark {
            for _ in 0..<trainer.task.stepsPerEpoch { try trainer.advance() }
            let validation = try trainer.validation()?.measures["accuracy"] ?? -1
            if validation > best.validation {
                let tested = trainer.model.evaluate {
                    ImagesTask.evaluate($0, on: test, 0..<test.count, classNames: preparation.classNames)
                }
                best = (validation, tested.confusion.accuracy)
            }
            if marks.contains(trainer.epoch) { found.append(best.test) }
            progress("\(configuration.cell.title), seed \(configuration.seed), epoch \(trainer.epoch) of \(mark)")
        }
        return found
    }
}
