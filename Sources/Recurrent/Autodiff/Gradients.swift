/// The gradients of a scalar with respect to tensors: to each, a tensor of its shape.
///
/// Any tracked tensor may be asked for, also one in the middle of the computation. A tensor that the scalar does not
/// depend on gets zeros.
public func gradients(of loss: Tensor, withRespectTo tensors: [Tensor]) -> [Tensor] {
    require(loss.count == 1, "a gradient is taken of a scalar, not of a tensor of shape \(loss.shape)")
    for tensor in tensors {
        require(tensor.isTracked, "a gradient can be had with respect to a tracked tensor only: call tracked()")
    }
    guard let link = loss.link else { return tensors.map { .zeros($0.shape, precision: $0.precision) } }
    let seed = Tensor.ones(loss.shape, precision: loss.precision)
    var walk = Walk(from: [(link, seed)], keeping: tensors.compactMap(\.link), gathersParameters: false)
    walk.run()
    return tensors.map { tensor in
        tensor.link.flatMap { walk.gradient(of: $0) } ?? .zeros(tensor.shape, precision: tensor.precision)
    }
}

/// Gathers the gradients of all parameters that a scalar depends on in their sink.
func gatherParameterGradients(of loss: Tensor) {
    guard let link = loss.link else { return }
    let seed = Tensor.ones(loss.shape, precision: loss.precision)
    var walk = Walk(from: [(link, seed)], gathersParameters: true)
    walk.run()
}

/// One walk from results back to what they came from, highest node first.
struct Walk {
    private var nodes: [Node] = []
    private var places: [ObjectIdentifier: Int] = [:]
    /// The sums so far of all nodes' outputs, node by node, and where each node's begin.
    private var gradients: [Tensor?] = []
    private var begins: [Int] = []
    private var kept: Set<ObjectIdentifier>
    /// Whether the parameters' gradients go to their sink; otherwise they are had like any tensor's.
    private let gathersParameters: Bool
    /// Nodes up to this number are ends of the walk, as if they had no inputs.
    private let border: UInt64

    /// - Parameters:
    ///   - results: Where the walk begins, and the gradients there.
    ///   - targets: Tensors whose gradients are asked for afterwards; ends of the walk need not be among them.
    ///   - gathersParameters: Whether the parameters' gradients go to their sink.
    ///   - border: The number of the latest node that is not walked through.
    init(
        from results: [(link: Link, gradient: Tensor)], keeping targets: [Link] = [], gathersParameters: Bool,
        border: UInt64 = 0
    ) {
        self.gathersParameters = gathersParameters
        self.border = border
        kept = Set(targets.map { ObjectIdentifier($0.node) })
        places.reserveCapacity(32)
        var pending: [Node] = []
        for (link, _) in results where places.updateValue(0, forKey: ObjectIdentifier(link.node)) == nil {
            pending.append(link.node)
        }
        while let node = pending.popLast() {
            nodes.append(node)
            guard node.number > border else { continue }
            for case let input? in node.inputs {
                // What is gathered elsewhere needs no place here.
                if gathersParameters && input.node.parameter != nil { continue }
                if places.updateValue(0, forKey: ObjectIdentifier(input.node)) == nil { pending.append(input.node) }
            }
        }
        nodes.sort { $0.height > $1.height }
        begins.reserveCapacity(nodes.count)
        var count = 0
        for (place, node) in nodes.enumerated() {
            places[ObjectIdentifier(node)] = place
            begins.append(count)
            count += node.outputs
        }
        gradients = Array(repeating: nil, count: count)
        for (link, gradient) in results {
            let place = place(of: link)
            gradients[place] = gradients[place].map { $0 + gradient } ?? gradient
        }
    }

    private func place(of link: Link) -> Int {
        begins[places[ObjectIdentifier(link.node)].unsafelyUnwrapped] + link.output
    }

    func gradient(of link: Link) -> Tensor? {
        places[ObjectIdentifier(link.node)].flatMap { gradients[begins[$0] + link.output] }
    }

    mutating func run() {
        for (node, begin) in zip(nodes, begins) {
            let own = begin..<begin + node.outputs
            guard let pullback = node.pullback, node.number > border, gradients[own].contains(where: { $0 != nil })
            else { continue }
            let outputs = Array(gradients[own])
            if !kept.contains(ObjectIdentifier(node)) { for place in own { gradients[place] = nil } }
            var flow = GradientFlow(node: node, outputs: outputs, gathersParameters: gathersParameters)
            flow.takeSums { input in
                let place = self.place(of: input)
                let sum = gradients[place]
                gradients[place] = nil
                return sum
            }
            pullback(&flow)
            flow.giveSums { input, sum in gradients[self.place(of: input)] = sum }
        }
    }
}

/// One node's step of the walk: the gradients of its outputs, and where those of its inputs go.
struct GradientFlow {
    private let node: Node
    /// The gradient of every output; nil where nothing depends on it.
    let outputs: [Tensor?]
    /// Whether the parameters' gradients go to their sink.
    let gathersParameters: Bool
    private var sums: [Tensor?]
    /// What kernels write in place while the pull-back runs, added to the sums after it.
    private var written: [(input: Int, gradient: Tensor)] = []

    init(node: Node, outputs: [Tensor?], gathersParameters: Bool) {
        self.node = node
        self.outputs = outputs
        self.gathersParameters = gathersParameters
        sums = Array(repeating: nil, count: node.inputs.count)
    }

    /// The gradient of an operation's only output.
    var gradient: Tensor { outputs[0].unsafelyUnwrapped }

    /// Whether the input's gradient is wanted.
    func wants(_ input: Int) -> Bool { node.inputs[input] != nil }

    /// Where every input came from.
    var origins: [Link?] { node.inputs }

    private func gathered(_ input: Link) -> GatheredGradient? { gathersParameters ? input.node.parameter : nil }

    fileprivate mutating func takeSums(_ take: (Link) -> Tensor?) {
        for (index, input) in node.inputs.enumerated() {
            guard let input, gathered(input) == nil else { continue }
            // An operation may use one tensor twice: the sum so far goes with its first use.
            sums[index] = take(input)
        }
    }

    fileprivate mutating func giveSums(_ give: (Link, Tensor) -> Void) {
        for (input, gradient) in written { sums[input] = sums[input].map { $0 + gradient } ?? gradient }
        for (index, input) in node.inputs.enumerated() {
            guard let input, var sum = sums[index] else { continue }
            for later in sums.indices where later > index && node.inputs[later] == input {
                guard let more = sums[later] else { continue }
                sum = sum + more
                sums[later] = nil
            }
            give(input, sum)
        }
        sums = []
    }

    /// Adds to an input's gradient.
    mutating func add(_ gradient: @autoclosure () -> Tensor, to input: Int) {
        guard let link = node.inputs[input] else { return }
        let gradient = gradient()
        if gathered(link) != nil {
            accumulate(into: input, shape: gradient.shape, precision: gradient.precision) { pointer, adds in
                if adds {
                    gradient.kernels.add_scaled(pointer, gradient.pointer, 1, Int64(gradient.count))
                } else {
                    pointer.copyMemory(
                        from: gradient.pointer, byteCount: gradient.count * gradient.precision.scalarBytes)
                }
            }
        } else if let sum = sums[input] {
            sums[input] = sum + gradient
        } else {
            sums[input] = gradient
        }
    }

    /// Lets a kernel write an input's gradient in place: `body` gets the memory, and whether to add to what is there.
    /// The memory stays valid, and may still be written, until the pull-back returns.
    mutating func accumulate(
        into input: Int, shape: [Int], precision: Precision, _ body: (UnsafeMutableRawPointer, Bool) -> Void
    ) {
        guard let link = node.inputs[input] else { return }
        if let gathered = gathered(link) {
            let expected = gathered.sink.shape(at: gathered.place)
            require(
                elementCount(shape) == elementCount(expected) && precision == gathered.sink.precision,
                "a gradient of shape \(shape) for a parameter of shape \(expected)")
            gathered.sink.write(gathered.place, body)
            return
        }
        // What stands there may be shared with other tensors: a fresh buffer, and one addition, keep them whole.
        let fresh = Tensor(uninitialized: shape, precision: precision)
        body(fresh.pointerForWriting, false)
        written.append((input, fresh))
    }

    /// Adds rows to those of an input's gradient, of the given shape, that `indices` name, in their order.
    mutating func addRows(_ rows: Tensor, _ indices: [Int32], shape: [Int], to input: Int) {
        if let link = node.inputs[input], let gathered = gathered(link),
            gathered.sink.shape(at: gathered.place) == shape, rows.precision == gathered.sink.precision
        {
            gathered.sink.addRows(rows.pointer, indices, to: gathered.place)
            return
        }
        accumulate(into: input, shape: shape, precision: rows.precision) { pointer, adds in
            if !adds { rows.kernels.fill(pointer, 0, Int64(elementCount(shape))) }
            rows.kernels.scatter_add_rows(
                rows.pointer, indices, Int64(indices.count), Int64(elementCount(Array(shape.dropFirst()))), pointer)
        }
    }
}

extension Tensor {
    /// This result of an operation on one input, remembering how gradients flow back when the input is tracked.
    func recorded(from input: Tensor, pullback: @escaping @Sendable (Tensor) -> Tensor) -> Tensor {
        guard let link = input.link else { return self }
        return recorded(inputs: [link]) { flow in
            let gradient = flow.gradient
            flow.add(pullback(gradient), to: 0)
        }
    }

    /// This result, remembering its inputs' origins, of which at least one is there.
    func recorded(inputs: [Link?], pullback: @escaping @Sendable (inout GradientFlow) -> Void) -> Tensor {
        linked(to: Node(inputs: inputs, pullback: pullback), output: 0)
    }

    /// This tensor as an output of a node.
    func linked(to node: Node, output: Int) -> Tensor {
        Tensor(storage: storage, offset: offset, shape: shape, link: Link(node: node, output: output))
    }
}
