import Recurrent

/// What a task tells the trainer: its network's loss on each batch, and how to judge it between.
///
/// One trainer serves all tasks: it makes the steps, evaluates, writes checkpoints and resumes.
public protocol TrainingTask: Sendable {
    /// The network that the task trains.
    associatedtype Network

    /// The number of steps of one pass over the data, at least 1.
    var stepsPerEpoch: Int { get }

    /// The number of items, such as tokens, that a step learns from.
    var itemsPerStep: Int { get }

    /// Gets ready for a pass over the data; `random` is the pass's own stream, for shuffling.
    mutating func beginEpoch(_ epoch: Int, random: RandomSource)

    /// The loss on one batch, and the recurrent state to carry to the next, detached; empty where none is carried.
    ///
    /// `position` counts the batches of the pass from 0; `carried` is empty at its start.
    func loss(of network: Network, position: Int, carried: [Tensor]) -> (loss: Tensor, carried: [Tensor])

    /// The shapes of the recurrent state that is carried from batch to batch; empty where none is.
    func carriedShapes(of network: Network) -> [[Int]]

    /// How good the network is on the validation data, or nil where there is none.
    ///
    /// - Throws: `RecurrentError` where the network cannot be judged because its weights are no numbers.
    func validation(of network: Network) throws -> Evaluation?

    /// By what the best of several evaluations is known.
    var criterion: Evaluation.Criterion { get }
}

extension TrainingTask {
    /// Nothing to get ready.
    public mutating func beginEpoch(_ epoch: Int, random: RandomSource) {}

    /// Nothing is carried.
    public func carriedShapes(of network: Network) -> [[Int]] { [] }

    /// No validation data.
    public func validation(of network: Network) -> Evaluation? { nil }

    /// The lowest loss.
    public var criterion: Evaluation.Criterion { .lowestLoss }
}
