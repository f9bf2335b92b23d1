/// What `rnn benchmark` finds for one configuration.
public struct BenchmarkMeasurement: Sendable, Equatable {
    /// The configuration's name.
    public let name: String
    /// The median time of a whole training step, or of one generated character.
    public let seconds: Double
    /// Thousand million operations a second, of the products really computed.
    public let gflops: Double
    /// Thousand million operations a second, by the usual formula.
    public let nominalGflops: Double
    /// The share that the products really computed have of what the threads' multiply-add units can do.
    public let peakFraction: Double
    /// The number of threads.
    public let threads: Int
    /// Characters a second, where they are generated.
    public let perSecond: Double?

    /// Works out the rates of a configuration from its time.
    ///
    /// - Parameters:
    ///   - peak: Operations a second of one thread, from `Machine.measuredPeak()`.
    public init(configuration: BenchmarkConfiguration, seconds: Double, threads: Int, peak: Double) {
        let operations = OperationCount(of: configuration)
        name = configuration.name
        self.seconds = seconds
        gflops = operations.executed / seconds / 1e9
        nominalGflops = operations.nominal / seconds / 1e9
        peakFraction = operations.executed / seconds / (peak * Double(threads))
        self.threads = threads
        perSecond = configuration.work == .generation ? 1 / seconds : nil
    }
}

extension BenchmarkConfiguration {
    /// Times this configuration with the threads that `Machine.threads` allows.
    ///
    /// - Parameters:
    ///   - seconds: For how long steps are repeated; five are made at least.
    ///   - peak: Operations a second of one thread, from `Machine.measuredPeak()`.
    public func measure(seconds: Double, peak: Double) -> BenchmarkMeasurement {
        let timing = StepTiming(seconds: seconds)
        let median = work == .generation ? timeGeneration(timing) : timing.median(trainingStep())
        return BenchmarkMeasurement(configuration: self, seconds: median, threads: Machine.threads, peak: peak)
    }

    /// Finds where the time of a training step goes.
    ///
    /// - Parameter seconds: For how long steps are repeated.
    public func profile(seconds: Double) -> TimeProfile { TimeProfile(seconds: seconds, of: trainingStep()) }

    /// Makes the network, its batch and one training step.
    public func makeFirstStep() { trainingStep()() }

    /// Whether what is timed is a training step.
    public var trains: Bool { work != .generation }
}
