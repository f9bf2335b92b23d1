import Testing

@testable import Recurrent
@testable import RecurrentPictures
@testable import RecurrentStudies
@testable import RecurrentTasks

@Suite struct AddingLessonTests {
    private static func small(_ cell: CellKind = .gru, length: Int = 6) -> AddingConfiguration {
        var configuration = AddingConfiguration(cell: cell)
        configuration.hiddenSize = 16
        configuration.sequenceLength = length
        return configuration
    }

    @Test func aShortProblemIsLearnedAndTheLessonEnds() throws {
        let lesson = try AddingLesson(Self.small(length: 3), steps: 2000, goal: 0.02)
        let step = try #require(lesson.step(reaching: 0.02))
        #expect(step == lesson.steps.last && lesson.steps.count == lesson.squaredErrors.count)
        #expect(lesson.squaredErrors.dropLast().allSatisfy { $0 > 0.02 })
        let none = try AddingLesson(Self.small(length: 3), steps: 100, goal: 0)
        #expect(none.steps == [50, 100] && none.step(reaching: 0) == nil)
    }
}
