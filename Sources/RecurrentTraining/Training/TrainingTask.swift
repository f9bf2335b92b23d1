import Recurrent

/// What a task tells the trainer: its network's loss on each batch, and how to judge it between.
///
/// One trainer serves all tasks: it makes the steps, evaluates, writes checkpoints and resumes.
public protocol TrainingTask: Sendable {
    /// The network that the task trains.
    associatedtype Network
    /// The recurrent state that is carried from batch to batch.
    associatedtype Carried: RecurrentState

    /// The number of steps of one pass over the data, at least 1.
    var stepsPerEpoch: Int { get }

    /// The number of items, such as tokens, that a step learns from.
    var itemsPerStep: Int { get }

    /// Gets ready for a pass over the data; `random` is the pass's own stream, for shuffling.
    mutating func beginEpoch(_ epoch: Int, random: RandomSource)

    /// The loss on one batch, and the recurrent state to carry to the next; nil where none is.
    ///
    /// `position` counts the batches of the pass from 0. `carried` is nil at its start, and is detached: no gradient flows from one batch into the one before.
    func loss(of network: Network, position: Int, carried: Carried?) -> (loss: Tensor, carried: Carried?)

    /// A state like those that are carried from batch to batch, by which a stored one is checked; nil where none is.
    func zeroCarried(of network: Network) -> Carried?

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

    /// No validation data.
    public func validation(of network: Network) -> Evaluation? { nil }

    /// The lowest loss.
    public var criterion: Evaluation.Criterion { .lowestLoss }
}

/// A task whose batches are independent of each other: no state is carried from one to the next.
public protocol IndependentBatchesTask: TrainingTask where Carried == NoCarriedState {
    /// The loss on one batch; `position` counts the batches of the pass from 0.
    func loss(of network: Network, position: Int) -> Tensor
}

/// The state of a task that carries none from batch to batch: there is no such value.
public enum NoCarriedState: RecurrentState {
    /// Never called.
    public func combined(with other: Self, _ combine: (Tensor, Tensor) -> Tensor) -> Self {}
}

extension IndependentBatchesTask {
    /// The loss on one batch, and nothing.
    public func loss(
        of network: Network, position: Int, carried: NoCarriedState?
    ) -> (loss: Tensor, carried: NoCarriedState?) { (loss(of: network, position: position), nil) }

    /// Nothing is carried.
    public func zeroCarried(of network: Network) -> NoCarriedState? { nil }
}
