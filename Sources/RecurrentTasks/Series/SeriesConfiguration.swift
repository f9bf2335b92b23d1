import Recurrent
import RecurrentData
import RecurrentTraining

/// What a forecasting model is and how it is trained: everything that decides the result. Stored in the run.
public struct SeriesConfiguration: RecurrentConfiguration {
    /// `series`.
    public static let taskName = "series"

    /// What a scaler is fitted to.
    public enum ScalerFit: String, Codable, Sendable, CaseIterable {
        /// The training part: nothing is known of what is to be forecast.
        case training
        /// The whole series. A leak: the training then knows how far the test part reaches.
        case whole
    }

    /// How the series is divided.
    public enum Parting: String, Codable, Sendable {
        /// The parts' windows follow one another: the first window of a part looks back on the part before.
        case continuing
        /// The parts are cut apart, and the last pair of each is dropped, as the published airline protocol has it.
        case apart
    }

    /// What becomes of the squared errors of a batch.
    public enum Loss: String, Codable, Sendable, CaseIterable {
        /// Their mean.
        case mean
        /// Their sum.
        case sum
    }

    /// The table of numbers the model is trained on; nil for the generated signal.
    public var data: String?
    /// The column that is forecast, by name or number from 1; the last of the features where none is given.
    public var target: String?
    /// The columns the model reads, by name or number from 1; all of numbers where none are given. The target is
    /// always one of them.
    public var features: [String]?
    /// How the table is written, where that is not found out.
    public var format = TableFormat()
    /// How the rows follow one another in the file.
    public var order = RowOrder.oldestFirst
    /// What becomes of rows with a missing number.
    public var missing = MissingValues.refuse
    /// How many of the last rows a window shows.
    public var window = 20
    /// How many older rows it shows before them.
    public var olderSteps = 0
    /// How many rows the older ones lie apart.
    public var olderSpacing = 1
    /// How many values are forecast, the next one first.
    public var horizon = 1
    /// How the columns are scaled.
    public var scaling = SeriesScaler.Kind.minMax
    /// What the scaler is fitted to.
    public var scalerFit = ScalerFit.training
    /// How the parts are cut.
    public var parting = Parting.continuing
    /// The share of the windows, at the beginning, for training.
    public var trainFraction = 0.7
    /// The share of the windows, after those for training, for validation; the rest is for the test.
    public var validationFraction = 0.1
    /// The kind of recurrent cell.
    public var cell = CellKind.lstm
    /// The number of hidden units of a layer.
    public var hiddenSize = 32
    /// The number of layers.
    public var layers = 1
    /// Whether there is a forecast after every step of a window, all of which are learned from, or only at its end.
    public var predictsEveryStep = false
    /// Windows of a batch; 0 for all in one.
    public var batchSize = 32
    /// What becomes of the squared errors.
    public var loss = Loss.mean
    /// How the model learns.
    public var optimization = Optimization(learningRate: 5e-3)
    /// How many passes over the data the model learns for, where nobody says so.
    public var epochs = 100
    /// Added to the net input of an LSTM's forget gate.
    public var forgetBias: Float = 1
    /// The name of the initialiser of the weights of inputs and outputs.
    public var initializer = "glorot-uniform"
    /// The name of the initialiser of the recurrent weights.
    public var recurrentInitializer = "orthogonal"
    /// The seed of all that is random.
    public var seed: UInt64 = 1

    /// The defaults for a table of one's own.
    public init() {}

    /// The rows that a window shows.
    ///
    /// - Throws: `RecurrentError` where a number is out of its range.
    package func windowSteps() throws -> WindowSteps {
        try WindowSteps(recent: window, older: olderSteps, spacing: olderSpacing)
    }

    /// The layers over a window.
    var stack: RecurrentStack {
        var stack = RecurrentStack(cell, hiddenSize: hiddenSize, layers: layers)
        stack.forgetBias = forgetBias
        stack.inputInitializer = Initializer.checked(initializer, hiddenSize: hiddenSize)
        stack.recurrentInitializer = Initializer.checked(recurrentInitializer, hiddenSize: hiddenSize)
        return stack
    }

    /// Checks every number.
    public func validate() throws {
        try Setting("`skippedLines`", format.skippedLines).require(in: 0...1_000_000)
        for number in format.missingNumbers {
            try Setting("`missingNumbers`", number).require(number.isFinite, "numbers that are finite")
        }
        try Setting("`window`", window).require(in: 1...1_000_000)
        try Setting("`olderSteps`", olderSteps).require(in: 0...1_000_000)
        try Setting("`olderSpacing`", olderSpacing).require(in: 1...1_000_000)
        try Setting("`horizon`", horizon).require(in: 1...100_000)
        try Setting("`trainFraction`", trainFraction).require(
            trainFraction > 0 && trainFraction <= 1, "more than 0 and at most 1")
        try Setting("`validationFraction`", validationFraction).require(
            validationFraction >= 0 && validationFraction < 1, "0 or more and less than 1")
        guard trainFraction + validationFraction <= 1 + 1e-9 else {
            throw RecurrentError(
                "`trainFraction` is \(trainFraction) and `validationFraction` \(validationFraction); expected 1 at most "
                    + "together")
        }
        guard parting == .continuing || validationFraction == 0 else {
            throw RecurrentError(
                "`validationFraction` is \(validationFraction); expected 0, as parts that are cut apart are two: training "
                    + "and test")
        }
        try Setting("`hiddenSize`", hiddenSize).require(in: 1...65_536)
        try Setting("`layers`", layers).require(in: 1...100)
        try Setting("`batchSize`", batchSize).require(in: 0...1_000_000)
        try optimization.validate()
        try Setting("`epochs`", epochs).require(in: 1...1_000_000)
        try Setting("`forgetBias`", forgetBias).require(abs(forgetBias) <= 100, "-100 to 100")
        for name in [initializer, recurrentInitializer] { _ = try Initializer.named(name, hiddenSize: hiddenSize) }
    }
}

extension SeriesConfiguration {
    /// A protocol whose results are known, by its name on the command line.
    public enum Recipe: String, CaseIterable, Sendable {
        /// The notes' "Training to Predict Time Series": 100 ReLU units, windows of 20 and the same shifted by one, a dense
        /// output at every step, batches of 50, mean squared error, Adam 1e-3, 1,500 iterations.
        case signal
        /// Jason Brownlee's "Time Series Prediction with LSTM Recurrent Neural Networks in Python with Keras" (2016): an
        /// LSTM of 4, each month from the one before, 100 passes in batches of 1, Adam 1e-3. Its scaler is fitted to the
        /// whole series, its parts are cut apart, and each loses its last pair.
        case airline
        /// The notes' "RNN with time series data (stock)": 7 days of 5 columns, the last of them forecast, an LSTM of 10,
        /// the sum of squares, Adam 0.01, 1,000 steps over all windows at once, the first 70% of them for training. The
        /// scaler is fitted to these alone.
        case stock
    }

    /// The configuration of a recipe, without the path of the data.
    public init(_ recipe: Recipe) {
        self.init()
        validationFraction = 0
        switch recipe {
        case .signal:
            scaling = .none
            trainFraction = 1
            cell = .reluRNN
            hiddenSize = 100
            predictsEveryStep = true
            batchSize = 50
            optimization = Optimization(learningRate: 1e-3)
            epochs = 250
        case .airline:
            window = 1
            scalerFit = .whole
            parting = .apart
            trainFraction = 0.67
            hiddenSize = 4
            batchSize = 1
            optimization = Optimization(learningRate: 1e-3)
        case .stock:
            order = .newestFirst
            window = 7
            hiddenSize = 10
            batchSize = 0
            loss = .sum
            optimization = Optimization(learningRate: 0.01)
            epochs = 1000
        }
    }
}
