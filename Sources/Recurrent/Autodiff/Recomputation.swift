/// What `body` makes of some tensors, keeping nothing of how: to walk back, `body` is run again.
///
/// Memory is then that of the inputs and results alone, for the time of one more `body`. Values and gradients are those
/// of `body(inputs)`, its use of tensors from outside (weights, say) included. `body` must do the same every time; it
/// is kept, with what it refers to, as long as the results can be walked back from. T. Chen et al., "Training deep nets
/// with sublinear memory cost", 2016.
///
///     let hidden = recomputed([x]) { [second.unroll(first.unroll($0[0]).outputs).outputs] }[0]
public func recomputed(_ inputs: [Tensor], _ body: @escaping @Sendable ([Tensor]) -> [Tensor]) -> [Tensor] {
    recomputed(inputs) { (body($0), ()) }.results
}

/// As above, for a body that also gives something else, which must hold no tracked tensors.
func recomputed<Other>(
    _ inputs: [Tensor], _ body: @escaping @Sendable ([Tensor]) -> (results: [Tensor], other: Other)
) -> (results: [Tensor], other: Other) {
    let wanted = inputs.map(\.isTracked)
    let starts = inputs.map { $0.detached() }
    let (results, taken, other) = {
        let run = RecordedRun(of: body, at: starts, tracking: wanted)
        let results = run.results.map { ($0.detached().withoutSurroundings(), $0.isTracked) }
        return (results, run.takenFromOutside(), run.other)
    }()
    guard results.contains(where: \.1) else { return (results.map(\.0), other) }
    let node = Node(inputs: inputs.map(\.link) + taken, outputs: results.count) { flow in
        let run = RecordedRun(of: body, at: starts, tracking: wanted)
        require(
            run.results.map(\.shape) == results.map(\.0.shape),
            "what is computed again has the shapes \(run.results.map(\.shape)); at first \(results.map(\.0.shape))")
        let ends = zip(run.results, flow.outputs).compactMap { result, gradient in
            if let link = result.link, let gradient { (link: link, gradient: gradient) } else { nil }
        }
        var walk = Walk(from: ends, gathersParameters: flow.gathersParameters, border: run.border)
        walk.run()
        for (index, origin) in flow.origins.enumerated() {
            guard let link = index < starts.count ? run.inputs[index].link : origin else { continue }
            if let gradient = walk.gradient(of: link) { flow.add(gradient, to: index) }
        }
    }
    let linked = results.enumerated().map { index, result in
        result.1 ? result.0.linked(to: node, output: index) : result.0
    }
    return (linked, other)
}

/// A computation recorded on its own: its inputs are starts of a graph.
private struct RecordedRun<Other> {
    let inputs: [Tensor]
    let results: [Tensor]
    let other: Other
    /// The latest node that was there before.
    let border: UInt64

    init(of body: ([Tensor]) -> (results: [Tensor], other: Other), at inputs: [Tensor], tracking wanted: [Bool]) {
        border = Node.latest
        self.inputs = zip(inputs, wanted).map { $1 ? $0.tracked() : $0 }
        (results, other) = body(self.inputs)
    }

    /// Where the tracked tensors came from that were there before.
    func takenFromOutside() -> [Link] {
        var seen: Set<Link> = []
        var taken: [Link] = []
        var pending = results.compactMap(\.link)
        while let link = pending.popLast() {
            guard seen.insert(link).inserted else { continue }
            if link.node.number <= border {
                taken.append(link)
            } else {
                pending += link.node.inputs.compactMap(\.self)
            }
        }
        return taken
    }
}

extension Tensor {
    /// The same elements in memory of their own where they are a part of a larger tensor, which would be kept with
    /// them.
    fileprivate func withoutSurroundings() -> Tensor {
        guard count < storage.count else { return self }
        let own = Tensor(uninitialized: shape, precision: precision)
        own.pointerForWriting.copyMemory(from: pointer, byteCount: count * precision.scalarBytes)
        return own
    }
}
