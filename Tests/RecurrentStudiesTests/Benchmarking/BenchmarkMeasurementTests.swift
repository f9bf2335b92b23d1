import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentPictures
@testable import RecurrentStudies

@Suite struct BenchmarkMeasurementTests {
    private func small(
        _ cell: CellKind, _ work: BenchmarkConfiguration.Work, tokens: Bool = false, outputs: Int = 3
    ) -> BenchmarkConfiguration {
        BenchmarkConfiguration(
            "small", cell, batch: work == .generation ? 1 : 2, steps: work == .generation ? 1 : 4, inputs: 3,
            readsTokens: tokens, hidden: 5, layers: 2, outputs: outputs, work: work)
    }

    @Test func everyKindOfWorkIsTimed() {
        for configuration in [
            small(.rnn, .crossEntropyAtTheLastStep),
            small(.reluRNN, .squaredErrorAtEveryStep, outputs: 1),
            small(.lstm, .crossEntropyAtTheLastStep), small(.lstm, .crossEntropyAtEveryStep, tokens: true),
            small(.gru, .crossEntropyAtEveryStep), small(.gru, .generation, tokens: true),
            small(.lstm, .generation, tokens: true),
        ] {
            let measurement = configuration.measure(seconds: 0.001, peak: 1e9)
            #expect(measurement.seconds > 0 && measurement.seconds < 1)
            #expect(measurement.gflops > 0 && measurement.nominalGflops > 0)
            #expect((measurement.reading != nil) == (configuration.work == .generation))
            #expect((measurement.perSecond != nil) == (configuration.work == .generation))
        }
    }

    @Test func ratesFollowFromTheTime() {
        let configuration = small(.lstm, .generation, tokens: true)
        let measurement = BenchmarkMeasurement(configuration: configuration, seconds: 0.5, threads: 2, peak: 1000)
        let operations = OperationCount(of: configuration)
        #expect(measurement.gflops == operations.executed / 0.5 / 1e9)
        #expect(measurement.nominalGflops == operations.nominal / 0.5 / 1e9)
        #expect(measurement.peakFraction == operations.executed / 0.5 / 2000)
        #expect(measurement.perSecond == 2)
        #expect(measurement.bytesPerSecond == nil && measurement.bandwidthFraction == nil)
    }

    @Test func theShareOfTheBandwidthFollowsFromTheBytes() {
        let measurement = BenchmarkMeasurement(
            configuration: small(.lstm, .generation, tokens: true), seconds: 0.5, threads: 2, peak: 1000,
            reading: BenchmarkMeasurement.Reading(weights: .int8, bytesPerStep: 300, readBandwidth: 800))
        #expect(measurement.bytesPerSecond == 600)
        #expect(measurement.bandwidthFraction == 0.75)
    }

    @Test func smallerWeightsAreFewerBytes() throws {
        let configuration = BenchmarkConfiguration(
            "small", .lstm, batch: 1, steps: 1, inputs: 3, readsTokens: true, hidden: 64, layers: 2, outputs: 3,
            work: .generation)
        let bytes = try WeightPrecision.allCases.map { weights in
            let reading = try #require(configuration.measure(seconds: 0.001, peak: 1e9, weights: weights).reading)
            #expect(reading.weights == weights && reading.readBandwidth > 0)
            return reading.bytesPerStep
        }
        // Three matrices of 64 x 256, and what does not shrink: biases, scales, states, a token's row.
        #expect((3 * 64 * 256 * 4)...(3 * 64 * 256 * 5) ~= bytes[0])
        #expect((3 * 64 * 256 * 2)...(3 * 64 * 256 * 3) ~= bytes[1])
        #expect((3 * 64 * 256)...(3 * 64 * 256 * 2) ~= bytes[2])
    }

    @Test func timingMakesFiveStepsAtLeast() {
        var steps = 0
        let median = StepTiming(seconds: 0).median { steps += 1 }
        #expect(steps == 7)
        #expect(median >= 0)
    }
}
