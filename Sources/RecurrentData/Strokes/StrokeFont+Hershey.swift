import Recurrent

extension StrokeFont {
    /// Reads a font of Hershey's letters (`.jhf`): 96 of them, from the space on.
    ///
    /// Each letter has its number in 5 columns, the count of its pairs in 3, and the pairs: two characters each, as far
    /// from `R` as the coordinate is from 0. The first pair are the left and right edges; a blank and `R` lift the pen.
    /// Long letters go on in the next line. The letters stand on 9, and an x is taken to be 14 high, as it
    /// is in `rowmans` and most other fonts. What comes after the 95th is no character of ASCII and is left out.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, or with the first line that is wrong.
    public init(hersheyPath path: String) throws {
        try self.init(hershey: FileContents.readInflated(path, limit: 1 << 24), name: path)
    }

    /// Reads the bytes of a `.jhf` file. `name` stands for the file in errors.
    init(hershey bytes: [UInt8], name: String) throws {
        var lines = HersheyLines(bytes, name: name)
        var glyphs: [Character: Glyph] = [:]
        var code: UInt8 = 32
        while let pairs = try lines.nextLetter() {
            if code < 127 { glyphs[Character(UnicodeScalar(code))] = try Self.glyph(pairs, lines) }
            code = min(code + 1, 127)
        }
        guard !glyphs.isEmpty else { throw RecurrentError("\(name): the file is empty; expected Hershey's letters") }
        self.init(glyphs: glyphs)
    }

    private static let baseline = 9.0
    private static let height = 14.0

    private static func glyph(_ pairs: [SIMD2<Double>?], _ lines: HersheyLines) throws -> Glyph {
        guard let edges = pairs.first ?? nil, edges.x <= edges.y else {
            throw lines.failure("the left edge lies to the right of the right edge; expected it left of it")
        }
        let strokes = pairs.dropFirst().split(separator: nil).map { stroke in
            stroke.compactMap { $0 }.map { SIMD2(($0.x - edges.x) / height, ($0.y - baseline) / height) }
        }
        return Glyph(advance: (edges.y - edges.x) / height, strokes: strokes)
    }
}

/// The letters of a `.jhf` file, one after another.
private struct HersheyLines {
    private let lines: [ArraySlice<UInt8>]
    private let name: String
    private var next = 0
    private var begin = 0

    init(_ bytes: [UInt8], name: String) {
        lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0
        }
        self.name = name
    }

    /// The error for what is wrong with the letter that was read last.
    func failure(_ reason: String) -> RecurrentError {
        RecurrentError("\(name), line \(begin + 1): \(reason)")
    }

    /// The pairs of the next letter, nil for where the pen is lifted; nil at the end of the file.
    mutating func nextLetter() throws -> [SIMD2<Double>?]? {
        while next < lines.count, lines[next].isEmpty { next += 1 }
        guard next < lines.count else { return nil }
        begin = next
        let line = lines[next]
        next += 1
        let digits = String(decoding: line.dropFirst(5).prefix(3), as: UTF8.self)
        guard let count = Int(digits.drop { $0 == " " }), count > 0 else {
            throw failure("columns 6 to 8 are \"\(digits)\"; expected the number of pairs of one of Hershey's letters")
        }
        var body = Array(line.dropFirst(8))
        while body.count < 2 * count, next < lines.count, !lines[next].isEmpty {
            body += lines[next]
            next += 1
        }
        guard body.count == 2 * count, body.allSatisfy({ (32...126).contains($0) }) else {
            throw failure(
                "found \(body.count) characters of pairs; expected \(2 * count), all of them printable ASCII")
        }
        return (0..<count).map { index in
            let (x, y) = (body[2 * index], body[2 * index + 1])
            let isLifted = x == UInt8(ascii: " ") && y == UInt8(ascii: "R") && index > 0
            return isLifted ? nil : SIMD2(Double(x) - 82, Double(y) - 82)
        }
    }
}
