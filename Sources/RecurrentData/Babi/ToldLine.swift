import Recurrent

/// A line of a story as a person tells it, or as bAbI's files have it: its sentences, and whether a story begins.
package struct ToldLine: Equatable, Sendable {
    /// The sentences, without blanks around them.
    package let sentences: [String]
    /// Whether the line has the number 1, or is empty.
    package let beginsStory: Bool

    /// Passes over a number at the line's beginning, and over everything after a tab.
    package init(_ line: String) {
        var line = line.prefix { $0 != "\t" }
        let number = line.prefix { $0.isASCII && $0.isNumber }
        let hasNumber = !number.isEmpty && line.dropFirst(number.count).first == " "
        if hasNumber { line = line.dropFirst(number.count) }
        sentences = Self.sentences(in: line)
        beginsStory = sentences.isEmpty || hasNumber && Int(number) == 1
    }

    static func sentences(in line: Substring) -> [String] {
        var sentences: [String] = []
        var rest = line
        while !rest.isEmpty {
            let end = rest.indices.first { place in
                let after = rest.index(after: place)
                return ".!?".contains(rest[place]) && (after == rest.endIndex || rest[after].isWhitespace)
            }
            let next = end.map { rest.index(after: $0) } ?? rest.endIndex
            let sentence = LabelledTexts.trimmed(rest[..<next])
            if !sentence.isEmpty { sentences.append(sentence) }
            rest = rest[next...]
        }
        return sentences
    }
}
