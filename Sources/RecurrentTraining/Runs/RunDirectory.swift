import Foundation
import Recurrent

/// The directory that holds a training run.
///
/// `config.json`, `schedule.json`, `vocabulary.json` or `preparation.json`, `history.jsonl`, `pictures`, and
/// `checkpoints` with files named as `step-00000200.safetensors`, and `latest` and `best`, text files with the name of the
/// newest complete one and of the one with the best validation. What deals with history and checkpoints is in `RunDirectory+History.swift` and `RunDirectory+Checkpoints.swift`.
public struct RunDirectory: Equatable, Sendable {
    /// Where the run is, as it was given.
    public let path: String

    /// The path of the run's configuration.
    package var configurationPath: String { path + "/config.json" }
    /// The path of the directory with the run's pictures.
    public var picturesPath: String { path + "/pictures" }
    /// The path of the run's history.
    package var historyPath: String { path + "/history.jsonl" }
    /// The path of the directory with the run's checkpoints.
    package var checkpointsPath: String { path + "/checkpoints" }

    private init(path: String) {
        self.path = path
    }

    /// Makes the directory of a new run, and those above it. A directory that is there and empty is taken.
    ///
    /// - Throws: `RecurrentError` where something is there already, or the directory cannot be made.
    public static func create(at path: String) throws -> RunDirectory {
        guard let path = cleaned(path) else { throw RecurrentError("\"\(path)\" is not a path; expected a directory") }
        try makeParents(of: path)
        if mkdir(path, 0o777) != 0 {
            guard errno == EEXIST else { throw RecurrentError.system(errno, "cannot make the directory", path: path) }
            let contents: [String]
            do {
                contents = try FileManager.default.contentsOfDirectory(atPath: path)
            } catch {
                throw RecurrentError("\(path): there is a file or an unreadable directory; choose another path")
            }
            guard contents.isEmpty else { throw taken(path) }
        }
        return try claim(path)
    }

    /// Makes the directory of a new run under a name that is not taken: the name itself, or with -2, -3 and so on.
    ///
    /// - Throws: `RecurrentError` where the directory cannot be made.
    public static func create(named name: String, in parent: String = "runs") throws -> RunDirectory {
        guard let base = cleaned(parent + "/" + name), !name.contains("/") else {
            throw RecurrentError("\"\(name)\" is not a name for a run")
        }
        try makeParents(of: base)
        for number in 1...100_000 {
            let path = number == 1 ? base : "\(base)-\(number)"
            if mkdir(path, 0o777) == 0 { return try claim(path) }
            guard errno == EEXIST else { throw RecurrentError.system(errno, "cannot make the directory", path: path) }
        }
        throw RecurrentError("\(base): this name and 100,000 like it are taken; choose another name for the run")
    }

    /// Opens the directory of a run that was made before.
    ///
    /// - Throws: `RecurrentError` where it is missing or no run.
    public static func open(at path: String) throws -> RunDirectory {
        guard let path = cleaned(path) else { throw RecurrentError("\"\(path)\" is not a path; expected a run") }
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { throw RecurrentError("\(path): there is no such run\(others(than: path))") }
            throw RecurrentError.system(errno, "cannot open the run", path: path)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw RecurrentError("\(path): it is a file; expected the directory of a run")
        }
        let run = RunDirectory(path: path)
        guard stat(run.configurationPath, &status) == 0 else {
            if errno == ENOENT { throw RecurrentError("\(path): this is not a run: there is no config.json in it") }
            throw RecurrentError.system(errno, "cannot open the run", path: path)
        }
        return run
    }

    /// Writes the run's configuration as readable JSON.
    package func save(configuration: some Encodable) throws {
        try save(configuration, to: configurationPath)
    }

    /// Reads the run's configuration; what it lacks, since it is of a version before, has its default.
    ///
    /// - Throws: `RecurrentError` with the file and the place in it where it is missing or something else.
    package func configuration<Configuration: TaskConfiguration>(of type: Configuration.Type) throws -> Configuration {
        try load(configurationPath) { try Configuration(stored: $0) }
    }

    /// The name of the task that the run's configuration is of.
    ///
    /// - Throws: `RecurrentError` where the configuration is missing or names none.
    package func taskName() throws -> String {
        struct Named: Decodable { let task: String }
        return try load(Named.self, from: configurationPath).task
    }

    func save(_ value: some Encodable, named name: String) throws { try save(value, to: path + "/" + name) }

    func load<Value: Decodable>(_ type: Value.Type, named name: String) throws -> Value {
        try load(type, from: path + "/" + name)
    }

    func save(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        var data: Data
        do { data = try encoder.encode(value) } catch { throw RecurrentError("\(path): cannot be written: \(error)") }
        data.append(UInt8(ascii: "\n"))
        try AtomicFile.write(data, to: path)
    }

    func load<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        try load(path) { try JSONDecoder().decode(type, from: $0) }
    }

    private func load<Value>(_ path: String, decode: (Data) throws -> Value) throws -> Value {
        let data = try FileContents.read(path, limit: 1 << 28)
        do {
            return try decode(data)
        } catch {
            throw RecurrentError("\(path): \(Self.describe(error))")
        }
    }

    /// What is wrong with a JSON file, and where.
    private static func describe(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            let keys = context.codingPath + (last.map { [$0] } ?? [])
            let names = keys.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
            return names.isEmpty ? "the file" : "\"\(names.joined(separator: "."))\""
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context)?: return "\(place(context, key)) is missing"
        case .valueNotFound(let type, let context)?: return "\(place(context)) is null; expected \(type)"
        case .typeMismatch(let type, let context)?: return "\(place(context)) has another type; expected \(type)"
        case .dataCorrupted(let context)?:
            // Foundation calls a number that does not fit its type invalid JSON too.
            return "\(place(context)) is not valid JSON, or has a number that does not fit: \(context.debugDescription)"
        default: return "\(error)"
        }
    }

    // Runs that a message names.
    private static let namedRuns = 5

    /// Which runs there are where one was looked for, or among those that have got their names by themselves: the newest
    /// first, as the end of a message.
    private static func others(than path: String) -> String {
        let parents = [path.split(separator: "/").dropLast().joined(separator: "/"), "runs"]
        let runs = (path.hasPrefix("/") ? ["/" + parents[0]] : parents).lazy.map(newestRuns).first { !$0.isEmpty } ?? []
        guard !runs.isEmpty else { return "" }
        return "; there are " + runs.prefix(namedRuns).joined(separator: ", ") + (runs.count > namedRuns ? ", ..." : "")
    }

    private static func newestRuns(in parent: String) -> [String] {
        let parent = parent.isEmpty ? "." : parent
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        let runs = names.compactMap { name -> (path: String, begun: Date)? in
            let path = parent == "." ? name : parent + "/" + name
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/config.json")
            return (attributes?[.modificationDate] as? Date).map { (path, $0) }
        }
        return runs.sorted { ($1.begun, $0.path) < ($0.begun, $1.path) }.map(\.path)
    }

    private static func taken(_ path: String) -> RecurrentError {
        RecurrentError("\(path): there is something already; choose another path for the run, or resume it")
    }

    /// Makes a run of a directory. Of two processes that try it at once, one succeeds.
    private static func claim(_ path: String) throws -> RunDirectory {
        let run = RunDirectory(path: path)
        guard mkdir(run.checkpointsPath, 0o777) == 0 else {
            if errno == EEXIST { throw taken(path) }
            throw RecurrentError.system(errno, "cannot make the directory", path: run.checkpointsPath)
        }
        return run
    }

    private static func makeParents(of path: String) throws {
        // Foundation's deletingLastPathComponent traps on paths of one character (Swift 6.3).
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return }
        let parent = String(path[..<slash])
        if mkdir(parent, 0o777) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else { throw RecurrentError.system(errno, "cannot make the directory", path: parent) }
        try makeParents(of: parent)
        guard mkdir(parent, 0o777) == 0 || errno == EEXIST else {
            throw RecurrentError.system(errno, "cannot make the directory", path: parent)
        }
    }

    /// A path without slashes at its end, or nil where it is empty or cannot be a path.
    private static func cleaned(_ path: String) -> String? {
        var path = path
        while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
        return path.isEmpty || path.utf8.contains(0) ? nil : path
    }
}
