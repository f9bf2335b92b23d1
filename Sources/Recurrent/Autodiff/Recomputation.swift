/// What `body` makes of some tensors, keeping nothing of how: to walk back, `body` is run again.
///
/// Memory is then that of the inputs and results alone, for the time of one more `body`. Values and gradients are those
/// of `body(inputs)`, its use of tensors from outside (weights, say) included. `body` must do the same every time; it is
/// kept, with what it refers to, as long as the results can be walked back from. T. Chen et al., "Training deep nets with
/// sublinear memory cost", 2016.
///
///     let hidden = recomputed([x]) { [second.unroll(first.unroll($0[0]).outputs).outputs] }[0]
public func recomputed(_ inputs: [Tensor], _ body: @escaping @Sendable ([Tensor]) -> [Tensor]) -> [Tensor] {
    let wanted = inputs.map(\.isTracked)
    let starts = inputs.map { $0.detached() }
    let (results, taken) = {
        let run = RecordedRun(of: body, at: starts, tracking: wanted)
        return (run.results.map { ($0.detached().withoutSurroundings(), $0.isTracked) }, run.takenFromOutside())
    }()
    guard results.contains(where: \.1) else { return results.map(\.0) }
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
    return results.enumerated().map { index, result in
        result.1 ? result.0.linked(to: node, output: index) : result.0
    }
}

/// A computation recorded on its own: its inputs are starts of a graph.
private struct RecordedRun {
    let inputs: [Tensor]
    let results: [Tensor]
    /// The latest node that was there before.
    let border: UInt64

    init(of body: ([Tensor]) -> [Tensor], at inputs: [Tensor], tracking wanted: [Bool]) {
        border = Node.latest
        self.inputs = zip(inputs, wanted).map { $1 ? $0.tracked() : $0 }
        results = body(self.inputs)
    }

    /// Where the tracked tensors came from that were there before.
    func takenFromOutside() -> [Link] {
        struct Place: Hashable {
            let node: ObjectIdentifier
            let output: Int
        }
        var seen: Set<Place> = []
        var taken: [Link] = []
        var pending = results.compactMap(\.link)
        while let link = pending.popLast() {
            guard seen.insert(Place(node: ObjectIdentifier(link.node), output: link.output)).inserted else { continue }
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
    /// The same elements in memory of their own where they are a part of a larger tensor, which would be kept with them.
    fileprivate func withoutSurroundings() -> Tensor {
        guard count < storage.count else { return self }
        let own = Tensor(uninitialized: shape, precision: precision)
        own.pointer.copyMemory(from: pointer, byteCount: count * precision.scalarBytes)
        return own
    }
}
