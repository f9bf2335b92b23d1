extension Tensor {
    /// Whether operations on this tensor are remembered for gradients.
    public var isTracked: Bool { link != nil }

    /// The same elements, forgetting what they came from: no gradient flows through.
    public func detached() -> Tensor {
        link == nil ? self : Tensor(storage: storage, offset: offset, shape: shape)
    }

    /// The same elements as the start of a graph: gradients with respect to this tensor can be asked for.
    public func tracked() -> Tensor {
        Tensor(storage: storage, offset: offset, shape: shape, link: Link(node: Node(), output: 0))
    }

    /// The elements in another precision; gradients come back in this one.
    public func converted(to precision: Precision) -> Tensor {
        guard precision != self.precision else { return self }
        let result = precision == .single ? Tensor(values, shape: shape) : Tensor(doubles, shape: shape)
        let own = self.precision
        return result.recorded(from: self) { gradient in gradient.converted(to: own) }
    }
}
