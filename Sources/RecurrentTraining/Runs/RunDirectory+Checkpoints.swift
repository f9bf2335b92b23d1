import Foundation
import Recurrent

extension RunDirectory {
    /// The path of the text file with the name of the newest complete checkpoint.
    package var latestPath: String { checkpointsPath + "/latest" }

    /// The path of the text file with the name of the best checkpoint, where the run is validated.
    package var bestPath: String { checkpointsPath + "/best" }

    /// The path of the checkpoint of a step.
    package func checkpointPath(step: Int) -> String {
        checkpointsPath + "/" + Self.checkpointName(step: step)
    }

    /// The steps of the checkpoints that are there, complete or damaged, in rising order.
    ///
    /// - Throws: `RecurrentError` where the directory cannot be read.
    package func checkpointSteps() throws -> [Int] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: checkpointsPath)
                .compactMap(Self.step(ofCheckpointNamed:)).sorted()
        } catch {
            throw RecurrentError("\(checkpointsPath): the directory is missing or cannot be read")
        }
    }

    /// Writes a checkpoint, makes it the latest, and removes old ones.
    ///
    /// - Parameters:
    ///   - checkpoint: What to write, under the name of its step.
    ///   - count: How many of the checkpoints up to this one are kept, this one included and the best beside; at least 1.
    /// - Throws: `RecurrentError` where it cannot be written; the checkpoints before are then still there.
    package func save(_ checkpoint: Checkpoint, keeping count: Int) throws {
        guard checkpoint.step >= 0 else { throw RecurrentError("a checkpoint has the step \(checkpoint.step)") }
        AtomicFile.removeLeftovers(in: checkpointsPath)
        try AtomicFile.write(checkpoint.encoded(), to: checkpointPath(step: checkpoint.step))
        try AtomicFile.write(Data((Self.checkpointName(step: checkpoint.step) + "\n").utf8), to: latestPath)
        let best = hasBest ? try namedStep(in: bestPath) : nil
        let earlier = try checkpointSteps().filter { $0 < checkpoint.step }
        for step in earlier.dropLast(max(count, 1) - 1) where step != best { unlink(checkpointPath(step: step)) }
    }

    /// Makes the checkpoint of a step the best, in the place of another.
    ///
    /// - Throws: `RecurrentError` where it cannot be written.
    package func markBest(step: Int) throws {
        try AtomicFile.write(Data((Self.checkpointName(step: step) + "\n").utf8), to: bestPath)
    }

    /// Whether a checkpoint is marked as the best.
    package var hasBest: Bool { access(bestPath, F_OK) == 0 }

    /// Reads the best checkpoint, or the latest where the run is not validated.
    ///
    /// - Throws: `RecurrentError` where there is none, or it is damaged.
    public func bestCheckpoint() throws -> Checkpoint {
        guard hasBest else { return try latestCheckpoint() }
        do {
            return try checkpoint(step: namedStep(in: bestPath))
        } catch {
            guard let valid = try newestValidStep(before: .max) else {
                throw RecurrentError("\(error). The run has no other checkpoint that can be used; start a new run")
            }
            throw RecurrentError(
                "\(error). The checkpoint \(Self.checkpointName(step: valid)) is complete: to use it, say "
                    + "`checkpoint` \(valid)")
        }
    }

    private func namedStep(in path: String) throws -> Int {
        let text = String(decoding: try FileContents.read(path, limit: 4096), as: UTF8.self)
        let name = text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard let step = Self.step(ofCheckpointNamed: name) else {
            throw RecurrentError("\(path): \"\(name.prefix(60))\" is no name of a checkpoint")
        }
        return step
    }

    /// Reads the checkpoint of a step.
    ///
    /// - Throws: `RecurrentError` where it is missing or damaged in any byte.
    public func checkpoint(step: Int) throws -> Checkpoint {
        let path = checkpointPath(step: step)
        guard access(path, F_OK) == 0 else {
            let steps = try checkpointSteps().map(String.init)
            throw RecurrentError(
                "\(path): there is no such file; "
                    + (steps.isEmpty
                        ? "the run has no checkpoints" : "expected one of step \(steps.joined(separator: ", "))"))
        }
        let checkpoint = try Checkpoint(contentsOf: path)
        guard checkpoint.step == step else {
            throw RecurrentError("\(path): this is the checkpoint of step \(checkpoint.step) under another name")
        }
        return checkpoint
    }

    /// Reads the newest complete checkpoint: the one that `latest` names.
    ///
    /// Where a killed run had not written `latest` yet, it is the newest one that can be read.
    ///
    /// - Throws: `RecurrentError` where there is none, or the one that `latest` names is missing or damaged; the
    ///   message then says which older one can be used.
    public func latestCheckpoint() throws -> Checkpoint {
        guard access(latestPath, F_OK) == 0 else {
            guard let step = try newestValidStep(before: .max) else {
                throw RecurrentError("\(path): the run has no checkpoint that can be used; start a new run")
            }
            return try checkpoint(step: step)
        }
        let step: Int
        do { step = try namedStep(in: latestPath) } catch {
            throw RecurrentError("\(error). \(try advice(before: .max))")
        }
        do {
            return try checkpoint(step: step)
        } catch {
            throw RecurrentError("\(error). \(try advice(before: step))")
        }
    }

    private func advice(before step: Int) throws -> String {
        guard let valid = try newestValidStep(before: step) else {
            return "The run has no other checkpoint that can be used; start a new run"
        }
        let name = Self.checkpointName(step: valid)
        return "The checkpoint \(name) is complete: to go on from it, write its name into \(latestPath)"
    }

    private func newestValidStep(before step: Int) throws -> Int? {
        try checkpointSteps().last { $0 < step && (try? checkpoint(step: $0)) != nil }
    }

    private static func checkpointName(step: Int) -> String {
        let digits = String(step)
        return "step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".safetensors"
    }

    private static func step(ofCheckpointNamed name: String) -> Int? {
        guard name.hasPrefix("step-"), let step = Int(name.dropFirst(5).prefix { $0.isASCII && $0.isNumber }),
            checkpointName(step: step) == name
        else { return nil }
        return step
    }
}
