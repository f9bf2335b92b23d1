import Recurrent

/// How composed lines are written, and how far one differs from another.
///
/// Lengths are in heights of an x; a deviation is the standard deviation of a normal distribution, cut off at two.
public struct WritingStyle: Equatable, Codable, Sendable {
    /// The distance of two points of the pen at full speed. Curves, corners and the ends of strokes are slower.
    package var pointSpacing = 0.3
    /// How far letters lean to the right: the tangent of the angle.
    public var slant = 0.08
    /// How far the slant differs from line to line.
    package var slantDeviation = 0.1
    /// How far the logarithm of the size differs from line to line.
    package var sizeDeviation = 0.08
    /// How far the logarithm of the width of letters differs from line to line.
    package var widthDeviation = 0.07
    /// How far the logarithm of the speed differs from line to line.
    package var speedDeviation = 0.08
    /// How far the distance of letters differs, from line to line and from letter to letter.
    package var spacingDeviation = 0.04
    /// How far the line as a whole is turned, in radians.
    package var rotationDeviation = 0.015
    /// How far the height that letters stand on wanders.
    package var baselineDeviation = 0.04
    /// How far a letter's size, width and slant differ from those of its line.
    package var letterDeviation = 0.05
    /// How far a letter's parts are bent away from the font's.
    package var bendDeviation = 0.03
    /// How far single points tremble.
    package var tremorDeviation = 0.006

    /// Makes the natural style.
    public init() {}

    /// The same with all deviations multiplied: 0 writes every line alike.
    public func varied(by factor: Double) -> WritingStyle {
        var style = self
        for deviation in Self.deviations { style[keyPath: deviation] *= factor }
        return style
    }

    /// Checks every number.
    ///
    /// - Throws: `RecurrentError` where one is out of its range.
    public func validate() throws {
        guard pointSpacing >= 0.01, pointSpacing <= 10, abs(slant) <= 2,
            Self.deviations.allSatisfy({ (0...1).contains(self[keyPath: $0]) })
        else {
            throw RecurrentError(
                "the writing style is \(self); expected points 0.01 to 10 apart, a slant from -2 to 2 and deviations "
                    + "from 0 to 1")
        }
    }

    private static var deviations: [WritableKeyPath<WritingStyle, Double>] {
        [
            \.slantDeviation, \.sizeDeviation, \.widthDeviation, \.speedDeviation, \.spacingDeviation,
            \.rotationDeviation, \.baselineDeviation, \.letterDeviation, \.bendDeviation, \.tremorDeviation,
        ]
    }
}
