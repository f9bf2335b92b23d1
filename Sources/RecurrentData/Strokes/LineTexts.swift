import Recurrent

/// Random short texts: of words, or of letters in any order.
public struct LineTexts: Equatable, Sendable {
    private enum Source: Equatable {
        case words([String])
        case letters([Character])
    }

    private let source: Source
    private let lengths: ClosedRange<Int>

    /// Words with a space between them: one, and as many more as a length drawn from the range has room for. A word may be
    /// longer than that.
    ///
    /// - Throws: `RecurrentError` where there is no word, an empty one, or a length less than 1.
    public init(words: [String], lengths: ClosedRange<Int>) throws {
        guard !words.isEmpty, !words.contains("") else {
            throw RecurrentError("there are \(words.count) words, maybe empty ones; expected at least one, none empty")
        }
        try self.init(.words(words), lengths)
    }

    /// Letters in any order, each as likely as the others. A space is neither first nor last nor beside another.
    ///
    /// - Throws: `RecurrentError` where all letters are spaces, or a length is less than 1.
    public init(letters: [Character], lengths: ClosedRange<Int>) throws {
        guard letters.contains(where: { $0 != " " }) else {
            throw RecurrentError("the letters are \"\(String(letters))\"; expected at least one that is no space")
        }
        try self.init(.letters(letters), lengths)
    }

    private init(_ source: Source, _ lengths: ClosedRange<Int>) throws {
        guard lengths.lowerBound >= 1 else {
            throw RecurrentError("the shortest text has \(lengths.lowerBound) letters; expected 1 or more")
        }
        self.source = source
        self.lengths = lengths
    }

    /// Draws a text.
    public func draw(random: inout RandomSource) -> String {
        func choice<Element>(_ elements: [Element]) -> Element {
            elements[Int(random.unitInterval() * Double(elements.count))]
        }
        let length = choice(Array(lengths))
        switch source {
        case .words(let words):
            var text = choice(words)
            while true {
                let next = choice(words)
                if text.count + 1 + next.count > length { return text }
                text += " " + next
            }
        case .letters(let letters):
            let visible = letters.filter { $0 != " " }
            return (0..<length).reduce(into: "") { text, place in
                let mayBeSpace = place > 0 && place < length - 1 && text.last != " "
                text.append(choice(mayBeSpace ? letters : visible))
            }
        }
    }
}
