/// A size and weight of letters, and how wide texts become in them.
///
/// Widths are those of Helvetica with a reserve for the wider sans-serif faces that a reader may have instead.
struct Lettering: Equatable {
    /// The height of the face, in pixels.
    var size: Double
    var isBold = false

    static let title = Lettering(size: 16, isBold: true)
    static let name = Lettering(size: 13, isBold: true)
    static let label = Lettering(size: 13)
    static let small = Lettering(size: 12)

    /// The distance of two lines of text, in pixels.
    var lineHeight: Double { (size * 1.35).rounded() }

    /// The greatest width that the text is expected to take, in pixels.
    package func width(of text: String) -> Double {
        let thousandths = text.reduce(0) { $0 + Lettering.thousandths(of: $1) }
        return Double(thousandths) / 1000 * size * (isBold ? 1.25 : 1.15)
    }

    /// The text itself where it fits, else its beginning with an ellipsis.
    func cut(_ text: String, to width: Double) -> String {
        guard self.width(of: text) > width else { return text }
        var kept = ""
        for character in text {
            if self.width(of: kept + String(character) + "…") > width { break }
            kept.append(character)
        }
        while kept.last == " " { kept.removeLast() }
        return kept + "…"
    }

    /// The text in lines that fit; what remains after the last line is cut.
    func wrap(_ text: String, to width: Double, lines: Int) -> [String] {
        var wrapped: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            if let last = wrapped.last, wrapped.count == lines || self.width(of: "\(last) \(word)") <= width {
                wrapped[wrapped.count - 1] = "\(last) \(word)"
            } else {
                wrapped.append(String(word))
            }
        }
        return wrapped.map { cut($0, to: width) }
    }

    private static func thousandths(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 32..<127: return ascii[Int(scalar.value) - 32]
        case 0x2009: return 200
        case 0xB2, 0xB3, 0xB9, 0x2070...0x207F: return 380
        case 0x2026, 0x1100...0x11FF, 0x2E80...: return 1000
        default: return 640
        }
    }

    /// Adobe's font metrics of Helvetica, from the space to the tilde.
    private static let ascii = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
        556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
        667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ]
}
