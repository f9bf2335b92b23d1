import Recurrent

/// Makes stories of the first three bAbI tasks by simulation, from their description in Weston et al. 2015.
///
/// The same seed makes the same stories. The persons, places, things and verbs are those that the paper's examples show.
package struct BabiGenerator: Sendable {
    /// How many facts an answer follows from.
    package enum Kind: Int, Sendable, CaseIterable {
        /// Where a person is: the line of the person's last coming.
        case oneFact = 1
        /// Where a thing is: the line in which it was last taken or left, and that of its person's last coming.
        case twoFacts
        /// Where a thing was before it was at a place: the line in which it was last taken or left, and those of its
        /// person's coming to that place and to the one before.
        case threeFacts

        /// From how many statements to how many there are before a question, or more where none can be asked yet.
        var statements: ClosedRange<Int> {
            switch self {
            case .oneFact: 2...2
            case .twoFacts: 2...6
            case .threeFacts: 6...20
            }
        }
    }

    /// How many questions a story has.
    package static let questionsOfStory = 5

    private let kind: Kind
    private var random: RandomSource

    /// Makes a generator.
    package init(_ kind: Kind, random: RandomSource) {
        self.kind = kind
        self.random = random
    }

    /// The next story.
    package mutating func story() -> BabiStory {
        var story = BabiStory()
        var world = BabiWorld()
        for _ in 0..<Self.questionsOfStory {
            let (least, most) = (kind.statements.lowerBound, kind.statements.upperBound)
            var left = least + Int(random.below(UInt64(most - least + 1)))
            var questions: [BabiQuestion] = []
            while left > 0 || questions.isEmpty {
                let line = story.lines.count + 1
                let statement = world.advance(line: line, hasThings: kind != .oneFact, random: &random)
                story.append(.statement(statement))
                questions = world.questions(kind)
                left -= 1
            }
            story.append(.question(chosen(of: questions)))
        }
        return story
    }

    /// One of the questions that can be asked. Half of those about things are about the thing that was last taken or left,
    /// so that it is asked about as often as in bAbI's own files, about three times in four.
    private mutating func chosen(of questions: [BabiQuestion]) -> BabiQuestion {
        var questions = questions
        if kind != .oneFact, random.unitInterval() < 0.5 {
            let latest = questions.compactMap(\.supportingLines.first).max()
            questions.removeAll { $0.supportingLines.first != latest }
        }
        return questions[Int(random.below(UInt64(questions.count)))]
    }

    /// The next stories in the form of the tasks' files.
    package mutating func text(stories: Int) -> String { (0..<stories).map { _ in story().text }.joined() }
}

extension BabiWorld {
    /// What can be asked, in an order that follows from the world alone.
    func questions(_ kind: BabiGenerator.Kind) -> [BabiQuestion] {
        switch kind {
        case .oneFact:
            Self.persons.compactMap { person in
                whereabouts[person].map { stay in
                    BabiQuestion("Where is \(person)?", answer: stay.place, supportingLines: [stay.line])
                }
            }
        case .twoFacts:
            Self.things.compactMap { thing in
                guard let carriage = carriages[thing], let stay = carriage.stays.last else { return nil }
                return BabiQuestion(
                    "Where is the \(thing)?", answer: stay.place, supportingLines: [carriage.handling, stay.line])
            }
        case .threeFacts:
            Self.things.flatMap { thing in carriages[thing].map { questions(about: thing, on: $0) } ?? [] }
        }
    }

    /// Where a thing was before it was last at each of the places that its latest person brought it to.
    private func questions(about thing: String, on carriage: Carriage) -> [BabiQuestion] {
        carriage.stays.indices.dropFirst().compactMap { place in
            let (stay, before) = (carriage.stays[place], carriage.stays[place - 1])
            guard !carriage.stays[(place + 1)...].contains(where: { $0.place == stay.place }) else { return nil }
            return BabiQuestion(
                "Where was the \(thing) before the \(stay.place)?", answer: before.place,
                supportingLines: [carriage.handling, stay.line, before.line])
        }
    }
}
