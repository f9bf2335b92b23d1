/// Puts words back into running text, with blanks where English has them.
///
/// There is none before closing punctuation (`, . ; : ! ? ) ] } %`), none after opening brackets, none on either side of
/// a hyphen, dash or slash, and none at the ends of lines. A straight quotation mark opens and closes by turns within a
/// line. An apostrophe that is a word of its own belongs to the word before it, or at the beginning of a line or a
/// quotation to the word after. Words that white space alone separated have a blank between any two of a line.
package struct WordSpacing: Equatable, Sendable {
    /// Whether the next word stands close to the last: at the beginning, and after an opening bracket.
    private var isClose = true
    private var isInQuotation = false

    private static let closing: Set<String> = [
        ",", ".", ";", ":", "!", "?", ")", "]", "}", "%", "\u{2026}", "\u{201D}", "\u{2019}", "\u{BB}", "\n",
    ]
    private static let opening: Set<String> = ["(", "[", "{", "\u{201C}", "\u{2018}", "\u{AB}", "\u{BF}", "\u{A1}"]
    private static let joining: Set<String> = ["-", "/", "\u{2010}", "\u{2011}", "\u{2013}", "\u{2014}"]

    private let separator: WordSplitting.Separator

    /// Makes the state at the beginning of a text of words that were separated so.
    package init(separator: WordSplitting.Separator = .punctuation) { self.separator = separator }

    /// The word, with a blank before it where one belongs there.
    package mutating func text(of word: String) -> String {
        switch separator {
        case .punctuation: return spaced(word)
        case .whitespace:
            defer { isClose = word == "\n" }
            return isClose || word == "\n" ? word : " " + word
        }
    }

    private mutating func spaced(_ word: String) -> String {
        var isClosing = Self.closing.contains(word)
        var isOpening = Self.opening.contains(word)
        if Self.joining.contains(word) { (isClosing, isOpening) = (true, true) }
        if word == "\"" {
            (isClosing, isOpening) = (isInQuotation, !isInQuotation)
            isInQuotation.toggle()
        }
        if word == "'" { (isClosing, isOpening) = (true, isClose) }
        if word == "\n" { (isOpening, isInQuotation) = (true, false) }
        let hasBlank = !isClose && !isClosing
        isClose = isOpening
        return hasBlank ? " " + word : word
    }
}
