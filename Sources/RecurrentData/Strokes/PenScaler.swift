import Recurrent

/// Brings pen movements to a like size, and back: dx and dy are divided by one number, so that shapes stay as they are.
///
/// The number is the standard deviation of the movements of all drawings, both axes together (Graves 2013, section 4.1,
/// scales each axis; one factor is Ha and Eck's, 2017). A drawing's first step, which leads from its origin, is not
/// counted.
public struct PenScaler: Codable, Equatable, Sendable {
    /// The standard deviation of dx and dy.
    public let deviation: Double

    /// Fits the scaler to the drawings for training.
    ///
    /// - Throws: `RecurrentError` where nothing in them moves.
    public init(fitting drawings: [PenDrawing]) throws {
        var (count, sum, squares) = (0.0, 0.0, 0.0)
        for drawing in drawings {
            for step in drawing.steps.dropFirst() {
                let (dx, dy) = (Double(step.dx), Double(step.dy))
                count += 2
                sum += dx + dy
                squares += dx * dx + dy * dy
            }
        }
        let mean = count == 0 ? 0 : sum / count
        deviation = count == 0 ? 0 : max(squares / count - mean * mean, 0).squareRoot()
        try check()
    }

    /// Reads `{"deviation": ...}`.
    ///
    /// - Throws: `RecurrentError` where the number is that of no scaler.
    public init(from decoder: any Decoder) throws {
        deviation = try decoder.container(keyedBy: CodingKeys.self).decode(Double.self, forKey: .deviation)
        try check()
    }

    private func check() throws {
        guard deviation > 0, deviation.isFinite, Float(1 / deviation).isFinite else {
            throw RecurrentError(
                "the standard deviation of the pen's movements is \(deviation); expected drawings with movement, and a "
                    + "finite number above 0")
        }
    }

    /// The drawing with movements of a like size.
    public func transform(_ drawing: PenDrawing) -> PenDrawing { drawing.scaled(by: 1 / deviation) }

    /// The drawing with movements of the size of the drawings that the scaler was fitted to.
    public func inverse(_ drawing: PenDrawing) -> PenDrawing { drawing.scaled(by: deviation) }
}

extension PenDrawing {
    /// The drawing with all movements multiplied by a number.
    public func scaled(by factor: Double) -> PenDrawing {
        var scaled = self
        for index in scaled.steps.indices {
            scaled.steps[index].dx = Float(Double(steps[index].dx) * factor)
            scaled.steps[index].dy = Float(Double(steps[index].dy) * factor)
        }
        return scaled
    }
}
