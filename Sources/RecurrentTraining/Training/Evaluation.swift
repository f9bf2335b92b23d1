/// How good a network is on data.
public struct Evaluation: Sendable, Equatable {
    /// By what the best of several evaluations is known.
    public enum Criterion: Sendable, Equatable {
        /// The lowest loss.
        case lowestLoss
        /// The lowest measure of this name.
        case lowest(String)
        /// The highest measure of this name.
        case highest(String)
    }

    /// The mean loss.
    public var loss: Double
    /// What else tells how good it is, such as "accuracy", by name.
    public var measures: [String: Double]

    /// Makes an evaluation.
    public init(loss: Double, measures: [String: Double] = [:]) {
        self.loss = loss
        self.measures = measures
    }

    /// The mean of losses that are evaluated part by part; 0 where there are none.
    /// - Parameters:
    ///   - parts: What is evaluated, a part at a time.
    ///   - losses: The sum of a part's losses, and their number.
    public static func meanLoss<Part>(
        over parts: some Sequence<Part>, _ losses: (Part) throws -> (sum: Double, count: Int)
    ) rethrows -> Double {
        var (sum, count) = (0.0, 0)
        for part in parts {
            let found = try losses(part)
            sum += found.sum
            count += found.count
        }
        return sum / Double(max(1, count))
    }
}

extension Evaluation.Criterion {
    /// What is compared: the lower the better; nil where the evaluation lacks it or it is no number.
    func score(of line: HistoryLine) -> Double? {
        let score =
            switch self {
            case .lowestLoss: line.validationLoss
            case .lowest(let name): line.measures?[name]
            case .highest(let name): line.measures?[name].map { -$0 }
            }
        return score.flatMap { $0.isNaN ? nil : $0 }
    }

    /// The place of the best of the lines; of equals that with the lowest validation loss, and of these the earliest. Nil
    /// where none was validated.
    package func best(of lines: [HistoryLine]) -> Int? {
        let scores = lines.enumerated().compactMap { place, line in
            score(of: line).map { (place: place, score: $0, loss: line.validationLoss ?? .infinity) }
        }
        return scores.min { ($0.score, $0.loss) < ($1.score, $1.loss) }?.place
    }
}
