import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentTraining

@Suite struct RunDirectoryTests {
    /// Expects an error whose message has some text in it.
    private func expectFailure(
        _ part: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) {
        let error = #expect(throws: RecurrentError.self, sourceLocation: sourceLocation) { try body() }
        #expect(error?.description.contains(part) == true, sourceLocation: sourceLocation)
    }

    @Test func namesAreNeverTakenTwice() throws {
        try withTemporaryDirectory { directory in
            let parent = directory + "/deep/runs"
            let paths = try (0..<3).map { _ in try RunDirectory.create(named: "text", in: parent).path }
            #expect(paths == [parent + "/text", parent + "/text-2", parent + "/text-3"])
            #expect(throws: RecurrentError.self) { try RunDirectory.create(named: "a/b", in: parent) }
            #expect(throws: RecurrentError.self) { try RunDirectory.create(named: "a\0", in: parent) }
        }
    }

    @Test func aDirectoryWithContentsIsNotTaken() throws {
        try withTemporaryDirectory { directory in
            let run = try RunDirectory.create(at: directory + "/a/b/")
            #expect(run.path == directory + "/a/b")
            expectFailure("something already") { _ = try RunDirectory.create(at: directory + "/a/b") }
            try FileManager.default.createDirectory(atPath: directory + "/empty", withIntermediateDirectories: false)
            _ = try RunDirectory.create(at: directory + "/empty")
            #expect(FileManager.default.createFile(atPath: directory + "/file", contents: nil))
            expectFailure("there is a file") { _ = try RunDirectory.create(at: directory + "/file") }
            expectFailure("not a directory") { _ = try RunDirectory.create(at: directory + "/file/x") }
            #expect(throws: RecurrentError.self) { try RunDirectory.create(at: "") }
        }
    }

    @Test func openingChecksWhatIsThere() throws {
        try withTemporaryDirectory { directory in
            expectFailure("there is no such run") { _ = try RunDirectory.open(at: directory + "/x") }
            #expect(FileManager.default.createFile(atPath: directory + "/file", contents: nil))
            expectFailure("it is a file") { _ = try RunDirectory.open(at: directory + "/file") }
            expectFailure("no config.json") { _ = try RunDirectory.open(at: directory) }
            let run = try RunDirectory.create(at: directory + "/run")
            try run.save(configuration: ["a": 1])
            #expect(try RunDirectory.open(at: directory + "/run/") == run)
            expectFailure("there is no such run; there are \(directory)/run") {
                _ = try RunDirectory.open(at: directory + "/ran")
            }
        }
    }

    @Test func configurationRoundTrips() throws {
        try withTemporaryDirectory { directory in
            let run = try RunDirectory.create(at: directory + "/run")
            try run.save(configuration: ["sizes": [1, 2]])
            #expect(try run.load([String: [Int]].self, from: run.configurationPath) == ["sizes": [1, 2]])
            expectFailure("config.json: \"sizes.[0]\" has another type") {
                _ = try run.load([String: [String]].self, from: run.configurationPath)
            }
            try Data("{".utf8).write(to: URL(fileURLWithPath: run.configurationPath))
            expectFailure("not valid JSON") { _ = try run.load([String: Int].self, from: run.configurationPath) }
        }
    }

    private func line(_ step: Int) -> HistoryLine {
        HistoryLine(
            step: step, epoch: 0.5, trainLoss: 1.25, validationLoss: step == 2 ? nil : 1.5, gradientNorm: .infinity,
            itemsPerSecond: 1e5, seconds: 3)
    }

    @Test func historyIsAppendedAndCut() throws {
        try withTemporaryDirectory { directory in
            let run = try RunDirectory.create(at: directory + "/run")
            #expect(try run.history() == [])
            try run.cutHistory(after: 5)
            for step in 1...4 { try run.append(line(step)) }
            #expect(try run.history() == (1...4).map { line($0) })
            let text = try String(contentsOfFile: run.historyPath, encoding: .utf8)
            #expect(
                text.hasPrefix(
                    #"{"epoch":0.5,"gradientNorm":"inf","itemsPerSecond":100000,"seconds":3,"step":1,"#
                        + #""trainLoss":1.25,"validationLoss":1.5}"# + "\n"))
            try run.cutHistory(after: 2)
            #expect(try run.history() == [line(1), line(2)])
        }
    }

    @Test func anUnfinishedLastLineIsTolerated() throws {
        try withTemporaryDirectory { directory in
            let run = try RunDirectory.create(at: directory + "/run")
            try run.append(line(1))
            let whole = try FileContents.read(run.historyPath, limit: 10_000)
            for length in 0...whole.count {
                let torn = whole + whole.prefix(length)
                try torn.write(to: URL(fileURLWithPath: run.historyPath))
                let expected = length == whole.count ? [line(1), line(1)] : [line(1)]
                #expect(try run.history() == expected)
                try run.append(line(2))
                #expect(try run.history() == expected + [line(2)])
            }
        }
    }

    @Test func aDamagedHistoryIsNamed() throws {
        try withTemporaryDirectory { directory in
            let run = try RunDirectory.create(at: directory + "/run")
            try run.append(line(1))
            let whole = try FileContents.read(run.historyPath, limit: 10_000)
            try (whole + Data("?\n".utf8) + whole).write(to: URL(fileURLWithPath: run.historyPath))
            expectFailure("history.jsonl, line 2: ") { _ = try run.history() }
            expectFailure("history.jsonl, line 2: ") { try run.cutHistory(after: 9) }
            try (whole + Data("?\n".utf8)).write(to: URL(fileURLWithPath: run.historyPath))
            try run.cutHistory(after: 9)
            #expect(try FileContents.read(run.historyPath, limit: 10_000) == whole)
        }
    }
}
