import Foundation
import Testing

/// What must end with a message and the exit status 1 or 2, and never with a trap.
@Suite struct RefusalTests {
    /// A command line, the files it finds, and what its message has in it.
    struct Refusal: CustomTestStringConvertible, Sendable {
        var arguments: [String]
        var files: [String: Data] = [:]
        var status: Int32 = 1
        var message: String

        var testDescription: String { arguments.joined(separator: " ") }

        static func data(_ name: String, _ contents: String?, _ message: String) -> Refusal {
            let files = contents.map { [name: Data($0.utf8)] } ?? [:]
            return Refusal(
                arguments: ["train", "text", "--data", name] + Workspace.tiny, files: files, message: message)
        }

        static func usage(_ line: String, _ message: String) -> Refusal {
            Refusal(arguments: line.split(separator: " ").map(String.init), status: 2, message: message)
        }
    }

    private func expectRefusal(_ refusal: Refusal, in workspace: Workspace) throws {
        for (name, data) in refusal.files { try workspace.write(data, to: name) }
        let result = try workspace.rnn(refusal.arguments)
        #expect(result.status == refusal.status, "\(result.error)")
        #expect(result.error.hasPrefix("Error: "), "\(result.error)")
        #expect(result.error.contains(refusal.message), "\(result.error)")
        #expect(result.output.isEmpty)
    }

    @Test(
        arguments: [
            .data("none.txt", nil, "none.txt: there is no such file"),
            .data("/", nil, "/: it is a directory"),
            .data("/dev/zero", nil, "expected a file"),
            .data("text.txt/x", nil, "not a directory"),
            .data("empty.txt", "", "empty.txt: the file is empty"),
            .data("short.txt", "the sea", "needs at least 17"),
            .data("one.txt", String(repeating: "a", count: 100), "only the character \"a\""),
            Refusal(
                arguments: ["train", "text", "--data", "latin.txt"],
                files: ["latin.txt": Data([97, 10, 98, 0xE9, 98])],
                message:
                    "latin.txt, line 2, byte 3: 0xE9 is not valid UTF-8; say what it is with --encoding, such as "
                    + "windows-1252, or convert it to UTF-8, or train on bytes"),
        ] as [Refusal])
    func unusableText(_ refusal: Refusal) throws { try expectRefusal(refusal, in: Workspace()) }

    @Test(
        arguments: [
            .usage("train text --rnn-size 0", "--rnn-size is 0; expected 1 to 65536"),
            .usage("train text --rnn-size -8", "--rnn-size is -8"),
            .usage("train text --rnn-size 65537", "--rnn-size is 65537"),
            .usage("train text --rnn-size 9223372036854775808", "--rnn-size"),
            .usage("train text --num-layers 101", "--num-layers is 101"),
            .usage("train text --seq-length -1", "--seq-length is -1"),
            .usage("train text --batch-size 1e30", "--batch-size"),
            .usage("train text --learning-rate nan", "--learning-rate is nan"),
            .usage("train text --learning-rate 1e30", "--learning-rate is 1e+30"),
            .usage("train text --learning-rate 0", "--learning-rate is 0.0"),
            .usage("train text --dropout 1", "--dropout is 1.0"),
            .usage("train text --dropout -0.1", "--dropout is -0.1"),
            .usage("train text --grad-clip inf", "--grad-clip is inf"),
            .usage("train text --grad-clip-value -1", "--grad-clip-value is -1.0"),
            .usage("train text --grad-clip 1 --grad-clip-value 1", "set one of them to 0"),
            .usage("train text --val-fraction 1", "--val-fraction is 1.0"),
            .usage("train text --val-fraction nan", "--val-fraction is nan"),
            .usage("train text --forget-bias 1e30", "--forget-bias is 1e+30"),
            .usage("train text --initializer none", "there is no initializer \"none\""),
            .usage("train text --seed -1", "--seed"),
            .usage("train text --max-epochs -1", "--max-epochs is -1"),
            .usage("train text --max-steps -1", "--max-steps is -1"),
            .usage("train text --eval-every 0", "--eval-every is 0"),
            .usage("train text --checkpoint-every 0", "--checkpoint-every is 0"),
            .usage("train text --print-every 0", "--print-every is 0"),
            .usage("train text --sample-length -1", "--sample-length is -1"),
            .usage("train text --threads 0", "--threads is 0; expected 1 to 256"),
            .usage("train text --threads 100000", "--threads is 100000"),
            .usage("train text --cpu-level 8086", "--cpu-level is 8086"),
            .usage("train text --level syllable", "'character', 'byte'"),
            .usage("train text --model transformer", "'lstm', 'gru', 'rnn' or 'relu-rnn'"),
            .usage("train text --hidden 3", "Unknown option '--hidden'"),
            .usage("generate", "Missing expected argument '<path>'"),
            .usage("generate run --temperature -1", "the temperature is -1.0"),
            .usage("generate run --temperature nan", "the temperature is nan"),
            .usage("generate run --top-k 0", "top-k is 0"),
            .usage("generate run --top-p 2", "top-p is 2.0"),
            .usage("generate run --length -1", "--length is -1"),
            .usage("generate run --seed x", "--seed"),
            .usage("benchmark --seconds nan", "--seconds is nan"),
            .usage("generate run --weights int4", "'fp32', 'bf16' or 'int8'"),
            .usage("benchmark mnist-lstm --weights bf16", "--weights is bf16, but mnist-lstm trains"),
            .usage("benchmark nothing", "There is no configuration 'nothing'"),
            .usage("benchmark generate-lstm-2x128 --first-step", "--first-step needs"),
            .usage("benchmark generate-lstm-2x128 --memory", "--memory needs"),
            .usage("benchmark hihello-lstm --memory --first-step", "Only one of"),
            .usage("reproduce nothing", "There is no row 'nothing'"),
            .usage("train txt", "rnn train txt: expected rnn train text, series,"),
            .usage("trian text", "rnn trian: expected rnn train, resume,"),
        ] as [Refusal])
    func unusableOption(_ refusal: Refusal) throws { try expectRefusal(refusal, in: Workspace()) }

    @Test(arguments: [
        ["train", "text", "--rnn-size", "65536"], ["train", "text", "--num-layers", "100", "--rnn-size", "9000"],
    ])
    func moreMemoryThanThereIs(_ arguments: [String]) throws {
        try expectRefusal(Refusal(arguments: arguments, message: "GB of memory"), in: Workspace())
    }

    @Test func unusableRun() throws {
        let workspace = try Workspace()
        try workspace.train("run", "--max-steps", "5")
        try FileManager.default.createDirectory(atPath: workspace.path + "/empty", withIntermediateDirectories: true)
        let unknown = "the character \"X\" (U+0058) is not in the vocabulary"
        for refusal in [
            Refusal(arguments: ["generate", "none"], message: "none: there is no such run; there are run"),
            Refusal(arguments: ["predict", "run"], message: "expected a run of series, images,"),
            Refusal(
                arguments: ["evaluate", "run", "--checkpoint", "77"], message: "no such file; expected one of step 0, 5"
            ),
            Refusal(arguments: ["evaluate", "text.txt"], message: "it is a file"),
            Refusal(arguments: ["inspect", "empty"], message: "there is no config.json"),
            Refusal(arguments: ["resume", ""], message: "not a path"),
            Refusal(
                arguments: ["generate", "run", "--prompt", "seaX"], message: "the prompt, line 1, column 4: " + unknown),
            Refusal(arguments: ["generate", "run", "--prompt", "-X"], message: "line 1, column 1"),
            Refusal(
                arguments: ["evaluate", "run", "--data", "other.txt"], files: ["other.txt": Data("sea\nX".utf8)],
                message: "other.txt, line 2, column 1: " + unknown),
            Refusal(arguments: ["train", "text", "--out", "run"], message: "run: there is something already"),
            Refusal(arguments: ["train", "text", "--out", "text.txt/x"], message: "not a directory"),
        ] { try expectRefusal(refusal, in: workspace) }
        // A name of one character makes Foundation's path functions trap.
        try workspace.train("r", "--max-steps", "1")
    }

    @Test func unwritableDirectory() throws {
        let workspace = try Workspace()
        try #require(chmod(workspace.path, 0o555) == 0)
        defer { chmod(workspace.path, 0o755) }
        // To root hardly anything is unwritable.
        let parent = access(workspace.path, W_OK) == 0 ? "/sys" : workspace.path
        try #require(FileManager.default.fileExists(atPath: parent))
        let arguments = ["train", "text", "--out", parent + "/run"]
        try expectRefusal(Refusal(arguments: arguments, message: "permission denied"), in: workspace)
    }

    @Test func fileSizeLimit() throws {
        let workspace = try Workspace()
        let script = """
            ulimit -f 4; "$0" train text --data text.txt --out run \(Workspace.tiny.joined(separator: " ")) --max-steps 20 \
            --rnn-size 32
            """
        let result = try workspace.shell(script)
        #expect(result.status == 1)
        #expect(result.error.contains("ulimit -f"), "\(result.error)")
    }
}
