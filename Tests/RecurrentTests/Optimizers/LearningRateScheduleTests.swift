import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// Schedules as PyTorch and Keras have them, from `Fixtures/make_optimizers.py`, and their texts.
@Suite struct LearningRateScheduleTests {
    struct Content: Decodable {
        struct Schedule: Decodable {
            let text: String
            let base: Float
            let rates: [Double]
        }
        let schedules: [Schedule]
    }

    @Test func ratesAreThoseOfPyTorchAndKeras() throws {
        let content: Content = try Fixture.decode("optimizers")
        #expect(content.schedules.count == 12)
        for fixture in content.schedules {
            let schedule = try LearningRateSchedule(fixture.text)
            for (step, expected) in fixture.rates.enumerated() {
                let found = Double(schedule.rate(at: step, base: fixture.base))
                #expect(abs(found - expected) <= 2e-6 * expected + 1e-8, "\(fixture.text), step \(step)")
            }
        }
    }

    @Test func cosineStaysAtItsFloor() {
        let schedule = LearningRateSchedule(.cosine(steps: 10, floor: 0.25), warmUpSteps: 3)
        #expect(schedule.rate(at: 0, base: 3) == 1)
        #expect(schedule.rate(at: 2, base: 3) == 3)
        #expect(schedule.rate(at: 3, base: 3) == 3)
        #expect([13, 14, 1000, .max].allSatisfy { schedule.rate(at: $0, base: 3) == 0.75 })
    }

    @Test(
        arguments: [
            ("constant", LearningRateSchedule()),
            ("warm-up:1+constant", LearningRateSchedule(warmUpSteps: 1)),
            ("exponential:1000:0.96", LearningRateSchedule(.exponential(steps: 1000, factor: 0.96))),
            ("step:7:1e-05", LearningRateSchedule(.step(steps: 7, factor: 1e-5))),
            ("cosine:10000", LearningRateSchedule(.cosine(steps: 10_000))),
            (
                "warm-up:500+cosine:10000:0.1",
                LearningRateSchedule(.cosine(steps: 10_000, floor: 0.1), warmUpSteps: 500)
            ),
        ])
    func textsAreReadAndWritten(_ text: String, _ schedule: LearningRateSchedule) throws {
        let read = try LearningRateSchedule(text)
        #expect(read == schedule)
        #expect(schedule.description == text)
        let json = try JSONEncoder().encode([schedule])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
        let decoded = try JSONDecoder().decode([LearningRateSchedule].self, from: json)
        #expect(decoded == [schedule])
    }

    @Test(
        arguments: [
            ("", "found \"\""), ("cosin:100", "found \"cosin:100\"; expected constant"),
            ("constant:1", "found \"constant:1\"; expected constant"), ("cosine", "found \"cosine\""),
            ("cosine:", "found \"\" steps; expected a whole number"), ("cosine:0", "found \"0\" steps"),
            ("cosine:-5", "found \"-5\" steps"), ("cosine:1.5", "found \"1.5\" steps"),
            ("cosine:99999999999999999999", "steps; expected a whole number"),
            ("cosine:10:1.5", "found the floor \"1.5\"; expected a number from 0 to 1"),
            ("cosine:10:nan", "found the floor \"nan\""), ("cosine:10:0.1:2", "expected constant"),
            ("step:10", "step:STEPS:FACTOR"), ("step:10:0", "found the factor \"0\"; expected a number of more than 0"),
            ("exponential:10:inf", "found the factor \"inf\""), ("exponential:10:x", "found the factor \"x\""),
            ("warm-up:5", "or warm-up:STEPS+ before one of these"), ("warm-up:0+constant", "found \"0\" steps"),
            ("cosine:5+constant", "found \"cosine:5\" before the \"+\"; expected warm-up:STEPS"),
            ("warm-up:5+warm-up:5+constant", "found \"warm-up:5+constant\""),
            (" constant", "found \" constant\""),
        ])
    func wrongTextsAreRefused(_ text: String, _ part: String) throws {
        let error = #expect(throws: RecurrentError.self) { try LearningRateSchedule(text) }
        let message = error?.description ?? ""
        #expect(message.hasPrefix("learning-rate schedule \"\(text)\": ") && message.contains(part), "\(message)")
        let json = try JSONEncoder().encode([text])
        #expect(throws: RecurrentError.self) { try JSONDecoder().decode([LearningRateSchedule].self, from: json) }
    }
}
