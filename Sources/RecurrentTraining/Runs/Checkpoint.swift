import Foundation
import Recurrent

/// Everything that a training run is at one step, so that it can go on as if it had never stopped.
public struct Checkpoint: Equatable, Sendable {
    /// A named array.
    public typealias Entry = TensorFile.Entry

    /// How many updates have been made.
    public var step: Int
    /// How many passes over the data have been completed.
    package var epoch: Int
    /// How many windows or batches of the epoch under way have been consumed.
    package var position: Int
    /// The weights and biases, by their names in the model.
    public var parameters: [Entry]
    /// What the network keeps beside them and is not trained, by their names in the model.
    public var statistics: [Entry]
    /// What the optimiser keeps, by the name of the slot, as in "firstMoment": entries named as the parameters are.
    package var slots: [String: [Entry]]
    /// The recurrent state that the next window begins with.
    package var carriedState: [Entry]
    /// The random streams, by what they are used for.
    package var randomStates: [String: RandomSource]
    /// Whole numbers that a task counts, by name.
    package var counters: [String: Int]
    /// Numbers that a task sums up, as the loss since the last evaluation, by name; kept to the last bit.
    package var measures: [String: Double]
    /// The instruction set that it was computed with, as `RecurrentKernels.level` names it; empty where that is not known.
    package var level: String
    /// What the parameters of recurrent layers mean, by the layers' names: for whoever reads the file elsewhere. Empty in
    /// checkpoints of versions before.
    package var cells: [String: String]
    /// The configuration of the run, as JSON text.
    package var configuration: String
    /// What identifies the training data: its `Fingerprint`.
    package var dataFingerprint: String

    /// Makes a checkpoint from its parts.
    package init(
        step: Int, epoch: Int = 0, position: Int = 0, parameters: [Entry] = [], statistics: [Entry] = [],
        slots: [String: [Entry]] = [:], carriedState: [Entry] = [], randomStates: [String: RandomSource] = [:],
        counters: [String: Int] = [:],
        measures: [String: Double] = [:], level: String = "", cells: [String: String] = [:],
        configuration: String = "{}", dataFingerprint: String = ""
    ) {
        self.step = step
        self.epoch = epoch
        self.position = position
        self.parameters = parameters
        self.statistics = statistics
        self.slots = slots
        self.carriedState = carriedState
        self.randomStates = randomStates
        self.counters = counters
        self.measures = measures
        self.level = level
        self.cells = cells
        self.configuration = configuration
        self.dataFingerprint = dataFingerprint
    }
}

extension Checkpoint {
    private static let format = "recurrent-checkpoint"
    private static let version = "1"
    private static let statePrefix = "state/"
    private static let slotPrefix = "optimizer/"

    /// The file that holds the checkpoint: parameters under their own names, slots as "optimizer/slot/name",
    /// statistics as "statistic/name", the carried state as "state/name", and everything else in the metadata.
    ///
    /// - Throws: `RecurrentError` where a name would be taken for one of another kind.
    package func tensorFile() throws -> TensorFile {
        var metadata = [
            "format": Self.format, "version": Self.version, "step": String(step), "epoch": String(epoch),
            "position": String(position), "configuration": configuration, "dataFingerprint": dataFingerprint,
        ]
        if !level.isEmpty { metadata["level"] = level }
        for (name, source) in randomStates { metadata["random." + name] = source.state }
        for (name, count) in counters { metadata["counter." + name] = String(count) }
        for (name, text) in cells { metadata["cell." + name] = text }
        for (name, value) in measures { metadata["measure." + name] = String(value) }
        var entries = parameters
        let taken = [Self.statePrefix, Self.slotPrefix, Statistic.filePrefix]
        for entry in parameters where taken.contains(where: entry.name.hasPrefix) {
            throw RecurrentError(
                "the parameter name \"\(entry.name)\" begins as names of other kinds do; choose another")
        }
        for entry in carriedState {
            entries.append(Entry(name: Self.statePrefix + entry.name, shape: entry.shape, values: entry.values))
        }
        for entry in statistics {
            entries.append(Entry(name: Statistic.filePrefix + entry.name, shape: entry.shape, values: entry.values))
        }
        for (slot, slotEntries) in slots {
            guard !slot.isEmpty, !slot.contains("/"), !slotEntries.isEmpty else {
                throw RecurrentError("the optimizer slot \"\(slot)\" is empty or has a name with a slash")
            }
            for entry in slotEntries {
                let name = Self.slotPrefix + slot + "/" + entry.name
                entries.append(Entry(name: name, shape: entry.shape, values: entry.values))
            }
        }
        return TensorFile(metadata: metadata, entries: entries)
    }

    /// The bytes of the checkpoint's file: the same checkpoint gives the same bytes.
    ///
    /// - Throws: `RecurrentError` where names clash or shapes do not fit their values.
    package func encoded() throws -> Data {
        try tensorFile().encoded()
    }

    /// Reads the bytes of a checkpoint's file, of which none may have changed since it was written.
    ///
    /// - Parameters:
    ///   - data: The whole file.
    ///   - file: What errors call the file, usually its path.
    /// - Throws: `RecurrentError` naming the file and what is wrong with it.
    package init(data: Data, file: String) throws {
        do {
            try self.init(TensorFile(verified: data, file: file), file: file)
        } catch {
            throw RecurrentError("\(error). This checkpoint cannot be used")
        }
    }

    /// Reads a checkpoint's file.
    ///
    /// - Throws: `RecurrentError` naming the file and what is wrong with it.
    package init(contentsOf path: String) throws {
        try self.init(data: FileContents.read(path, limit: .max - 1), file: path)
    }

    private init(_ contents: TensorFile, file: String) throws {
        var metadata = contents.metadata
        func take(_ key: String) throws -> String {
            guard let value = metadata.removeValue(forKey: key) else {
                throw RecurrentError("\(file): the metadata has no \"\(key)\"; expected a checkpoint of Recurrent")
            }
            return value
        }
        func number(_ key: String, _ text: String) throws -> Int {
            guard let value = Int(text), String(value) == text else {
                throw RecurrentError("\(file): \"\(key)\" is \"\(text.prefix(40))\"; expected a whole number")
            }
            return value
        }
        func count(_ key: String) throws -> Int {
            let value = try number(key, take(key))
            guard value >= 0 else { throw RecurrentError("\(file): \"\(key)\" is \(value); expected 0 or more") }
            return value
        }
        guard try take("format") == Self.format else {
            throw RecurrentError("\(file): this is another kind of file; expected a checkpoint of Recurrent")
        }
        let version = try take("version")
        guard version == Self.version else {
            throw RecurrentError("\(file): the checkpoint has version \(version.prefix(20)); expected version 1")
        }
        self.init(
            step: try count("step"), epoch: try count("epoch"), position: try count("position"),
            configuration: try take("configuration"), dataFingerprint: try take("dataFingerprint"))
        for (key, value) in metadata {
            if key.hasPrefix("random.") {
                randomStates[String(key.dropFirst(7))] = try Self.naming(file, key) { try RandomSource(state: value) }
            } else if key.hasPrefix("counter.") {
                counters[String(key.dropFirst(8))] = try number(key, value)
            } else if key.hasPrefix("cell.") {
                cells[String(key.dropFirst(5))] = value
            } else if key == "level" {
                level = value
            } else if key.hasPrefix("measure."), let measure = Double(value) {
                measures[String(key.dropFirst(8))] = measure
            } else {
                throw RecurrentError("\(file): the metadata \"\(key)\" is unknown or no number")
            }
        }
        try distribute(contents.entries, file: file)
    }

    /// Gives entries to the parts of the checkpoint that their names belong to.
    private mutating func distribute(_ entries: [Entry], file: String) throws {
        for entry in entries {
            var entry = entry
            if entry.name.hasPrefix(Self.statePrefix) {
                entry.name.removeFirst(Self.statePrefix.count)
                carriedState.append(entry)
            } else if entry.name.hasPrefix(Statistic.filePrefix) {
                entry.name.removeFirst(Statistic.filePrefix.count)
                statistics.append(entry)
            } else if entry.name.hasPrefix(Self.slotPrefix) {
                let parts = entry.name.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
                guard parts.count == 3, !parts[1].isEmpty else {
                    throw RecurrentError("\(file): tensor \"\(entry.name)\" names no slot of an optimizer")
                }
                entry.name = String(parts[2])
                slots[String(parts[1]), default: []].append(entry)
            } else {
                parameters.append(entry)
            }
        }
    }

    private static func naming<Value>(_ file: String, _ key: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw RecurrentError("\(file): \"\(key)\": \(error)") }
    }
}
