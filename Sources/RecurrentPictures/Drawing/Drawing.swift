import Foundation

/// The elements of an SVG document, in the order of painting.
struct Drawing {
    /// Which part of a text stands at its place.
    enum Anchor: String {
        case start, middle, end
    }

    private(set) var elements: [String] = []

    /// Adds a text, its lines centred on the place vertically.
    ///
    /// - Parameter angle: Degrees clockwise about the place.
    mutating func text(
        _ text: String, at place: Point, _ lettering: Lettering, anchor: Anchor = .start, style: String = "text",
        angle: Int = 0
    ) {
        guard !text.isEmpty else { return }
        let x = Drawing.number(place.x)
        let weight = lettering.isBold ? " font-weight=\"bold\"" : ""
        let turn = angle == 0 ? "" : " transform=\"rotate(\(angle) \(x) \(Drawing.number(place.y)))\""
        // Letters without descenders look centred 0.35 of their size above the baseline.
        let baseline = Drawing.number(place.y + 0.35 * lettering.size)
        elements.append(
            "<text class=\"\(style)\" x=\"\(x)\" y=\"\(baseline)\" font-size=\"\(Drawing.number(lettering.size))\""
                + "\(weight) text-anchor=\"\(anchor.rawValue)\"\(turn)>\(Drawing.escaped(text))</text>")
    }

    /// Adds lines of text, the first centred on the place.
    mutating func lines(
        _ lines: [String], at place: Point, _ lettering: Lettering, anchor: Anchor = .start, style: String = "text"
    ) {
        for (index, line) in lines.enumerated() {
            let y = place.y + Double(index) * lettering.lineHeight
            text(line, at: Point(place.x, y), lettering, anchor: anchor, style: style)
        }
    }

    /// Adds a path, unless it is empty. `content` are elements within it, such as its animation.
    mutating func path(_ path: PathData, style: String, attributes: String = "", content: String = "") {
        guard !path.text.isEmpty else { return }
        let end = content.isEmpty ? "/>" : ">\(content)</path>"
        elements.append("<path class=\"\(style)\"\(attributes) d=\"\(path.text)\"\(end)")
    }

    /// Adds a rectangle.
    mutating func rectangle(_ rectangle: Rectangle, style: String, radius: Double = 0) {
        let corner = radius == 0 ? "" : " rx=\"\(Drawing.number(radius))\""
        elements.append(
            "<rect class=\"\(style)\" x=\"\(Drawing.number(rectangle.left))\" y=\"\(Drawing.number(rectangle.top))\""
                + " width=\"\(Drawing.number(rectangle.width))\" height=\"\(Drawing.number(rectangle.height))\"\(corner)/>"
        )
    }

    /// Adds elements that are drawn in units of `scale` pixels from a place on.
    mutating func group(at place: Point, scale: Double, _ draw: (inout Drawing) -> Void) {
        let move = "translate(\(Drawing.number(place.x)) \(Drawing.number(place.y)))"
        elements.append("<g transform=\"\(move) scale(\(scale))\">")
        draw(&self)
        elements.append("</g>")
    }

    /// The document of these elements.
    ///
    /// - Parameters:
    ///   - description: What the picture shows, for screen readers.
    ///   - rules: The style rules of the classes used, in the colours of a scheme.
    func document(
        title: String, description: String, width: Double, height: Double, rules: (ColorScheme) -> [String]
    ) -> String {
        let size = "\(Drawing.number(width.rounded(.up))) \(Drawing.number(height.rounded(.up)))"
        let sides = size.split(separator: " ")
        let sheets = [ColorScheme.light, .dark].map { $0.rules + rules($0) }
        // Pictures may be pasted into one page: each keeps its rules to itself, by a class that they give the name.
        let name = "picture-\(Self.fingerprint(sheets.joined().joined()))"
        let styles = sheets.map { rules in rules.map { ".\(name) \($0)" }.joined(separator: "\n") }
        let head = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"\(name)\" role=\"img\" width=\"\(sides[0])\""
                + " height=\"\(sides[1])\" viewBox=\"0 0 \(size)\""
                + " font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">",
            "<title>\(Drawing.escaped(title))</title>",
            "<desc>\(Drawing.escaped(description))</desc>",
            "<style>",
            styles[0],
            "@media (prefers-color-scheme: dark) {",
            styles[1],
            "}",
            "</style>",
            "<rect class=\"background\" width=\"100%\" height=\"100%\"/>",
        ]
        return (head + elements + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    /// Eight hexadecimal digits that differ for different texts: FNV-1a (Fowler, Noll and Vo).
    private static func fingerprint(_ text: String) -> String {
        let hash = text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The number to a tenth of a pixel, as short as it can be.
    static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "0" }
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole == 0 ? "" : "\(whole)").\(rest)"
    }

    /// The text with what XML gives a meaning to, or forbids, replaced.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r": escaped += " "
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
