import Foundation
import Recurrent

extension WordVectors {
    /// Writes a file that word2vec's and GloVe's readers, and `WordVectors` again, can read to the last bit.
    ///
    /// - Throws: `RecurrentError` where a word has white space in it, or the file cannot be written.
    public func write(_ format: WordVectorFormat, to path: String) throws {
        try check(path, without: " \t\n\r")
        var data = Data()
        if format != .glove { data.append(contentsOf: "\(words.count) \(width)\n".utf8) }
        vectors.withUnsafeValues { values in
            for (index, word) in words.enumerated() {
                let vector = values[index * width..<(index + 1) * width]
                data.append(contentsOf: word.utf8)
                if format == .word2vecBinary {
                    data.append(UInt8(ascii: " "))
                    for value in vector {
                        withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
                    }
                } else {
                    for value in vector { data.append(contentsOf: " \(value)".utf8) }
                }
                data.append(UInt8(ascii: "\n"))
            }
        }
        try AtomicFile.writeOutput(data, to: path)
    }

    /// Writes what the TensorBoard embedding projector loads: `vectors.tsv`, a line of numbers for each word, and
    /// `metadata.tsv`, its word. The directory is made where there is none.
    ///
    /// - Throws: `RecurrentError` where a word has a tab or newline in it, or the files cannot be written.
    public func writeProjectorFiles(into directory: String) throws {
        try check(directory, without: "\t\n\r")
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw RecurrentError("\(directory): the directory cannot be made: \(error.localizedDescription)")
        }
        var lines = Data()
        vectors.withUnsafeValues { values in
            for index in words.indices {
                let vector = values[index * width..<(index + 1) * width].map { "\($0)" }
                lines.append(contentsOf: (vector.joined(separator: "\t") + "\n").utf8)
            }
        }
        try AtomicFile.writeOutput(lines, to: directory + "/vectors.tsv")
        try AtomicFile.writeOutput(Data(words.map { $0 + "\n" }.joined().utf8), to: directory + "/metadata.tsv")
    }

    private func check(_ path: String, without separators: String) throws {
        let separators = Set(separators.utf8)
        guard let word = words.first(where: { $0.isEmpty || $0.utf8.contains(where: separators.contains) }) else {
            return
        }
        throw RecurrentError(
            "\(path): the word \"\(word.prefix(40))\" is empty or has white space in it, which the format cannot hold")
    }
}
