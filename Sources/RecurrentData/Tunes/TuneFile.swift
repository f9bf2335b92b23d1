import Recurrent

/// Pieces of music read from JSON: a list of pieces, each a list of time steps, each a list of the MIDI pitches that sound.
///
///     [[[60, 64, 67], [60, 64, 67], [], [62]], [[57], [59]]]
///
/// The data sets of Boulanger-Lewandowski, Bengio and Vincent 2012 (JSB Chorales, Nottingham, ...) have this shape. As there,
/// the pieces may also be divided: `{"train": [...], "valid": [...], "test": [...]}`.
public struct TuneFile: Equatable, Sendable {
    /// The pieces, or those for training.
    package let pieces: [Tune]
    /// The pieces for validation and for the test, where the file divides them.
    package let heldBack: HeldBack?

    /// Pieces that are not trained on.
    public struct HeldBack: Equatable, Sendable {
        /// For choosing the best weights.
        package let validation: [Tune]
        /// For judging the result.
        package let test: [Tune]
    }

    /// All pieces, however they are divided.
    package var all: [Tune] { pieces + (heldBack.map { $0.validation + $0.test } ?? []) }

    private static let largestSize = 1 << 28

    /// Reads a file, which may be compressed by gzip.
    ///
    /// - Throws: `RecurrentError` naming the file and the piece, step and byte that cannot be used.
    public init(path: String) throws {
        try self.init(FileContents.readInflated(path, limit: Self.largestSize), name: path)
    }

    /// Reads bytes; errors call them `name`.
    init(_ bytes: [UInt8], name: String) throws {
        let expected =
            "a list of pieces, each a list of time steps, each a list of pitches from 0 to \(Tune.pitchCount - 1)"
        guard !bytes.isEmpty else { throw RecurrentError("\(name): the file is empty; expected \(expected)") }
        guard !bytes.starts(with: Array("MThd".utf8)) else {
            throw RecurrentError("\(name): it is a MIDI file; expected JSON: \(expected)")
        }
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        var scanner = JSONScanner(bytes, name: name, part: "the file", expected: expected)
        scanner.skipSpaces()
        if bytes.dropFirst(scanner.position).first == UInt8(ascii: "{") {
            let parts = try Self.parts(&scanner, name: name)
            pieces = parts[0]
            heldBack = HeldBack(validation: parts[1], test: parts[2])
        } else {
            pieces = try Self.tunes(&scanner, name: name)
            heldBack = nil
        }
        scanner.name = name
        try scanner.end()
        guard !pieces.isEmpty else { throw RecurrentError("\(name): there are no pieces; expected some to learn from") }
    }

    private static let partNames = ["train", "valid", "test"]

    /// The pieces for training, validation and test.
    private static func parts(_ scanner: inout JSONScanner, name: String) throws -> [[Tune]] {
        var parts: [String: [Tune]] = [:]
        try scanner.object { scanner, key, place in
            scanner.name = name
            guard partNames.contains(key), parts[key] == nil else {
                throw scanner.failure("\"\(key.prefix(40))\" is no part, or the second of its name", place)
            }
            parts[key] = try tunes(&scanner, name: "\(name), \"\(key)\"")
        }
        return try partNames.map { part in
            guard let tunes = parts[part] else {
                throw RecurrentError("\(name): \"\(part)\" is missing; expected \"train\", \"valid\" and \"test\"")
            }
            return tunes
        }
    }

    private static func tunes(_ scanner: inout JSONScanner, name: String) throws -> [Tune] {
        var tunes: [Tune] = []
        try scanner.list { scanner in
            let piece = "\(name), piece \(tunes.count + 1)"
            scanner.name = piece
            var steps: [[Int]] = []
            try scanner.list { scanner in
                scanner.name = "\(piece), step \(steps.count + 1)"
                let place = scanner.position
                let pitches = try scanner.wholeNumbers()
                if let wrong = pitches.first(where: { $0 >= Tune.pitchCount }) {
                    throw scanner.failure("the pitch is \(wrong)", place)
                }
                steps.append(pitches)
            }
            scanner.name = piece
            guard !steps.isEmpty else { throw scanner.failure("it has no steps", scanner.position) }
            tunes.append(Tune(steps: steps))
        }
        return tunes
    }
}
