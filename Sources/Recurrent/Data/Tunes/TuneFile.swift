import Foundation

/// Pieces of music read from JSON: a list of pieces, each a list of time steps, each a list of the MIDI pitches that sound.
///
///     [[[60, 64, 67], [60, 64, 67], [], [62]], [[57], [59]]]
///
/// So are the data sets of Boulanger-Lewandowski, Bengio and Vincent 2012 written (JSB Chorales, Nottingham, ...); as there,
/// the pieces may also be divided: `{"train": [...], "valid": [...], "test": [...]}`.
public struct TuneFile: Equatable, Sendable {
    /// The pieces, or those for training.
    public let pieces: [Tune]
    /// The pieces for validation and for the test, where the file divides them.
    public let heldBack: HeldBack?

    /// Pieces that are not trained on.
    public struct HeldBack: Equatable, Sendable {
        /// For choosing the best weights.
        public let validation: [Tune]
        /// For judging the result.
        public let test: [Tune]
    }

    private static let largestSize = 1 << 28

    /// Reads a file, which may be compressed by gzip.
    ///
    /// - Throws: `RecurrentError` naming the file and the piece, step and note that cannot be used.
    public init(path: String) throws {
        try self.init(FileContents.readInflated(path, limit: Self.largestSize), name: path)
    }

    /// Reads bytes; errors call them `name`.
    init(_ bytes: [UInt8], name: String) throws {
        let isDivided = bytes.first { ![9, 10, 13, 32].contains($0) } == UInt8(ascii: "{")
        do {
            let decoder = JSONDecoder()
            if isDivided {
                let parts = try decoder.decode(Parts.self, from: Data(bytes))
                pieces = try Self.tunes(parts.train, name: "\(name), \"train\"")
                heldBack = HeldBack(
                    validation: try Self.tunes(parts.valid, name: "\(name), \"valid\""),
                    test: try Self.tunes(parts.test, name: "\(name), \"test\""))
            } else {
                pieces = try Self.tunes(decoder.decode([[[Int]]].self, from: Data(bytes)), name: name)
                heldBack = nil
            }
        } catch let error as DecodingError {
            throw Self.refusal(error, name: name)
        }
        guard !pieces.isEmpty else { throw RecurrentError("\(name): there are no pieces; expected some to learn from") }
    }

    private struct Parts: Decodable {
        let train, valid, test: [[[Int]]]
    }

    private static func tunes(_ pieces: [[[Int]]], name: String) throws -> [Tune] {
        try pieces.enumerated().map { number, steps in
            guard !steps.isEmpty else {
                throw RecurrentError(
                    "\(name), piece \(number + 1): it has no steps; expected a list of lists of pitches")
            }
            for (step, pitches) in steps.enumerated() {
                if let wrong = pitches.first(where: { !(0..<Tune.pitchCount).contains($0) }) {
                    throw RecurrentError(
                        "\(name), piece \(number + 1), step \(step + 1): the pitch is \(wrong); expected 0 to "
                            + "\(Tune.pitchCount - 1)")
                }
            }
            return Tune(steps: steps)
        }
    }

    /// What a parser's error says, with the place as a reader counts it.
    private static func refusal(_ error: DecodingError, name: String) -> RecurrentError {
        let context: DecodingError.Context
        switch error {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
            .dataCorrupted(let found):
            context = found
        @unknown default: return RecurrentError("\(name): it cannot be read: \(error)")
        }
        var path = context.codingPath
        if case .keyNotFound(let key, _) = error { path.append(key) }
        let levels = ["piece", "step", "note"]
        let places = path.filter { $0.intValue != nil }
        let place =
            path.filter { $0.intValue == nil }.map { "\"\($0.stringValue)\"" }
            + zip(levels, places).map { "\($0) \(($1.intValue ?? 0) + 1)" }
        let reason: String
        if let underlying = context.underlyingError as NSError?, place.isEmpty {
            reason = "it is not JSON (\(underlying.userInfo[NSDebugDescriptionErrorKey] ?? underlying))"
        } else {
            reason = context.debugDescription
        }
        return RecurrentError(
            "\(([name] + place).joined(separator: ", ")): \(reason.prefix(200)); expected a list of pieces, each a list of "
                + "steps, each a list of pitches from 0 to \(Tune.pitchCount - 1)")
    }
}
