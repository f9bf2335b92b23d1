import Foundation
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct BabiGeneratorTests {
    private static func text(_ kind: BabiGenerator.Kind, seed: UInt64) -> String {
        var generator = BabiGenerator(kind, random: RandomSource(seed: seed))
        return generator.text(stories: 60)
    }

    private static func file(_ kind: BabiGenerator.Kind, seed: UInt64 = 1) throws -> BabiFile {
        try BabiFile(TextLines(Array(text(kind, seed: seed).utf8), name: "the stories"))
    }

    /// Every statement makes sense, and every answer and its supporting lines follow from the story alone.
    @Test(arguments: BabiGenerator.Kind.allCases)
    func aSolverAgrees(_ kind: BabiGenerator.Kind) throws {
        let file = try Self.file(kind)
        #expect(file.stories.count == 60 && file.questionCount == 300)
        for story in file.stories {
            var solver = BabiSolver()
            for (number, line) in zip(1..., story.lines) {
                switch line {
                case .statement(let text):
                    let makesSense = solver.read(text, line: number)
                    #expect(makesSense, "\(number) \(text)")
                case .question(let question):
                    let solved = try #require(solver.answer(question.text))
                    #expect(solved.answer == question.answer, "\(story.text)")
                    #expect(solved.lines == question.supportingLines, "\(story.text)")
                    #expect(question.supportingLines.count == kind.rawValue)
                }
            }
        }
    }

    @Test(arguments: BabiGenerator.Kind.allCases)
    func allIsAskedAndAnswered(_ kind: BabiGenerator.Kind) throws {
        var answers: [String: Int] = [:]
        var texts = Set<String>()
        for case .question(let question) in try Self.file(kind).stories.flatMap(\.lines) {
            answers[question.answer, default: 0] += 1
            texts.insert(question.text)
        }
        #expect(Set(answers.keys) == Set(BabiWorld.places))
        #expect(answers.values.allSatisfy { $0 > 25 && $0 < 80 }, "\(answers)")
        #expect(texts.count == [.oneFact: 4, .twoFacts: 3, .threeFacts: 18][kind])
    }

    @Test func theSeedDecides() {
        for kind in BabiGenerator.Kind.allCases {
            #expect(Self.text(kind, seed: 5) == Self.text(kind, seed: 5))
            #expect(Self.text(kind, seed: 5) != Self.text(kind, seed: 6))
        }
    }
}
