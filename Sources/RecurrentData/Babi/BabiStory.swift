/// A question about a story, its answer, and the lines that it follows from.
public struct BabiQuestion: Equatable, Sendable {
    /// The question, as in "Where is Mary?".
    public let text: String
    /// The answer. Several words, as in "apple,milk", are one.
    public let answer: String
    /// The numbers of the story's lines that the answer follows from, in the order of the file.
    public let supportingLines: [Int]

    /// Puts a question together.
    public init(_ text: String, answer: String, supportingLines: [Int]) {
        self.text = text
        self.answer = answer
        self.supportingLines = supportingLines
    }
}

/// A story of the bAbI tasks: statements, and between them questions about what stands before (Weston et al. 2015,
/// "Towards AI-complete question answering").
public struct BabiStory: Equatable, Sendable {
    /// A line of a story.
    public enum Line: Equatable, Sendable {
        /// A sentence that something follows from.
        case statement(String)
        /// A question about the statements before.
        case question(BabiQuestion)
    }

    /// The lines. The number of a line is its place and 1.
    public private(set) var lines: [Line]

    /// Makes a story of its lines.
    public init(_ lines: [Line] = []) { self.lines = lines }

    /// Goes on with another line.
    public mutating func append(_ line: Line) { lines.append(line) }

    /// The story in the form of the tasks' files: numbered lines, and after a question tab, answer, tab, supporting lines.
    public var text: String {
        zip(1..., lines).map { number, line in
            switch line {
            case .statement(let text): return "\(number) \(text)\n"
            case .question(let question):
                let support = question.supportingLines.map(String.init).joined(separator: " ")
                return "\(number) \(question.text) \t\(question.answer)\t\(support)\n"
            }
        }.joined()
    }
}
