import Recurrent

/// What a file or directory holds, as far as its names and first lines tell.
package enum DataKind: String, CaseIterable, Sendable {
    /// Rows of cells, numbers among them.
    case table
    /// Running text.
    case text
    /// Sentences with their translations.
    case pairs
    /// Texts with classes.
    case labelledTexts = "labelled-texts"
    /// Stories with questions.
    case stories
    /// Pictures with classes.
    case images
    /// One picture.
    case picture
    /// Drawings by a pen.
    case drawings
    /// Pieces of music.
    case tunes

    /// Finds out; `encoding` says how bytes stand for characters, where that is not found out.
    ///
    /// - Throws: `RecurrentError` where the path cannot be read, or is a directory of other files.
    package init(of path: String, encoding: TextEncoding? = nil) throws {
        if !FileContents.isDirectory(path), !FileContents.isFile(path), (try? ImageSetFiles(at: path)) != nil {
            self = .images
        } else {
            self = try FileContents.isDirectory(path) ? Self.kind(ofDirectory: path) : Self.kind(ofFile: path, encoding)
        }
    }

    private static func kind(ofDirectory path: String) throws -> DataKind {
        let names = try FileContents.names(in: path)
        if names.contains(where: { ImageFileName($0) != nil }) { return .images }
        let endings = Set(names.map(ending))
        if names.contains("lineStrokes") || names.contains(where: isDrawing) { return .drawings }
        if !endings.isDisjoint(with: ["txt", "tsv"]) { return .labelledTexts }
        let some = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", ..." : "")
        throw RecurrentError(
            "\(path): the directory holds \(names.isEmpty ? "nothing" : some); expected pictures in IDX files, drawings "
                + "(\(PenDrawings.Kind.endings)) or texts with classes (.txt, .tsv)")
    }

    private static func isDrawing(_ path: String) -> Bool { (try? PenDrawings.Kind(path)) != nil }

    private static func kind(ofFile path: String, _ encoding: TextEncoding?) throws -> DataKind {
        if isDrawing(path) { return .drawings }
        let bytes = try FileContents.readInflated(path, limit: TextFile.largestSize)
        let beginnings: [([UInt8], DataKind)] = [
            (PNGFile.signature, .picture), ([0, 0, 8], .images), (Array("MThd".utf8), .tunes),
        ]
        if let known = beginnings.first(where: { bytes.starts(with: $0.0) }) { return known.1 }
        let isGrey = bytes.starts(with: Array("P5".utf8)) || bytes.starts(with: Array("P2".utf8))
        if isGrey, bytes.count > 2, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[2]) { return .picture }
        if ending(path) == "json" { return .tunes }
        let text = try FileContents.text(of: bytes, encoding: encoding, limit: TextFile.largestSize, name: path)
        return try TextHead(text, name: path).kind
    }

    /// A path's ending in small letters, without that of a gzip file.
    private static func ending(_ path: String) -> String {
        var parts = path.split(separator: "/").last.map { $0.lowercased().split(separator: ".") } ?? []
        if parts.last == "gz" { parts.removeLast() }
        return parts.count > 1 ? String(parts[parts.count - 1]) : ""
    }
}

/// The first lines of a text, by which it is known for what it is.
private struct TextHead {
    private let lines: [[ArraySlice<UInt8>]]
    private let isTabbed: Bool
    private let isStory: Bool

    private static let judgedLines = 50

    init(_ given: [UInt8], name: String) throws {
        let bytes = try TextBytes(given, name: name).bytes
        var head = DelimitedText(bytes, delimiter: nil, commentMark: "#", name: name)
        var lines: [[ArraySlice<UInt8>]] = []
        while lines.count < Self.judgedLines, let record = try? head.next() { lines.append(record.cells) }
        self.lines = lines
        isTabbed = head.delimiter == Delimiter.tab.rawValue
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let texts = text.split(separator: UInt8(ascii: "\n"), maxSplits: Self.judgedLines).prefix(Self.judgedLines)
        let hasNumber = { (line: ArraySlice<UInt8>) in
            let digits = line.prefix { (48...57).contains($0) }
            return !digits.isEmpty && line.dropFirst(digits.count).first == UInt8(ascii: " ")
        }
        isStory =
            texts.first?.starts(with: Array("1 ".utf8)) == true && texts.allSatisfy(hasNumber)
            && texts.contains { $0.contains(UInt8(ascii: "\t")) }
    }

    var kind: DataKind {
        if isStory { return .stories }
        let names = lines.first?.map { String(decoding: $0, as: UTF8.self) } ?? []
        if let named = LabelledTexts.columns(named: names) {
            let texts = lines.dropFirst().filter { $0.count > named.text }.map { CellValue($0[named.text]) }
            if 2 * texts.count(where: { $0 == .text }) > texts.count { return .labelledTexts }
        }
        // A header of two lines and a title may stand above the numbers.
        let rows = lines.dropFirst(min(3, lines.count / 2))
        let tabular = rows.count { row in
            row.contains { WrittenNumber.read($0, .point) != nil || WrittenNumber.read($0, .comma) != nil }
        }
        if !rows.isEmpty, 2 * tabular > rows.count { return .table }
        guard let count = lines.first?.count, count > 1, lines.allSatisfy({ $0.count == count }), isTabbed else {
            return .text
        }
        // Classes are few, and sentences many.
        let distinct = (0..<count).map { column in Set(lines.map { $0[column] }).count }
        return count == 2 && lines.count > 3 && distinct.contains { 2 * $0 < lines.count } ? .labelledTexts : .pairs
    }
}
