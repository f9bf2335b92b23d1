import Foundation
import Testing

/// A new directory in which the command `rnn`, as it was built with the tests, is run; it is removed afterwards.
final class Workspace {
    /// What a run of the command left.
    struct Result {
        var status: Int32
        var output: String
        var error: String

        /// The lines of the output, each of which must be a JSON object.
        func objects() throws -> [[String: Any]] {
            try output.split(separator: "\n").map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
        }

        /// The only line of the output, which must be a JSON object.
        func object() throws -> [String: Any] {
            let objects = try objects()
            try #require(objects.count == 1, "\(output)")
            return objects[0]
        }
    }

    /// A command that runs.
    struct Running {
        fileprivate let process: Process
        fileprivate let outputPath: String
        fileprivate let errorPath: String

        func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

        /// Waits until the output has a text, and says so when it does not come.
        func waitForError(containing text: String) throws {
            for _ in 0..<1000 where process.isRunning {
                if try String(contentsOfFile: errorPath, encoding: .utf8).contains(text) { return }
                usleep(10_000)
            }
            Issue.record("\"\(text)\" is not in \(try String(contentsOfFile: errorPath, encoding: .utf8))")
        }

        func result() throws -> Result {
            process.waitUntilExit()
            // A signal's number stands above every exit status, so that no test takes a trap for a refusal.
            let status = process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 1000 : 0)
            return Result(
                status: status,
                output: String(decoding: try Data(contentsOf: URL(filePath: outputPath)), as: UTF8.self),
                error: String(decoding: try Data(contentsOf: URL(filePath: errorPath)), as: UTF8.self))
        }
    }

    /// Options that make training a matter of milliseconds.
    static let tiny = [
        "--rnn-size", "8", "--num-layers", "1", "--batch-size", "2", "--seq-length", "8", "--sample-length", "0",
    ]

    /// A text of words in no order, the same each time.
    static let text: String = {
        var state: UInt32 = 1
        let words = ["the ", "sea ", "ship ", "and ", "wood\n", "long ", "work, "]
        return (0..<600).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return words[Int(state >> 16) % words.count]
        }.joined()
    }()

    let path: String
    private var count = 0

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/rnn-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try write(Self.text, to: "text.txt")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The products of a build are in one directory.
    private static let executable: URL = {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        let directory = bundle?.bundleURL.deletingLastPathComponent() ?? Bundle.main.bundleURL
        return directory.appending(path: "rnn")
    }()

    func start(_ arguments: [String]) throws -> Running { try start(Self.executable, arguments) }

    /// Runs a shell script in which `$0` is the command.
    func shell(_ script: String) throws -> Result {
        try start(URL(filePath: "/bin/sh"), ["-c", script, Self.executable.path]).result()
    }

    private func start(_ executable: URL, _ arguments: [String]) throws -> Running {
        count += 1
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: path)
        process.standardInput = FileHandle.nullDevice
        let paths = [path + "/.output-\(count)", path + "/.error-\(count)"]
        for path in paths { try Data().write(to: URL(filePath: path)) }
        process.standardOutput = FileHandle(forWritingAtPath: paths[0])
        process.standardError = FileHandle(forWritingAtPath: paths[1])
        try Self.withoutBlockedSignals { try process.run() }
        return Running(process: process, outputPath: paths[0], errorPath: paths[1])
    }

    /// The threads that tests run on block signals, and the command would inherit that.
    private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var former = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        try body()
    }

    func rnn(_ arguments: [String]) throws -> Result { try start(arguments).result() }

    func rnn(_ arguments: String...) throws -> Result { try rnn(arguments) }

    /// Trains a tiny model on the text, which must succeed.
    @discardableResult
    func train(_ run: String, _ arguments: String...) throws -> Result {
        let result = try rnn(["train", "text", "--data", "text.txt", "--out", run] + Self.tiny + arguments)
        try #require(result.status == 0, "\(result.error)")
        return result
    }

    func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

    func write(_ data: Data, to name: String) throws { try data.write(to: URL(filePath: path + "/" + name)) }

    func read(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: path + "/" + name)) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

    /// The bytes of a run's checkpoint.
    func checkpoint(_ run: String, _ step: Int) throws -> Data { try read(Self.checkpointPath(run, step)) }

    static func checkpointPath(_ run: String, _ step: Int) -> String {
        run + "/checkpoints/step-" + String(repeating: "0", count: 8 - String(step).count) + "\(step).safetensors"
    }
}
