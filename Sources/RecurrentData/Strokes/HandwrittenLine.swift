import Foundation
import Recurrent

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The strokes of a line of the IAM On-Line Handwriting Database (Liwicki and Bunke, "IAM-OnDB", 2005): an XML file with
/// `Point` elements in `Stroke` elements, x to the right and y downwards.
///
/// Document types, and with them entities and external references, are refused.
struct HandwrittenLine {
    /// The points of every stroke.
    let strokes: [[SIMD2<Double>]]

    /// The largest file that is read, in bytes.
    static let largestSize = 1 << 26

    /// Reads the bytes of a file. `name` stands for the file in errors.
    ///
    /// - Throws: `RecurrentError` naming the line of what is wrong.
    init(_ bytes: [UInt8], name: String) throws {
        guard bytes.count <= Self.largestSize else {
            throw RecurrentError("\(name): the file is larger than \(Self.largestSize) bytes, the most that is read")
        }
        let text = try Self.document(bytes, name: name)
        if let line = Self.firstLine(of: Array("<!DOCTYPE".utf8), in: text) {
            throw RecurrentError("\(name), line \(line): a document type; expected strokes without one")
        }
        let reader = StrokeReader(name: name)
        let parser = XMLParser(data: Data(text))
        parser.shouldResolveExternalEntities = false
        parser.delegate = reader
        let isWhole = parser.parse()
        if let failure = reader.failure { throw failure }
        // Foundation's parser on Linux does not tell of a document that is cut short.
        guard isWhole, reader.openElements == 0 else {
            throw RecurrentError(
                "\(name), line \(max(parser.lineNumber, 1)): the XML is not well formed; expected StrokeSet, Stroke and "
                    + "Point elements")
        }
        guard reader.strokes.contains(where: { !$0.isEmpty }) else {
            throw RecurrentError("\(name): there is no point; expected StrokeSet, Stroke and Point elements")
        }
        strokes = reader.strokes
    }

    /// The line as a drawing.
    func drawing(text: String?) -> PenDrawing { PenDrawing(strokes: strokes, text: text) }

    /// The document in UTF-8 without byte order marks and without its declaration. What begins with UTF-8's mark is UTF-8,
    /// whatever is declared.
    ///
    /// The parser is given no other encoding: in some a document type could hide from the search above, and Foundation's
    /// parser stops the program where a name is not UTF-8.
    static func document(_ bytes: [UInt8], name: String) throws -> [UInt8] {
        var content = bytes[...]
        while content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        let isMarked = content.startIndex > 0
        var text = Array(content)
        var declaration: ArraySlice<UInt8> = []
        if content.starts(with: Array("<?xml".utf8)), let end = content.firstIndex(of: UInt8(ascii: ">")) {
            declaration = content[...end]
            // Line ends stay, so that lines keep their numbers.
            text = declaration.filter { $0 == UInt8(ascii: "\n") } + content[(end + 1)...]
        }
        if !isMarked, String(decoding: declaration, as: UTF8.self).lowercased().contains("iso-8859-1") {
            text = text.flatMap { Array(Character(UnicodeScalar($0)).utf8) }
        }
        guard String(validating: text, as: UTF8.self) != nil else {
            let line = bytes[..<TextFile.firstInvalidOffset(bytes)].count { $0 == UInt8(ascii: "\n") } + 1
            throw RecurrentError(
                "\(name), line \(line): neither UTF-8 nor declared as ISO-8859-1; expected one of them")
        }
        return text
    }

    private static func firstLine(of text: [UInt8], in bytes: [UInt8]) -> Int? {
        var line = 1
        for place in bytes.indices {
            if bytes[place] == UInt8(ascii: "\n") { line += 1 }
            if bytes[place] == text[0], bytes[place...].starts(with: text) { return line }
        }
        return nil
    }
}

/// Takes the points of the strokes from a document.
private final class StrokeReader: NSObject, XMLParserDelegate {
    private(set) var strokes: [[SIMD2<Double>]] = []
    private(set) var failure: RecurrentError?
    private let name: String
    private var isInStroke = false
    /// How many elements have begun and not ended.
    private(set) var openElements = 0

    init(name: String) { self.name = name }

    private func fail(_ parser: XMLParser, _ reason: String) {
        guard failure == nil else { return }
        failure = RecurrentError("\(name), line \(max(parser.lineNumber, 1)): \(reason)")
        parser.abortParsing()
    }

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        guard failure == nil else { return }
        openElements += 1
        if element == "Stroke" {
            strokes.append([])
            isInStroke = true
        } else if element == "Point" {
            guard isInStroke else { return fail(parser, "a point outside of a stroke") }
            let (x, y) = (attributes["x"] ?? "", attributes["y"] ?? "")
            guard let point = Self.point(x, y) else {
                return fail(
                    parser, "the point x=\"\(x.prefix(40))\" y=\"\(y.prefix(40))\"; expected numbers of at most 1e9")
            }
            strokes[strokes.count - 1].append(point)
        }
    }

    func parser(_ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?) {
        openElements -= 1
        if element == "Stroke" { isInStroke = false }
    }

    func parser(_ parser: XMLParser, foundInternalEntityDeclarationWithName entity: String, value: String?) {
        fail(parser, "the entity \(entity.prefix(40)) is declared; expected strokes without entities")
    }

    private static func point(_ x: String, _ y: String) -> SIMD2<Double>? {
        guard let x = Double(x), let y = Double(y), abs(x) <= PenDrawing.largestCoordinate,
            abs(y) <= PenDrawing.largestCoordinate
        else { return nil }
        return SIMD2(x, y)
    }
}
