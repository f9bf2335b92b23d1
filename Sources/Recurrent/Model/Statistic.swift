import Synchronization

/// A number or vector that a network keeps beside its parameters and that is not trained, such as the running mean of
/// batch normalisation.
///
/// Made by `Binder.statistic`; named, stored and resumed as parameters are.
public struct Statistic: Sendable {
    /// What the names of statistics begin with in a file of a model or a run, beside those of parameters.
    package static let filePrefix = "statistic/"

    /// What it is before this step, untracked.
    public let value: Tensor
    private let index: Int
    private let sink: StatisticSink?

    init(value: Tensor, index: Int, sink: StatisticSink?) {
        self.value = value
        self.index = index
        self.sink = sink
    }

    /// Replaces the value once this training step is done; of several in one step the last counts. Outside training,
    /// and where the step's loss or gradients are not finite, the value stays.
    public func update(_ new: Tensor) {
        require(
            new.shape == value.shape, "a statistic of shape \(value.shape) cannot be replaced by one of \(new.shape)")
        sink?.replace(index, by: new.values)
    }
}

/// What a training step makes of the statistics.
final class StatisticSink: Sendable {
    private struct State {
        var replaced: [Int: [Float]] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    func replace(_ index: Int, by values: [Float]) {
        state.withLock { if !$0.isClosed { $0.replaced[index] = values } }
    }

    /// From here on nothing is replaced any more.
    func close() { state.withLock { $0.isClosed = true } }

    func write(to statistics: inout Parameters) {
        for (index, values) in state.withLock({ $0.replaced }) {
            statistics.set(statistics.layout.entries[index].name, to: values)
        }
    }
}
