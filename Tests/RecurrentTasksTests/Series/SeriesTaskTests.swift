import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentPictures
@testable import RecurrentTasks
@testable import RecurrentTraining

@Suite final class SeriesTaskTests {
    private let path = FileManager.default.temporaryDirectory.path + "/recurrent-\(UUID().uuidString).csv"

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A configuration over a file that holds a text.
    private func configuration(_ text: String) throws -> SeriesConfiguration {
        try Data(text.utf8).write(to: URL(filePath: path))
        var configuration = SeriesConfiguration()
        configuration.data = path
        configuration.window = 3
        configuration.hiddenSize = 4
        configuration.validationFraction = 0
        return configuration
    }

    private static let waves = (0..<60).map { "\($0 % 7),\($0 % 5 * 10)" }.joined(separator: "\n")

    private func preparation(_ configuration: SeriesConfiguration) throws -> SeriesPreparation {
        try SeriesTask.prepare(SeriesTask.read(configuration), configuration)
    }

    @Test func columnsAreFoundByNameInAnyOrder() throws {
        let rows = (0..<20).map { "\($0),2020-01-\($0 + 10),\($0 * 2)" }.joined(separator: "\n")
        var first = try configuration("# a title\nprice,day,volume\n" + rows)
        first.target = "price"
        let found = try preparation(first)
        #expect(found.columns == ["price", "volume"] && found.target == 0)
        first.features = ["volume"]
        #expect(try preparation(first).columns == ["volume", "price"])
        first.features = ["volume", "3"]
        #expect(throws: RecurrentError.self) { try preparation(first) }
        let turned = try configuration("volume,price\n" + (0..<20).map { "\($0),\($0 + 1)" }.joined(separator: "\n"))
        let series = try SeriesTask.read(turned).series(of: found.columns)
        #expect(series.columns[0].first == 1 && series.columns[1].first == 0)
    }

    @Test func columnsWithoutANameOfTheirOwnGoByNumber() throws {
        let bare = try preparation(configuration(Self.waves))
        #expect(bare.columns == ["1", "2"] && bare.target == 1 && bare.targetTitle == "column 2")
        let twins = try configuration("a,a\n" + Self.waves)
        #expect(try preparation(twins).columns == ["1", "2"])
    }

    @Test func scalersAreFittedToTheTrainingPart() throws {
        var configuration = try configuration((0..<43).map { "\($0)" }.joined(separator: "\n"))
        configuration.trainFraction = 0.5
        let honest = try preparation(configuration)
        // 40 windows, 20 of them for training, which end with row 22.
        #expect(honest.trainingRows == 23)
        guard case .minMax(let scaler) = honest.scaler else { return #expect(Bool(false), "\(honest.scaler)") }
        #expect(scaler.highest == [22])
        configuration.scalerFit = .whole
        guard case .minMax(let leak) = try preparation(configuration).scaler else { return }
        #expect(leak.highest == [42])
        let stored = try JSONDecoder().decode(SeriesPreparation.self, from: JSONEncoder().encode(honest))
        #expect(stored == honest)
    }

    @Test func whatCannotBeLearnedIsRefused() throws {
        func message(_ text: String, _ change: (inout SeriesConfiguration) -> Void = { _ in }) throws -> String {
            var configuration = try configuration(text)
            change(&configuration)
            let error = #expect(throws: RecurrentError.self) { try preparation(configuration) }
            return error?.description ?? ""
        }
        let constant = String(repeating: "5\n", count: 30)
        #expect(try message(constant).contains("column 1 is 5.0 in all 21 rows for training"))
        let dates = (0..<30).map { "2020-01-\(30 - $0),\($0)" }.joined(separator: "\n")
        #expect(try message(dates).contains("2020-01-29 comes after 2020-01-30"))
        #expect(try message("2020-01-01\n2020-01-02\n").contains("no column holds numbers"))
        #expect(try message(Self.waves) { $0.target = "close" }.contains("there is no column \"close\""))
    }

    /// With all weights 0 the forecast is the output's bias, so that every error can be said beforehand.
    @Test func errorsInTheDatasOwnUnits() throws {
        var configuration = try configuration((0..<20).map { "\($0 * 10)" }.joined(separator: "\n"))
        configuration.horizon = 2
        configuration.trainFraction = 1
        let preparation = try preparation(configuration)
        let task = try SeriesTask(configuration, preparation: preparation, source: SeriesTask.read(configuration))
        var model = SeriesTask.makeModel(configuration, preparation)
        for entry in model.parameters.layout.entries {
            model.parameters.set(entry.name, to: Array(repeating: 0, count: entry.count))
        }
        model.parameters.set("output.bias", to: [0.5, 1])
        let (errors, forecasts, ahead) = try model.evaluate { network in
            let forecaster = SeriesForecaster(configuration, preparation, network)
            return (
                forecaster.errors(on: task.training.windows), forecaster.forecasts(after: task.training.windows),
                try forecaster.forecast(after: task.series)
            )
        }
        #expect(errors.windows == 16 && forecasts == Array(repeating: [95, 190], count: 16) && ahead == [95, 190])
        #expect(errors.naive.perStep == [10, 20])
        #expect(abs(errors.naive.overall - 250.0.squareRoot()) < 1e-12)
        var squares = 0.0
        for row in 3..<19 {
            let error = 95 - Double(row) * 10
            squares += error * error
        }
        #expect(abs(errors.model.perStep[0] - (squares / 16).squareRoot()) < 1e-9)
    }

    @Test func sequencesFeedTheirValuesBack() throws {
        var configuration = SeriesConfiguration(.signal)
        configuration.window = 2
        configuration.hiddenSize = 3
        let preparation = try preparation(configuration)
        let model = SeriesTask.makeModel(configuration, preparation)
        let (sequence, byHand) = try model.evaluate { network in
            let forecaster = SeriesForecaster(configuration, preparation, network)
            let sequence = try forecaster.sequence(3, from: .end(of: GeneratedSignal.training))
            var values = Array(GeneratedSignal.training.columns[0].suffix(2))
            for _ in 0..<3 {
                let window = Tensor(values.suffix(2).map { Float($0) }, shape: [2, 1, 1])
                values.append(network.forecast(window).doubles[0])
            }
            return (sequence, values)
        }
        #expect(sequence.seed + sequence.values == byHand)
        let empty = try model.evaluate { network in
            try SeriesForecaster(configuration, preparation, network).sequence(0, from: .zeros)
        }
        #expect(empty.seed == [0, 0] && empty.values.isEmpty)
    }

    @Test func onlyOneColumnCanBeFedBack() throws {
        let configuration = try configuration(Self.waves)
        let preparation = try preparation(configuration)
        let model = SeriesTask.makeModel(configuration, preparation)
        #expect(throws: RecurrentError.self) {
            try model.evaluate { try SeriesForecaster(configuration, preparation, $0).sequence(1, from: .zeros) }
        }
    }

    /// A wave of period 7 is learned, whatever the form of the model; the naive forecast never learns it.
    @Test(arguments: [(false, 1), (true, 1), (false, 3), (true, 2)])
    func wavesAreLearned(everyStep: Bool, horizon: Int) throws {
        var configuration = try configuration(Self.waves)
        configuration.target = "1"
        configuration.window = 8
        configuration.horizon = horizon
        configuration.hiddenSize = 12
        configuration.cell = .gru
        configuration.predictsEveryStep = everyStep
        configuration.optimization = Optimization(learningRate: 0.02)
        var trainer = try Trainer<SeriesTask>(configuration)
        for _ in 0..<200 { try trainer.advance() }
        let task = trainer.task
        let test = try #require(task.test)
        let errors = trainer.model.evaluate { network in
            SeriesForecaster(task.configuration, task.preparation, network).errors(on: test.windows)
        }
        #expect(errors.model.overall < 0.5 * errors.naive.overall, "\(errors)")
    }

    @Test func everyOptionIsChecked() throws {
        let changes: [(String, (inout SeriesConfiguration) -> Void)] = [
            ("`window`", { $0.window = 0 }), ("`olderSteps`", { $0.olderSteps = -1 }),
            ("`olderSpacing`", { $0.olderSpacing = 0 }), ("`horizon`", { $0.horizon = 0 }),
            ("`trainFraction`", { $0.trainFraction = 0 }), ("`trainFraction`", { $0.trainFraction = .nan }),
            ("`validationFraction`", { $0.validationFraction = 1 }), ("`trainFraction`", { $0.trainFraction = 0.95 }),
            ("`hiddenSize`", { $0.hiddenSize = 0 }), ("`layers`", { $0.layers = 0 }),
            ("`batchSize`", { $0.batchSize = -1 }), ("`learningRate`", { $0.optimization.learningRate = -1 }),
            ("`forgetBias`", { $0.forgetBias = .infinity }), ("there is no initializer", { $0.initializer = "x" }),
        ]
        for (name, change) in changes {
            var configuration = SeriesConfiguration()
            change(&configuration)
            let error = #expect(throws: RecurrentError.self) { try configuration.validate() }
            #expect(error?.description.hasPrefix(name) == true, "\(error?.description ?? "")")
        }
        for recipe in SeriesConfiguration.Recipe.allCases { try SeriesConfiguration(recipe).validate() }
        try SeriesConfiguration().validate()
    }

    @Test func picturesOfForecasts() throws {
        var configuration = try configuration(Self.waves)
        configuration.horizon = 2
        let trainer = try Trainer<SeriesTask>(configuration)
        let pictures = try trainer.model.evaluate { try trainer.task.pictures(of: $0) }
        #expect(pictures.map(\.name) == ["forecast", "beyond"])
        for picture in pictures { #expect(picture.picture.svg().contains("column 2")) }
    }
}
