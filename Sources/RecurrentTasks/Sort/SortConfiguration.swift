import Recurrent
import RecurrentData
import RecurrentTraining

/// What is sorted, and what learns it: everything that decides the result. Stored in the run.
public struct SortConfiguration: EncoderDecoderTaskConfiguration {
    /// `sort`.
    public static let taskName = "sort"

    /// Nil: the lists are generated.
    public var data: String?
    /// The encoder and decoder.
    public var network: EncoderDecoderConfiguration
    /// The numbers are from 0 to below this.
    public var limit = 100
    /// The fewest numbers of a list.
    public var minimumLength = 10
    /// The most numbers of a list.
    public var maximumLength = 10
    /// The number of lists of a batch, all of them new.
    public var batchSize = 64
    /// How the model learns.
    public var optimization: Optimization
    /// The seed of all that is random.
    public var seed: UInt64 = 1

    /// The number of steps that training takes where nobody says so, in which the learning rate falls to nothing.
    package static let steps = 4000

    /// Lists of ten numbers below 100; one layer of 128 LSTM units to read, one to write, without attention; batches of 64,
    /// Adam at 0.01 with a cosine schedule, gradients clipped to a norm of 1.
    public init() {
        network = EncoderDecoderConfiguration()
        optimization = Optimization(learningRate: 1e-2, gradientNormBound: 1)
        optimization.schedule = LearningRateSchedule(.cosine(steps: Self.steps))
    }

    /// The lists.
    package var lists: NumberLists { NumberLists(limit: limit, lengths: minimumLength...maximumLength) }

    /// Checks every number.
    public func validate() throws {
        guard data == nil else {
            throw RecurrentError("`data` is \(data ?? ""); expected none, for the task makes its own lists")
        }
        try Setting("`limit`", limit).require(in: NumberLists.limits)
        let lengths = minimumLength == maximumLength ? "\(minimumLength)" : "\(minimumLength)-\(maximumLength)"
        try Setting("`lengths`", lengths).require(
            maximumLength >= minimumLength && NumberLists.possibleLengths.contains(minimumLength)
                && NumberLists.possibleLengths.contains(maximumLength),
            "2 to 1000 numbers, as in 10 or 5-15")
        try validateLayers()
        try network.validate()
    }
}
