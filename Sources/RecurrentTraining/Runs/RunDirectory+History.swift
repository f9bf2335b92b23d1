import Foundation
import Recurrent

extension RunDirectory {
    /// Adds a line to the history. A last line that a killed writer left unfinished is removed first.
    ///
    /// - Throws: `RecurrentError` where the history cannot be written; it is then as it was before.
    package func append(_ line: HistoryLine) throws {
        let path = historyPath
        let text: String
        do { text = try line.json() } catch { throw RecurrentError("\(path): cannot be written: \(error)") }
        try cutUnfinishedLine()
        let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw RecurrentError.system(errno, "cannot write", path: path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw RecurrentError.system(errno, "cannot write", path: path) }
        do {
            try AtomicFile.write(Data((text + "\n").utf8), to: descriptor, path: path)
        } catch {
            ftruncate(descriptor, status.st_size)
            throw error
        }
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw RecurrentError.system(errno, "cannot write", path: path)
        }
    }

    /// Reads the history. A last line that a killed writer left unfinished is left out.
    ///
    /// - Throws: `RecurrentError` with the number of the first other line that is damaged.
    public func history() throws -> [HistoryLine] {
        try historyLines().map(\.value)
    }

    /// Removes the lines after a step, which a run that goes on from that step will write again, and a last line that
    /// was left unfinished.
    ///
    /// - Throws: `RecurrentError` where the history is damaged or cannot be written.
    package func cutHistory(after step: Int) throws {
        guard access(historyPath, F_OK) == 0 else { return }
        let kept = try historyLines().filter { $0.value.step <= step }
        var data = Data()
        for line in kept {
            data.append(line.text)
            data.append(UInt8(ascii: "\n"))
        }
        try AtomicFile.write(data, to: historyPath)
    }

    private func historyLines() throws -> [(text: Data, value: HistoryLine)] {
        guard access(historyPath, F_OK) == 0 else { return [] }
        let data = try FileContents.read(historyPath, limit: 1 << 30)
        let newline = UInt8(ascii: "\n")
        let complete = data[..<(data.lastIndex(of: newline).map { $0 + 1 } ?? data.startIndex)]
        var lines: [(text: Data, value: HistoryLine)] = []
        let texts = complete.dropLast().split(separator: newline, omittingEmptySubsequences: false)
        guard !complete.isEmpty else { return [] }
        for (index, text) in texts.enumerated() {
            do {
                lines.append((Data(text), try HistoryLine(json: text)))
            } catch {
                // A power failure can leave the last line with its newline but without its text.
                if index == texts.count - 1 { break }
                throw RecurrentError(
                    "\(historyPath), line \(index + 1): this is not a line of a history; remove it or the file")
            }
        }
        return lines
    }

    private func cutUnfinishedLine() throws {
        guard access(historyPath, F_OK) == 0 else { return }
        let data = try FileContents.read(historyPath, limit: 1 << 30)
        guard let last = data.last, last != UInt8(ascii: "\n") else { return }
        let size = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        guard truncate(historyPath, off_t(size)) == 0 else {
            throw RecurrentError.system(errno, "cannot write", path: historyPath)
        }
    }
}
