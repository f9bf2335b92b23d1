import Foundation
import Recurrent
import RecurrentData

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

extension MixtureDensity {
    /// The outputs, for one component, of the bivariate Gaussian and the Bernoulli end of stroke that make movements most
    /// likely.
    static func singleGaussian(fitting steps: [PenStep]) -> [Float] {
        let count = Double(max(steps.count, 1))
        func mean(_ value: (PenStep) -> Double) -> Double { steps.reduce(0) { $0 + value($1) } / count }
        let (x, y) = (mean { Double($0.dx) }, mean { Double($0.dy) })
        let variances = (mean { square(Double($0.dx) - x) }, mean { square(Double($0.dy) - y) })
        let both = mean { (Double($0.dx) - x) * (Double($0.dy) - y) }
        let deviations = (max(variances.0, 1e-8).squareRoot(), max(variances.1, 1e-8).squareRoot())
        let correlation = min(max(both / (deviations.0 * deviations.1), -0.9999), 0.9999)
        let end = min(max(mean { $0.endsStroke ? 1 : 0 }, 1e-6), 1 - 1e-6)
        let logarithms = [end / (1 - end), deviations.0, deviations.1, (1 + correlation) / (1 - correlation)].map(log)
        return [logarithms[0], 0, x, y, logarithms[1], logarithms[2], logarithms[3] / 2].map { Float($0) }
    }
}

private func square(_ x: Double) -> Double { x * x }
