import TestSupport
import Testing

@testable import RecurrentTraining

@Suite struct TrainingProgressTests {
    private let progress = TrainingProgress(
        step: 120, totalSteps: 500, loss: 1.234, itemsPerSecond: 5120.4, secondsLeft: 65)

    @Test func lineHasAllNumbers() {
        #expect(progress.line(unit: "tokens") == "step 120/500  loss 1.2340  5,120 tokens/s  1:05 left")
    }

    @Test func barFitsEveryWidth() {
        for width in -1...200 { #expect(progress.bar(unit: "tokens", width: width).count <= max(0, width)) }
        #expect(progress.bar(unit: "tokens", width: 79).hasPrefix("[====>"))
        #expect(progress.bar(unit: "tokens", width: 40) == String(progress.line(unit: "tokens").prefix(40)))
        var done = progress
        done.step = 500
        #expect(done.bar(unit: "tokens", width: 200).hasPrefix("[" + String(repeating: "=", count: 40) + "]  step 500"))
    }

    @Test func strangeNumbersDoNotTrap() {
        let strange = TrainingProgress(
            step: 9, totalSteps: 0, loss: .nan, itemsPerSecond: .infinity, secondsLeft: -.infinity)
        #expect(strange.bar(unit: "rows", width: 80).contains("loss nan  - rows/s  -:-- left"))
        let beyond = TrainingProgress(
            step: .max, totalSteps: 1, loss: 1e300, itemsPerSecond: -1e30, secondsLeft: .greatestFiniteMagnitude)
        #expect(beyond.bar(unit: "rows", width: 120).contains("loss 1.000e+300"))
    }

    @Test func durationsAndThousands() {
        let durations: [(Double, String)] = [
            (0, "0:00"), (59.6, "1:00"), (3599, "59:59"), (3600, "1:00:00"), (172_800, "2d 00h"), (.nan, "-:--"),
        ]
        for (seconds, text) in durations { #expect(TrainingProgress.duration(seconds) == text) }
        let numbers: [(Double, String)] = [
            (0, "0"), (999.4, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_234, "-1,234"),
        ]
        for (number, text) in numbers { #expect(TrainingProgress.grouped(number) == text) }
    }
}
