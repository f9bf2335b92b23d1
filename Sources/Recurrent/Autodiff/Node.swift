import Synchronization

/// One output of a node: where a tracked tensor came from.
struct Link: Sendable {
    let node: Node
    let output: Int
}

extension Link: Hashable {
    static func == (one: Link, other: Link) -> Bool { one.node === other.node && one.output == other.output }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(node))
        hasher.combine(output)
    }
}

/// Memory outside the graph that gradients are gathered in, such as the flat buffer of all parameters'. Each has a place
/// there, by its number.
protocol GradientGathering: AnyObject, Sendable {
    var precision: Precision { get }

    func shape(at place: Int) -> [Int]

    /// Lets `body` write a whole gradient: it gets the memory, and whether to add to what is there.
    func write(_ place: Int, _ body: (UnsafeMutableRawPointer, Bool) -> Void)

    /// Adds the rows `[indices, width...]` to those of a gradient that `indices` name, in their order.
    func addRows(_ rows: UnsafeRawPointer, _ indices: [Int32], to place: Int)
}

/// Where a gradient is gathered.
struct GatheredGradient: Sendable {
    let sink: any GradientGathering
    let place: Int
}

/// What a recorded operation leaves behind: its inputs' origins and how gradients flow back to them.
///
/// Nodes form chains as long as a sequence of operations, so they are walked and released with a worklist, never by
/// recursion. Pull-backs hold detached tensors only; a tracked one would hide a chain from the worklist.
final class Node: @unchecked Sendable {
    private(set) var inputs: [Link?]
    /// One more than the highest input: inputs always stand below, which orders the walk back.
    let height: Int
    /// The place in the order of making: what was made before a moment has a smaller number than what was made after.
    let number = Node.made.wrappingAdd(1, ordering: .relaxed).newValue
    let outputs: Int
    let pullback: (@Sendable (inout GradientFlow) -> Void)?
    /// Where a parameter's gradient is gathered in place.
    let parameter: GatheredGradient?

    private static let made = Atomic<UInt64>(0)

    /// The number of the latest node.
    static var latest: UInt64 { made.load(ordering: .relaxed) }

    init(inputs: [Link?], outputs: Int = 1, pullback: @escaping @Sendable (inout GradientFlow) -> Void) {
        self.inputs = inputs
        self.outputs = outputs
        self.pullback = pullback
        parameter = nil
        height = 1 + inputs.reduce(0) { max($0, $1?.node.height ?? 0) }
    }

    /// The start of a graph.
    init(parameter: GatheredGradient? = nil) {
        inputs = []
        outputs = 1
        height = 0
        pullback = nil
        self.parameter = parameter
    }

    deinit {
        var pending: [Node] = []
        take(self, &pending)
        while var node = pending.popLast() {
            if isKnownUniquelyReferenced(&node) { take(node, &pending) }
        }
    }

    /// Takes a node's inputs from it, and keeps those that have inputs themselves.
    private func take(_ node: Node, _ pending: inout [Node]) {
        for case let input? in node.inputs where !input.node.inputs.isEmpty { pending.append(input.node) }
        node.inputs = []
    }
}
