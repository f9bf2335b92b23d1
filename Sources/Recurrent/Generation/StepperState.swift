import Foundation

/// What the recurrent layers of a `Stepper` remember between two steps, of every sequence.
///
/// A value: a copy is a branch. It knows the recurrent layers that it is of, and a stepper of others, or of the same with
/// other weights, refuses it.
public struct StepperState: Sendable, Equatable, CustomStringConvertible {
    /// One state of a layer, `[batch, width]` row by row.
    struct Part: Sendable, Equatable {
        let width: Int
        let values: [Float]
    }

    /// The number of sequences.
    public let batch: Int
    /// The layers' states, the lowest layer's first; an LSTM's cell state stands before its hidden state.
    let parts: [Part]
    /// What identifies the recurrent layers.
    let fingerprint: String

    init(batch: Int, parts: [Part], fingerprint: String) {
        (self.batch, self.parts, self.fingerprint) = (batch, parts, fingerprint)
    }

    /// What it is a state of; the numbers are in its bytes.
    public var description: String {
        let widths = parts.map { String($0.width) }.joined(separator: " + ")
        return "state of \(batch == 1 ? "one sequence" : "\(batch) sequences"), \(widths) numbers each"
    }

    /// The state of one sequence alone.
    public subscript(sequence: Int) -> StepperState {
        require(sequence >= 0 && sequence < batch, "sequence \(sequence) of \(batch)")
        let own = parts.map { part in
            Part(width: part.width, values: Array(part.values[sequence * part.width..<(sequence + 1) * part.width]))
        }
        return StepperState(batch: 1, parts: own, fingerprint: fingerprint)
    }

    /// Puts the sequences of several states side by side, for a stepper of as many.
    ///
    /// - Throws: `RecurrentError` where there are none, or they are of different networks.
    public init(joining states: [StepperState]) throws {
        guard let first = states.first else { throw RecurrentError("no states are joined; expected one or more") }
        guard
            states.allSatisfy({
                $0.fingerprint == first.fingerprint && $0.parts.map(\.width) == first.parts.map(\.width)
            })
        else { throw RecurrentError("states of different networks are joined; expected states of one") }
        let parts = first.parts.indices.map { place in
            Part(width: first.parts[place].width, values: states.flatMap { $0.parts[place].values })
        }
        self.init(
            batch: states.reduce(0) { $0 + $1.batch }, parts: parts, fingerprint: first.fingerprint)
    }
}

extension StepperState {
    private static let fingerprintKey = "network"

    /// The state as bytes, in the safetensors format, with a checksum.
    ///
    /// - Throws: `RecurrentError` where the format does not allow it.
    public func encoded() throws -> Data {
        try TensorFile(
            metadata: [Self.fingerprintKey: fingerprint],
            entries: parts.enumerated().map { place, part in
                TensorFile.Entry(name: Self.name(place), shape: [batch, part.width], values: part.values)
            }
        ).encoded()
    }

    /// Reads the bytes that `encoded()` gave.
    ///
    /// - Throws: `RecurrentError` where they are damaged, or something else.
    public init(encoded data: Data) throws {
        let file = try TensorFile(verified: data, file: "a stepper's state")
        let byName = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0) })
        let entries = file.entries.indices.compactMap { byName[Self.name($0)] }
        guard let fingerprint = file.metadata[Self.fingerprintKey], let batch = entries.first?.shape.first,
            entries.count == file.entries.count, entries.allSatisfy({ $0.shape.count == 2 && $0.shape[0] == batch })
        else { throw RecurrentError("a stepper's state: these are other tensors; expected what `encoded()` gave") }
        self.init(
            batch: batch, parts: entries.map { Part(width: $0.shape[1], values: $0.values) }, fingerprint: fingerprint)
    }

    /// The name of a part in the file.
    private static func name(_ place: Int) -> String { "state.\(place)" }
}
