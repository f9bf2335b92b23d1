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
