import Recurrent

extension FileContents {
    /// Reads the bytes of a text or table: a file's, gzipped or not, or those of the one file in a zip archive.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - encoding: How its bytes stand for characters, which are then given in UTF-8; nil for its bytes as they are.
    ///   - limit: The largest size in bytes that is read, and that inflated bytes may have.
    /// - Throws: `RecurrentError` as `readInflated`, where a zip archive is a workbook or has no or several files, and where
    ///   bytes are not of the encoding.
    package static func readText(_ path: String, encoding: TextEncoding? = nil, limit: Int) throws -> [UInt8] {
        try text(of: readInflated(path, limit: limit), encoding: encoding, limit: limit, name: path)
    }

    /// The same of bytes that were read.
    static func text(of read: [UInt8], encoding: TextEncoding?, limit: Int, name: String) throws -> [UInt8] {
        let isArchive = read.starts(with: ZipArchive.magic)
        let bytes = isArchive ? try ZipArchive(read, limit: limit, name: name).onlyFile() : read
        return try encoding.map { try $0.decoded(bytes, name: name) } ?? bytes
    }
}

extension ZipArchive {
    /// The bytes of the one file there is, leaving out what Finder puts beside it.
    fileprivate func onlyFile() throws -> [UInt8] {
        if entries.contains(where: { $0.name.hasPrefix("xl/") }) {
            throw RecurrentError("\(name): it is a workbook (.xlsx); expected text: save the sheet as CSV")
        }
        if let kind = ["word/": "a document (.docx)", "content.xml": "an OpenDocument file"].first(where: { start, _ in
            entries.contains { $0.name.hasPrefix(start) }
        })?.value {
            throw RecurrentError("\(name): it is \(kind); expected text: save it as CSV or text")
        }
        let files = entries.filter { entry in
            let isHidden = entry.name.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "__MACOSX" }
            return !entry.name.hasSuffix("/") && !isHidden
        }
        guard let file = files.first, files.count == 1 else {
            let names = files.prefix(5).map(\.name).joined(separator: ", ") + (files.count > 5 ? ", ..." : "")
            throw RecurrentError(
                "\(name): it is a zip archive of \(files.count) files\(files.isEmpty ? "" : " (\(names))"); expected one"
            )
        }
        return try contents(file)
    }
}
