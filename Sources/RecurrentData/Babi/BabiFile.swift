import Recurrent

/// A file of one of the bAbI tasks: stories with questions (Weston et al. 2015).
///
/// Every line has a number, a blank and a sentence; the number 1 begins a new story, and within one the numbers count up
/// by 1. A question is followed by a tab, the answer, and where they are known another tab and the numbers of the lines
/// that the answer follows from. Lines end in LF or CRLF. There are no empty lines before the last one.
public struct BabiFile: Equatable, Sendable {
    /// What errors call the file, usually its path.
    public let name: String
    /// The stories, in order.
    public let stories: [BabiStory]

    /// The most bytes of a line.
    package static let longestLine = 10_000

    /// Reads a file, gzipped or not.
    ///
    /// - Throws: `RecurrentError` where it cannot be read, or naming the line that is wrong.
    public init(path: String) throws { try self.init(TextLines(path: path)) }

    init(_ file: TextLines) throws {
        var stories: [BabiStory] = []
        for (place, line) in file.lines.enumerated() {
            do {
                guard line.number == place + 1 else {
                    throw RecurrentError("there is an empty line before it; expected none")
                }
                let (number, sentence) = try Self.numbered(line.text)
                if number == 1 { stories.append(BabiStory()) }
                let expected = (stories.last?.lines.count ?? 0) + 1
                guard !stories.isEmpty, number == expected else {
                    let before = stories.isEmpty ? "1, as a story begins" : "\(expected), or 1 for a new story"
                    throw RecurrentError("the number is \(number); expected \(before)")
                }
                stories[stories.count - 1].append(try Self.line(sentence, number: number))
            } catch let error as RecurrentError {
                throw RecurrentError("\(file.name), line \(line.number): \(error)")
            }
        }
        name = file.name
        self.stories = stories
        guard questionCount > 0 else {
            throw RecurrentError(
                "\(name): there are \(stories.count) stories and no questions; expected some, with a tab and the answer"
            )
        }
    }

    /// How many questions there are.
    package var questionCount: Int {
        stories.reduce(0) { count, story in
            count
                + story.lines.count { line in
                    if case .question = line { true } else { false }
                }
        }
    }

    /// Takes a line's number off.
    private static func numbered(_ line: String) throws -> (number: Int, sentence: Substring) {
        guard line.utf8.count <= longestLine else {
            throw RecurrentError("the line has \(line.utf8.count) bytes; expected at most \(longestLine)")
        }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        let rest = line.dropFirst(digits.count)
        guard let number = Int(digits), rest.first == " " else {
            throw RecurrentError("\"\(line.prefix(20))\" begins the line; expected a number, a blank and a sentence")
        }
        return (number, rest.dropFirst())
    }

    /// A numbered line without its number.
    private static func line(_ sentence: Substring, number: Int) throws -> BabiStory.Line {
        let columns = sentence.split(separator: "\t", omittingEmptySubsequences: false).map(LabelledTexts.trimmed)
        guard !columns[0].isEmpty else { throw RecurrentError("there is no sentence after the number") }
        guard columns.count > 1 else {
            guard !columns[0].hasSuffix("?") else {
                throw RecurrentError("the question \"\(columns[0].prefix(60))\" has no tab and answer after it")
            }
            return .statement(columns[0])
        }
        guard columns.count <= 3 else {
            throw RecurrentError("there are \(columns.count - 1) tabs; expected an answer and line numbers")
        }
        guard !columns[1].isEmpty else {
            throw RecurrentError("the answer to \"\(columns[0].prefix(60))\" is empty")
        }
        let support = try (columns.count == 3 ? columns[2] : "").split(separator: " ").map { text in
            guard let supporting = Int(text), (1..<number).contains(supporting) else {
                throw RecurrentError("\"\(text.prefix(20))\" is not the number of a line before \(number)")
            }
            return supporting
        }
        return .question(BabiQuestion(columns[0], answer: columns[1], supportingLines: support))
    }
}
