extension Tensor {
    /// An operation of one's own, with its gradient.
    ///
    /// `forward` receives the inputs detached, and gives the result and the pull-back: from the gradient of the result
    /// to the gradient of every input, or nil for an input that has none. The pull-back must use what `forward`
    /// received, never the tracked tensors outside: it would tie the graph to itself.
    ///
    ///     let doubled = Tensor.operation([x]) { inputs in
    ///         (inputs[0] * 2, { gradient in [gradient * 2] })
    ///     }
    public static func operation(
        _ inputs: [Tensor],
        _ forward: ([Tensor]) -> (result: Tensor, pullback: @Sendable (Tensor) -> [Tensor?])
    ) -> Tensor {
        let (result, pullback) = forward(inputs.map { $0.detached() })
        let links = inputs.map(\.link)
        guard links.contains(where: { $0 != nil }) else { return result.detached() }
        let shapes = inputs.map(\.shape)
        return result.detached().recorded(inputs: links) { flow in
            let gradients = pullback(flow.gradient)
            require(
                gradients.count == shapes.count,
                "a pull-back gave \(gradients.count) gradients for \(shapes.count) inputs")
            for (index, gradient) in gradients.enumerated() {
                guard let gradient else { continue }
                require(
                    gradient.shape == shapes[index],
                    "a pull-back gave a gradient of shape \(gradient.shape) for an input of shape \(shapes[index])")
                flow.add(gradient.detached(), to: index)
            }
        }
    }
}
