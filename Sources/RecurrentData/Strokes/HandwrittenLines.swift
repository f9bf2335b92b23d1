import Foundation
import Recurrent

/// The directory of the IAM On-Line Handwriting Database: `lineStrokes/a01/a01-000/a01-000u-01.xml` and so on, and the
/// transcripts `ascii/a01/a01-000/a01-000u.txt`, of which the line after `CSR:` that the number counts is the text.
///
/// Without `ascii`, or where a transcript or its line is missing, a drawing has no text.
struct HandwrittenLines {
    private let strokeFiles: [(path: String, key: String)]
    private let transcriptFiles: [String: String]

    /// Finds the files of a directory, or none where it has no `lineStrokes`.
    ///
    /// - Throws: `RecurrentError` where a directory cannot be read.
    init?(directory: String) throws {
        let strokes = directory + "/lineStrokes"
        let transcripts = directory + "/ascii"
        guard FileContents.isDirectory(strokes) else { return nil }
        strokeFiles = try Self.files(under: strokes, ending: ".xml")
        transcriptFiles = Dictionary(
            FileContents.isDirectory(transcripts)
                ? try Self.files(under: transcripts, ending: ".txt").map { ($0.key, $0.path) } : [],
            uniquingKeysWith: { first, _ in first })
    }

    /// The lines as drawings, in the order of their files' names.
    ///
    /// - Throws: `RecurrentError` naming the file and line of what is wrong.
    func drawings() throws -> [PenDrawing] {
        var transcripts: [String: [String]] = [:]
        return try strokeFiles.map { path, key in
            let bytes = try FileContents.readInflated(path, limit: HandwrittenLine.largestSize)
            let line = try HandwrittenLine(bytes, name: path)
            // The number of the line follows the last hyphen.
            let parts = key.split(separator: "-")
            guard parts.count > 1, let number = Int(parts[parts.count - 1]), number >= 1 else {
                return line.drawing(text: nil)
            }
            let form = parts.dropLast().joined(separator: "-")
            if transcripts[form] == nil { transcripts[form] = try transcriptFiles[form].map(Self.transcript) ?? [] }
            let texts = transcripts[form] ?? []
            return line.drawing(text: number <= texts.count ? texts[number - 1] : nil)
        }
    }

    /// The lines after `CSR:`, the corrected transcript.
    private static func transcript(_ path: String) throws -> [String] {
        let lines = try TextLines(path: path).lines.map { $0.text.trimmingCharacters(in: .whitespaces) }
        guard let start = lines.firstIndex(of: "CSR:") else {
            throw RecurrentError("\(path): there is no line CSR:; expected one and the transcript after it")
        }
        return Array(lines[(start + 1)...])
    }

    /// The files of a directory and those below it, with their names before the ending.
    private static func files(under directory: String, ending: String) throws -> [(path: String, key: String)] {
        var files: [(path: String, key: String)] = []
        var open = [directory]
        while let directory = open.popLast() {
            for name in try FileContents.names(in: directory) {
                let path = directory + "/" + name
                var status = stat()
                guard lstat(path, &status) == 0 else { continue }
                // Links are not followed into directories, so that none leads round in a circle.
                if status.st_mode & S_IFMT == S_IFDIR {
                    open.append(path)
                } else if name.hasSuffix(ending) {
                    files.append((path, String(name.dropLast(ending.count))))
                }
            }
        }
        return files.sorted { $0.path < $1.path }
    }
}
