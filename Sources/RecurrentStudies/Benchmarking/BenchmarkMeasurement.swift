import Recurrent

/// What `rnn benchmark` finds for one configuration.
package struct BenchmarkMeasurement: Sendable, Equatable {
    /// The configuration's name.
    package let name: String
    /// The median time of a whole training step, or of one generated character.
    package let seconds: Double
    /// Thousand million operations a second, of the products really computed.
    package let gflops: Double
    /// Thousand million operations a second, by the usual formula.
    package let nominalGflops: Double
    /// The share that the products really computed have of what the threads' multiply-add units can do.
    package let peakFraction: Double
    /// The number of threads.
    package let threads: Int
    /// Characters a second, where they are generated.
    package let perSecond: Double?
    /// What generation reads, where characters are generated.
    package let reading: Reading?

    /// How fast a generated character's step reads memory, and how fast the machine can.
    package struct Reading: Sendable, Equatable {
        /// What the weights are kept as.
        package let weights: WeightPrecision
        /// Bytes of weights and states that a step reads.
        package let bytesPerStep: Int
        /// Bytes a second of a plain read of as large a buffer with as many threads, measured after the steps.
        package let readBandwidth: Double
    }

    /// Bytes a second that generation reads.
    package var bytesPerSecond: Double? { reading.map { Double($0.bytesPerStep) / seconds } }

    /// The share that generation reaches of what a plain read of as large a buffer does.
    package var bandwidthFraction: Double? {
        reading.map { Double($0.bytesPerStep) / seconds / $0.readBandwidth }
    }

    /// Works out the rates of a configuration from its time.
    ///
    /// - Parameters:
    ///   - peak: Operations a second of one thread, from `RecurrentKernels.measuredPeak()`.
    package init(
        configuration: BenchmarkConfiguration, seconds: Double, threads: Int, peak: Double, reading: Reading? = nil
    ) {
        let operations = OperationCount(of: configuration)
        name = configuration.name
        self.seconds = seconds
        gflops = operations.executed / seconds / 1e9
        nominalGflops = operations.nominal / seconds / 1e9
        peakFraction = operations.executed / seconds / (peak * Double(threads))
        self.threads = threads
        self.reading = reading
        perSecond = configuration.work == .generation ? 1 / seconds : nil
    }
}

extension BenchmarkConfiguration {
    /// Times this configuration with the threads that `RecurrentKernels.threads` allows.
    ///
    /// - Parameters:
    ///   - seconds: For how long steps are repeated; five are made at least.
    ///   - peak: Operations a second of one thread, from `RecurrentKernels.measuredPeak()`.
    ///   - weights: What the weights are kept as where characters are generated.
    package func measure(seconds: Double, peak: Double, weights: WeightPrecision = .float32) -> BenchmarkMeasurement {
        let timing = StepTiming(seconds: seconds)
        guard work == .generation else {
            let seconds = timing.median(trainingStep())
            return BenchmarkMeasurement(
                configuration: self, seconds: seconds, threads: RecurrentKernels.threads, peak: peak)
        }
        let (seconds, bytes) = withGenerationStep(weights: weights) { (timing.median($0), $1) }
        let reading = BenchmarkMeasurement.Reading(
            weights: weights, bytesPerStep: bytes, readBandwidth: RecurrentKernels.measuredReadBandwidth(ofBytes: bytes)
        )
        return BenchmarkMeasurement(
            configuration: self, seconds: seconds, threads: RecurrentKernels.threads, peak: peak, reading: reading)
    }

    /// Finds where the time of a training step, or of a generated character, goes.
    ///
    /// - Parameters:
    ///   - seconds: For how long steps are repeated.
    ///   - weights: What the weights are kept as where characters are generated.
    package func profile(seconds: Double, weights: WeightPrecision = .float32) -> TimeProfile {
        trains
            ? TimeProfile(seconds: seconds, of: trainingStep())
            : withGenerationStep(weights: weights) { step, _ in TimeProfile(seconds: seconds, of: step) }
    }

    /// Makes the network, its batch and one training step.
    package func makeFirstStep() { trainingStep()() }

    /// Whether what is timed is a training step.
    package var trains: Bool { work != .generation }
}
