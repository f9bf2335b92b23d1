/// The state that a cell carries from one time step to the next: one tensor, or several with names.
///
/// A state of several parts combines each with the other's part:
///
///     struct PairState: RecurrentState {
///         var a, b: Tensor
///         func combined(with other: Self, _ combine: (Tensor, Tensor) -> Tensor) -> Self {
///             PairState(a: combine(a, other.a), b: combine(b, other.b))
///         }
///     }
public protocol RecurrentState: Sendable {
    /// The state whose parts are those of this one and the other's, combined in the order of declaration.
    func combined(with other: Self, _ combine: (Tensor, Tensor) -> Tensor) -> Self

    /// The state with every hidden part replaced: every part that the next step's products read. These are all parts
    /// where a state does not say otherwise; an LSTM's cell state is none.
    func mapHidden(_ transform: (Tensor) -> Tensor) -> Self
}

extension RecurrentState {
    /// The state with every part replaced: all parts are hidden ones.
    public func mapHidden(_ transform: (Tensor) -> Tensor) -> Self { map(transform) }

    /// The state with every part replaced.
    public func map(_ transform: (Tensor) -> Tensor) -> Self { combined(with: self) { part, _ in transform(part) } }

    /// The parts in order.
    public var tensors: [Tensor] {
        var parts: [Tensor] = []
        _ = map { part in
            parts.append(part)
            return part
        }
        return parts
    }

    /// The state cut off from what it came from, to be carried into the next training step.
    public func detached() -> Self { map { $0.detached() } }

    /// The parts side by side, `[batch, sum of the widths]`: TensorFlow's state with `state_is_tuple=False`.
    ///
    /// Every part is `[batch, width]`; the widths may differ.
    public func concatenated() -> Tensor {
        let parts = tensors
        for part in parts {
            require(part.rank == 2, "a part of shape \(part.shape) in a state whose parts are [batch, width]")
        }
        return .concatenated(parts, axis: 1)
    }

    /// Takes apart what `concatenated()` put together.
    /// - Parameters:
    ///   - vector: `[batch, sum of the widths]`.
    ///   - state: A state whose parts have the widths, such as a cell's `zeroState`.
    public init(concatenated vector: Tensor, like state: Self) {
        let widths = state.tensors.map { $0.shape.last ?? 1 }
        require(
            vector.rank == 2 && vector.shape[1] == widths.reduce(0, +),
            "a vector of shape \(vector.shape) for a state of the widths \(widths)")
        var parts = vector.split(axis: 1, widths)[...]
        self = state.map { _ in parts.removeFirst() }
    }
}

extension Tensor: RecurrentState {
    /// The combination of two tensors: a tensor is a state of one part.
    public func combined(with other: Tensor, _ combine: (Tensor, Tensor) -> Tensor) -> Tensor { combine(self, other) }
}

/// The state of an LSTM: `[batch, hidden]` each; `h` is `[batch, projected]` with projection.
public struct LSTMState: RecurrentState {
    /// The cell state, the long-term memory.
    public var c: Tensor
    /// The hidden state, which is also the output.
    public var h: Tensor

    /// Makes a state of its two parts.
    public init(c: Tensor, h: Tensor) {
        self.c = c
        self.h = h
    }

    /// The combination of the cell states and of the hidden states.
    public func combined(with other: LSTMState, _ combine: (Tensor, Tensor) -> Tensor) -> LSTMState {
        LSTMState(c: combine(c, other.c), h: combine(h, other.h))
    }

    /// The state with its hidden state replaced; the cell state stays.
    public func mapHidden(_ transform: (Tensor) -> Tensor) -> LSTMState { LSTMState(c: c, h: transform(h)) }
}
