import Recurrent

extension LabelledTexts {
    /// Reads labelled texts, which may be gzipped, in one of four forms:
    ///
    /// - a directory of `.txt` or `.tsv` files without tabs: the name of a file before its ending is the label of every
    ///   line in it;
    /// - a directory of `.txt` or `.tsv` files with tabs: as a file with tabs, all of them together, in the order of
    ///   their names;
    /// - a file with tabs: on every line a text and a label, in either order; a first line of their names says which;
    /// - a file whose name ends in `.csv`: a header, and in each row a text and a label.
    ///
    /// Whether there are tabs is seen in the first line of a file. Endings may be in capitals.
    ///
    /// - Parameters:
    ///   - path: The file or directory.
    ///   - columns: Which columns hold text and label. Where none are given, those named `text` and `label`, or by other
    ///     words that are usual for them, such as `review` and `sentiment`; with tabs and without names, the column with
    ///     fewer different cells is the label.
    ///   - encoding: How the bytes stand for characters, where that is not found out.
    /// - Throws: `RecurrentError` naming file and line of what is wrong.
    public init(path: String, columns: Columns? = nil, encoding: TextEncoding? = nil) throws {
        if FileContents.isDirectory(path) {
            try self.init(directory: path, columns: columns, encoding: encoding)
        } else if Self.stem(path).lowercased().hasSuffix(".csv") {
            let bytes = try TextBytes(
                FileContents.readText(path, encoding: encoding, limit: TextFile.largestSize), name: path
            ).bytes
            try self.init(commaSeparated: bytes, columns: columns, name: path)
        } else {
            try self.init(tabSeparated: [TextLines(path: path, encoding: encoding)], columns: columns, name: path)
        }
    }

    init(directory: String, columns: Columns?, encoding: TextEncoding?) throws {
        let names = try FileContents.names(in: directory).filter { name in
            [".txt", ".tsv"].contains { Self.stem(name).lowercased().hasSuffix($0) }
        }
        guard !names.isEmpty else {
            throw RecurrentError("\(directory): there are no files of texts; looked for .txt and .tsv, also with .gz")
        }
        let files = try names.map { try TextLines(path: directory + "/" + $0, encoding: encoding) }
        func hasTab(_ file: TextLines) -> Bool { file.lines.first?.text.utf8.contains(UInt8(ascii: "\t")) == true }
        let filled = files.filter { !$0.lines.isEmpty }
        guard let separated = filled.first(where: hasTab) else {
            let examples = zip(names, files).flatMap { name, file in
                let label = String(Self.stem(name).dropLast(4))
                return file.lines.map { Example(text: $0.text, label: label) }
            }
            try self.init(examples, skippedCount: files.reduce(0) { $0 + $1.emptyCount }, name: directory)
            return
        }
        if let other = filled.first(where: { !hasTab($0) }) {
            throw RecurrentError(
                "\(other.name), line \(other.lines[0].number): no tab, where \(separated.name) has them; expected files "
                    + "that all have text, tab, label, or none")
        }
        try self.init(tabSeparated: filled, columns: columns, name: directory)
    }

    init(tabSeparated files: [TextLines], columns: Columns?, name: String) throws {
        var rows: [TabRow] = []
        for file in files {
            for (place, line) in file.lines.enumerated() {
                let cells = line.text.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                guard cells.count == 2 else {
                    throw RecurrentError(
                        "\(file.name), line \(line.number): the number of cells is \(cells.count); expected a text and "
                            + "a label with one tab between them")
                }
                rows.append(
                    TabRow(
                        cells: cells.map { Self.trimmed(Substring($0)) }, file: file.name, line: line.number,
                        isFirst: place == 0))
            }
        }
        let (text, label) =
            try (columns == nil ? Self.header(rows.first) : nil) ?? Self.places(columns, rows: rows, name: name)
        rows.removeAll { $0.isFirst && Self.header($0) != nil }
        for row in rows where row.cells[label].isEmpty {
            throw RecurrentError("\(row.file), line \(row.line): the label is missing")
        }
        try self.init(
            rows.map { Example(text: $0.cells[text], label: Self.withoutBlanks($0.cells[label])) },
            skippedCount: files.reduce(0) { $0 + $1.emptyCount }, name: name)
    }

    init(commaSeparated bytes: [UInt8], columns: Columns?, name: String) throws {
        var records = DelimitedText(bytes, delimiter: nil, commentMark: nil, name: name)
        guard let header = try records.next() else {
            throw RecurrentError("\(name): the file is empty; expected a header and rows of text and label")
        }
        let names = ColumnNames(
            names: try header.cells.indices.map { try records.text(header, column: $0) }, file: name)
        let known = columns == nil ? Self.columns(named: names.names.map { $0 ?? "" }) : nil
        let text = try known?.text ?? names.index(of: columns?.text ?? "text")
        let label = try known?.label ?? names.index(of: columns?.label ?? "label")
        var examples: [Example] = []
        while let record = try records.next() {
            guard record.cells.count == header.cells.count else {
                throw RecurrentError(
                    "\(name), line \(record.line): the number of cells is \(record.cells.count); the header has "
                        + "\(header.cells.count)")
            }
            let example = Example(
                text: try records.text(record, column: text),
                label: Self.withoutBlanks(try records.text(record, column: label)))
            guard !example.label.isEmpty else {
                throw RecurrentError("\(name), line \(record.line), column \(label + 1): the label is missing")
            }
            examples.append(example)
        }
        try self.init(examples, name: name)
    }

    /// The two cells of a line with a tab.
    private struct TabRow {
        let cells: [String]
        let file: String
        let line: Int
        /// Whether it is the first of its file, which may name the columns.
        let isFirst: Bool
    }

    // Names that files have for the two columns.
    private static let textNames: Set<String> = [
        "text", "sentence", "review", "content", "message", "tweet", "comment", "title", "name",
    ]
    private static let labelNames: Set<String> = [
        "label", "class", "category", "sentiment", "target", "language", "tag",
    ]

    /// The columns of text and label, from 0, where the names of two or more columns say which is which.
    static func columns(named names: [String]) -> (text: Int, label: Int)? {
        let names = names.map { $0.lowercased() }
        func only(_ known: Set<String>, _ usual: String) -> Int? {
            if let place = names.firstIndex(of: usual) { return place }
            let places = names.indices.filter { known.contains(names[$0]) }
            return places.count == 1 ? places[0] : nil
        }
        guard let text = only(textNames, "text"), let label = only(labelNames, "label") else { return nil }
        return (text, label)
    }

    private static func header(_ row: TabRow?) -> (text: Int, label: Int)? { row.flatMap { columns(named: $0.cells) } }

    /// The columns of text and label, from 0.
    private static func places(
        _ columns: Columns?, rows: [TabRow], name: String
    ) throws -> (text: Int, label: Int) {
        if let columns {
            let names = ColumnNames(names: [nil, nil], file: name)
            return (try names.index(of: columns.text), try names.index(of: columns.label))
        }
        let distinct = (0...1).map { column in Set(rows.map { $0.cells[column] }).count }
        guard distinct[0] != distinct[1] || rows.isEmpty else {
            throw RecurrentError(
                "\(name): both columns have \(distinct[0]) different cells, so that it cannot be seen which are the "
                    + "labels; choose the columns")
        }
        return distinct[1] <= distinct[0] ? (0, 1) : (1, 0)
    }

    /// A label without blanks of any kind around it, by which it would look like another and be none.
    private static func withoutBlanks(_ label: String) -> String {
        let begun = label.drop(while: \.isWhitespace)
        return String(begun.prefix(begun.count - begun.reversed().prefix(while: \.isWhitespace).count))
    }

    /// A path without the ending of a gzip file.
    private static func stem(_ path: String) -> Substring {
        path.lowercased().hasSuffix(".gz") ? path.dropLast(3) : path[...]
    }
}
