extension LearningRateSchedule: CustomStringConvertible, Codable {
    private static let expected =
        "constant, exponential:STEPS:FACTOR, step:STEPS:FACTOR, cosine:STEPS or cosine:STEPS:FLOOR, "
        + "or warm-up:STEPS+ before one of these"

    /// Reads a schedule: `constant`, `exponential:1000:0.96` (times 0.96 in every 1000 steps, smoothly),
    /// `step:1000:0.5` (halved every 1000 steps), `cosine:10000` (to 0 in 10000 steps), `cosine:10000:0.1` (to a tenth
    /// of the rate), or one of these after a warm-up, `warm-up:500+cosine:10000`.
    ///
    /// - Throws: `RecurrentError` with what was found and what was expected.
    public init(_ text: String) throws {
        let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        do {
            let warmUpSteps = parts.count == 2 ? try Self.warmUpSteps(parts[0]) : 0
            self.init(try Self.decay(parts[parts.count - 1]), warmUpSteps: warmUpSteps)
        } catch {
            throw RecurrentError("learning-rate schedule \"\(text.prefix(80))\": \(error)")
        }
    }

    /// The schedule as the text that it can be read from.
    public var description: String {
        let warmUp = warmUpSteps == 0 ? "" : "warm-up:\(warmUpSteps)+"
        switch decay {
        case .constant: return warmUp + "constant"
        case .exponential(let steps, let factor): return warmUp + "exponential:\(steps):\(factor)"
        case .step(let steps, let factor): return warmUp + "step:\(steps):\(factor)"
        case .cosine(let steps, let floor): return warmUp + "cosine:\(steps)" + (floor == 0 ? "" : ":\(floor)")
        }
    }

    /// Reads the schedule's text.
    ///
    /// - Throws: `RecurrentError` with what was found and what was expected.
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the schedule's text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    private static func warmUpSteps(_ text: Substring) throws -> Int {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 2, fields[0] == "warm-up" else {
            throw RecurrentError("found \"\(text)\" before the \"+\"; expected warm-up:STEPS")
        }
        return try steps(fields[1])
    }

    private static func decay(_ text: Substring) throws -> Decay {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        switch (fields[0], fields.count) {
        case ("constant", 1): return .constant
        case ("exponential", 3): return .exponential(steps: try steps(fields[1]), factor: try factor(fields[2]))
        case ("step", 3): return .step(steps: try steps(fields[1]), factor: try factor(fields[2]))
        case ("cosine", 2): return .cosine(steps: try steps(fields[1]))
        case ("cosine", 3): return .cosine(steps: try steps(fields[1]), floor: try floor(fields[2]))
        default: throw RecurrentError("found \"\(text)\"; expected \(expected)")
        }
    }

    private static func steps(_ text: Substring) throws -> Int {
        guard let steps = Int(text), steps >= 1 else {
            throw RecurrentError("found \"\(text)\" steps; expected a whole number of 1 or more")
        }
        return steps
    }

    private static func factor(_ text: Substring) throws -> Float {
        guard let factor = Float(text), factor > 0, factor <= 1 else {
            throw RecurrentError("found the factor \"\(text)\"; expected a number of more than 0 and at most 1")
        }
        return factor
    }

    private static func floor(_ text: Substring) throws -> Float {
        guard let floor = Float(text), floor >= 0, floor <= 1 else {
            throw RecurrentError("found the floor \"\(text)\"; expected a number from 0 to 1")
        }
        return floor
    }
}
