import Foundation
import TestSupport
import Testing

@testable import Recurrent

@Suite struct AtomicFileTests {
    private func names(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }

    @Test func writesAndReplaces() throws {
        try withTemporaryDirectory { directory in
            try AtomicFile.write(Data("one".utf8), to: directory + "/f")
            try AtomicFile.write(Data("two".utf8), to: directory + "/f")
            #expect(try FileContents.read(directory + "/f", limit: 100) == Data("two".utf8))
            try AtomicFile.write(Data(), to: directory + "/empty")
            #expect(try names(directory) == ["empty", "f"])
        }
    }

    @Test func leftoversOfKilledWritersAreRemoved() throws {
        try withTemporaryDirectory { directory in
            let leftover = directory + "/.f.0123abcd.partial"
            let inUse = directory + "/.f.1123abcd.partial"
            let others = directory + "/.g.0123abcd.partial"
            for path in [leftover, inUse, others, directory + "/.f.partial", directory + "/f.0123abcd.partial"] {
                #expect(FileManager.default.createFile(atPath: path, contents: nil))
            }
            let descriptor = open(inUse, O_RDONLY)
            #expect(flock(descriptor, LOCK_EX) == 0)
            try AtomicFile.write(Data("x".utf8), to: directory + "/f")
            #expect(
                try names(directory) == [
                    ".f.1123abcd.partial", ".f.partial", ".g.0123abcd.partial", "f", "f.0123abcd.partial",
                ])
            close(descriptor)
            AtomicFile.removeLeftovers(in: directory)
            #expect(try names(directory) == [".f.partial", "f", "f.0123abcd.partial"])
        }
    }

    @Test func failuresNameThePathAndLeaveNothing() throws {
        try withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory + "/d/e", withIntermediateDirectories: true)
            for path in ["/d", "/missing/f", "/" + String(repeating: "n", count: 300)] {
                let error = #expect(throws: RecurrentError.self) {
                    try AtomicFile.write(Data("x".utf8), to: directory + path)
                }
                #expect(error?.description.hasPrefix(directory + path + ": cannot write: ") == true)
            }
            for path in ["", "/", directory + "/", directory + "/..", "a\0b"] {
                #expect(throws: RecurrentError.self) { try AtomicFile.write(Data("x".utf8), to: path) }
            }
            #expect(try names(directory) == ["d"])
        }
    }

    @Test func outputGoesThroughLinksAndPipes() throws {
        try withTemporaryDirectory { directory in
            func link(_ name: String, _ target: String) throws {
                try FileManager.default.createSymbolicLink(atPath: directory + "/" + name, withDestinationPath: target)
            }
            try FileManager.default.createDirectory(atPath: directory + "/d", withIntermediateDirectories: true)
            try Data("old".utf8).write(to: URL(filePath: directory + "/d/file"))
            try link("first", "second")
            try link("second", directory + "/d/file")
            try link("dangling", "d/new")
            try AtomicFile.writeOutput(Data("one".utf8), to: directory + "/first")
            try AtomicFile.writeOutput(Data("two".utf8), to: directory + "/dangling")
            try AtomicFile.writeOutput(Data("three".utf8), to: directory + "/plain")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory + "/first") == "second")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory + "/dangling") == "d/new")
            for (name, text) in [("d/file", "one"), ("d/new", "two"), ("plain", "three")] {
                #expect(try FileContents.read(directory + "/" + name, limit: 9) == Data(text.utf8))
            }
            #expect(mkfifo(directory + "/pipe", 0o600) == 0)
            try link("to-pipe", "pipe")
            // A reader that is there already, so that neither end waits for the other.
            let reader = open(directory + "/pipe", O_RDONLY | O_NONBLOCK)
            defer { close(reader) }
            for name in ["/pipe", "/to-pipe"] {
                try AtomicFile.writeOutput(Data(name.utf8), to: directory + name)
                var bytes = [UInt8](repeating: 0, count: 20)
                let count = read(reader, &bytes, bytes.count)
                #expect(count == name.utf8.count && Array(bytes[..<max(0, count)]) == Array(name.utf8))
            }
            try link("circle", "circle")
            try link("to-directory", "d")
            for name in ["/d", "/to-directory", "/circle", "/missing/f", "/plain/f", ""] {
                let refusal = message { try AtomicFile.writeOutput(Data("x".utf8), to: directory + name) }
                #expect(refusal.hasPrefix(directory + name + ": cannot write: "), "\(refusal)")
            }
            #expect(throws: RecurrentError.self) { try AtomicFile.writeOutput(Data(), to: "a\0b") }
            #expect(throws: RecurrentError.self) { try AtomicFile.writeOutput(Data(), to: "") }
            let expected = ["circle", "d", "dangling", "first", "pipe", "plain", "second", "to-directory", "to-pipe"]
            #expect(try names(directory) == expected)
            #expect(try names(directory + "/d") == ["file", "new"])
        }
    }

    @Test func reasonsAreClear() {
        #expect(RecurrentError.system(ENOSPC, "cannot write", path: "p").description.contains("no space is left"))
        #expect(RecurrentError.system(EACCES, "cannot write", path: "p").description.contains("permission denied"))
    }

    @Test func fileSizeLimitIsReported() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryDirectory { directory in
                AtomicFile.reportFileSizeLimit()
                try AtomicFile.write(Data("before".utf8), to: directory + "/f")
                var limit = rlimit(rlim_cur: 5000, rlim_max: 5000)
                #if os(Linux)
                    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                #else
                    setrlimit(RLIMIT_FSIZE, &limit)
                #endif
                let error = #expect(throws: RecurrentError.self) {
                    try AtomicFile.write(Data(count: 10_000), to: directory + "/f")
                }
                #expect(error?.description.contains("file-size limit") == true)
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["f"])
                #expect(try FileContents.read(directory + "/f", limit: 100) == Data("before".utf8))
            }
        }
    }
}
