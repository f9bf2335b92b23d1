import Foundation
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
