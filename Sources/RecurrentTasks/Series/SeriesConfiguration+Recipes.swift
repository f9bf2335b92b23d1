import RecurrentTraining

extension SeriesConfiguration {
    /// A protocol whose results are known, by its name on the command line.
    public enum Recipe: String, CaseIterable, Sendable {
        /// The notes' generated signal.
        case signal
        /// The airline passengers, as published.
        case airline
        /// The notes' stock prices.
        case stock
    }

    /// The configuration of a recipe, without the path of the data.
    public init(_ recipe: Recipe) {
        switch recipe {
        case .signal: self = .signal
        case .airline: self = .airline
        case .stock: self = .stock
        }
    }

    /// The notes' "Training to Predict Time Series": 100 ReLU units, windows of 20 and the same shifted by one, a dense
    /// output at every step, batches of 50, mean squared error, Adam 1e-3, 1,500 iterations.
    private static let signal: SeriesConfiguration = {
        var signal = SeriesConfiguration()
        signal.scaling = .none
        signal.trainFraction = 1
        signal.validationFraction = 0
        signal.cell = .reluRNN
        signal.hiddenSize = 100
        signal.predictsEveryStep = true
        signal.batchSize = 50
        signal.optimization = Optimization(learningRate: 1e-3)
        signal.epochs = 250
        return signal
    }()

    /// Jason Brownlee's "Time Series Prediction with LSTM Recurrent Neural Networks in Python with Keras" (2016): an
    /// LSTM of 4, each month from the one before, 100 passes in batches of 1, Adam 1e-3. Its scaler is fitted to the
    /// whole series, its parts are cut apart, and each loses its last pair.
    private static let airline: SeriesConfiguration = {
        var airline = SeriesConfiguration()
        airline.window = 1
        airline.scalerFit = .whole
        airline.parting = .apart
        airline.trainFraction = 0.67
        airline.validationFraction = 0
        airline.hiddenSize = 4
        airline.batchSize = 1
        airline.optimization = Optimization(learningRate: 1e-3)
        return airline
    }()

    /// The notes' "RNN with time series data (stock)": 7 days of 5 columns, the last of them forecast, an LSTM of 10,
    /// the sum of squares, Adam 0.01, 1,000 steps over all windows at once, the first 70% of them for training. The
    /// scaler is fitted to these alone.
    private static let stock: SeriesConfiguration = {
        var stock = SeriesConfiguration()
        stock.order = .newestFirst
        stock.window = 7
        stock.validationFraction = 0
        stock.hiddenSize = 10
        stock.batchSize = 0
        stock.loss = .sum
        stock.optimization = Optimization(learningRate: 0.01)
        stock.epochs = 1000
        return stock
    }()
}
