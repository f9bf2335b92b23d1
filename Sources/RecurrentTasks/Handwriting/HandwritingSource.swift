import Recurrent
import RecurrentData
import RecurrentTraining

/// Drawings in their parts, as they are before scaling.
public typealias HandwritingSource = TaskSource<PenDrawings>

extension HandwritingSource {
    package init(drawings: PenDrawings, name: String) {
        self.init(drawings, name: name, fingerprint: drawings.fingerprint)
    }

    /// Reads the drawings of a configuration, or composes them.
    ///
    /// - Throws: `RecurrentError` naming the file and place of what cannot be used.
    init(_ configuration: HandwritingConfiguration) throws {
        guard let path = configuration.data else {
            guard configuration.writesText else {
                throw RecurrentError(
                    "`data` is missing; expected a file or directory of drawings, or `writesText` for lines that are composed"
                )
            }
            self.init(
                drawings: PenDrawings(training: try Self.composed(configuration)),
                name: configuration.font ?? "the composed lines")
            return
        }
        self.init(drawings: try PenDrawings(path: path), name: path)
    }

    /// What writes the lines that are composed.
    ///
    /// - Throws: `RecurrentError` where the font cannot be read.
    static func composer(_ configuration: HandwritingConfiguration) throws -> LineComposer {
        LineComposer(font: try configuration.font.map { try StrokeFont(hersheyPath: $0) } ?? .plain)
    }

    /// Small letters and spaces in any order, 3 to 10 of them.
    static var texts: LineTexts {
        get throws { try LineTexts(letters: Array("abcdefghijklmnopqrstuvwxyz "), lengths: 3...10) }
    }

    /// Lines of such texts, without those that a trained network is evaluated by.
    private static func composed(_ configuration: HandwritingConfiguration) throws -> [PenDrawing] {
        let evaluated = Set(HandwritingLegibility.texts)
        return try composer(configuration).lines(configuration.lines, of: texts, seed: configuration.seed)
            .map(\.drawing).filter { !evaluated.contains($0.text ?? "") }
    }

    /// The parts as a model learns from them: points at the wished distances, and drawings of at most so many movements.
    /// They are divided before they are cut, so that no drawing stands in two parts.
    ///
    /// - Throws: `RecurrentError` where nothing is left to train on, or a line lacks its text.
    func parts(_ configuration: HandwritingConfiguration) throws -> PenDrawings {
        let limit = configuration.sequenceLength + 1
        let parts = try data.divided(by: configuration.division()).flatMap { drawing in
            let spaced =
                configuration.pointSpacing > 0 ? drawing.resampled(spacing: configuration.pointSpacing) : drawing
            guard configuration.writesText else {
                return spaced.pieces(limit: limit).filter { $0.steps.count >= 2 }
            }
            let isUsable = (2...limit).contains(spaced.steps.count) && spaced.text?.isEmpty == false
            return isUsable ? [spaced] : []
        }
        guard !parts.training.isEmpty else {
            throw RecurrentError(
                "\(name): there is nothing to train on; expected drawings of 2 to \(limit) steps"
                    + (configuration.writesText ? " with their texts" : ""))
        }
        return parts
    }
}

/// What a model that writes needs to know of its training data.
public struct HandwritingPreparation: Codable, Sendable, Equatable {
    /// Brings movements to a like size.
    package let scaler: PenScaler
    /// The characters of the texts, in order; empty without texts.
    package let characters: String
    /// The outputs of the one Gaussian that fits the scaled movements best, which a model is held against.
    package let singleGaussian: [Float]

    /// Finds out all of it from the drawings for training.
    ///
    /// - Throws: `RecurrentError` where nothing in them moves.
    package init(_ drawings: [PenDrawing], writesText: Bool) throws {
        let scaler = try PenScaler(fitting: drawings)
        self.scaler = scaler
        characters = writesText ? String(Set(drawings.compactMap(\.text).joined()).sorted()) : ""
        singleGaussian = MixtureDensity.singleGaussian(
            fitting: drawings.flatMap { scaler.transform($0).steps.dropFirst() })
    }

    /// The number of different characters.
    var symbols: Int { characters.count }

    /// A text as numbers.
    ///
    /// - Throws: `RecurrentError` with the first character that the model has not learned, or where the text is empty.
    package func encode(_ text: String) throws -> [Int32] {
        guard !text.isEmpty else { throw RecurrentError("the text is empty; expected at least one character") }
        let known = Dictionary(zip(characters, Int32(0)...), uniquingKeysWith: { first, _ in first })
        return try text.enumerated().map { place, character in
            guard let number = known[character] else {
                throw RecurrentError(
                    "the character \"\(character)\" at place \(place + 1) of \"\(text.prefix(100))\" is not among those "
                        + "that the model has learned: \"\(characters)\"")
            }
            return number
        }
    }
}
