/// What a network's initialiser gets: it names, makes and reads the parameters, and carries what a step needs beside
/// them.
///
/// One code path declares a network's parameters and reads them back: the same initialiser runs once with a binder that
/// makes the parameters, and then for every step with one that hands out views of the flat buffer. The views are
/// tracked inside a training step only, and must not outlive it.
///
/// A binder is never copied: what a copy declared or counted would be lost.
///
///     struct Classifier {
///         let cell: LSTMCell
///         let output: Dense
///         init(_ binder: inout Binder) {
///             cell = LSTMCell(inputSize: 28, hiddenSize: 150, &binder["cell"])
///             output = Dense(inputSize: 150, outputSize: 10, &binder["output"])
///         }
///     }
public struct Binder: ~Copyable {
    enum Source {
        case declaring(RandomSource)
        case reading(Storage, sink: GradientSink?)
    }

    private(set) var layout: ParameterLayout
    private(set) var values: [Float] = []
    private(set) var statistics: Parameters
    /// What the parameters of recurrent layers mean, gathered while they are declared.
    private(set) var cells: [CellDescription] = []
    private var source: Source
    private let statisticSink: StatisticSink?
    private var prefix = ""
    private var next = 0
    private var nextStatistic = 0
    private var streams: UInt64 = 0
    private let random: RandomSource?

    init(declaring random: RandomSource) {
        layout = ParameterLayout()
        statistics = Parameters(layout: layout, values: [])
        source = .declaring(random)
        statisticSink = nil
        self.random = nil
    }

    init(
        reading parameters: Parameters, statistics: Parameters, sink: GradientSink? = nil,
        statisticSink: StatisticSink? = nil, random: RandomSource? = nil
    ) {
        layout = parameters.layout
        self.statistics = statistics
        source = .reading(parameters.storage, sink: sink)
        self.statisticSink = statisticSink
        self.random = random
    }

    /// Whether this is a training step: dropout is active in these only.
    public var isTraining: Bool { random != nil }

    /// A parameter of the given shape. Names are unique within the network.
    /// - Parameter updates: Which rows, along the first axis, a training step moves.
    public mutating func weight(
        _ name: String, _ shape: [Int], initializer: Initializer = .glorotUniform, updates: RowUpdates = .dense
    ) -> Tensor {
        require(!shape.isEmpty || updates == .dense, "a scalar has no rows to be updated lazily")
        let name = prefix + name
        switch source {
        case .declaring(var random):
            require(!layout.entries.contains { $0.name == name }, "two parameters have the name \(name)")
            let made = initializer(shape: shape, random: &random)
            source = .declaring(random)
            layout.entries.append(.init(name: name, shape: shape, offset: values.count, updates: updates))
            values += made
            return Tensor(made, shape: shape)
        case .reading(let storage, let sink):
            require(next < layout.entries.count, "the network asks for more parameters than it declared: \(name)")
            let index = next
            let entry = layout.entries[index]
            require(
                entry.name == name && entry.shape == shape,
                "the network asks for \(name) \(shape) where it declared \(entry.name) \(entry.shape)")
            next += 1
            let link = (entry.isFrozen ? nil : sink).map { sink in
                Link(node: Node(parameter: GatheredGradient(sink: sink, place: index)), output: 0)
            }
            return Tensor(storage: storage, offset: entry.offset, shape: shape, link: link)
        }
    }

    /// A number or vector of the given shape that is kept beside the parameters and not trained. Names are unique among
    /// the network's statistics.
    public mutating func statistic(_ name: String, _ shape: [Int], initial: Float) -> Statistic {
        let name = prefix + name
        let index = nextStatistic
        nextStatistic += 1
        switch source {
        case .declaring:
            require(statistics[name] == nil, "two statistics have the name \(name)")
            statistics.append(name, shape: shape, values: Array(repeating: initial, count: elementCount(shape)))
        case .reading:
            let declared = statistics.layout.entries
            require(
                index < declared.count && declared[index].name == name && declared[index].shape == shape,
                "the network asks for the statistic \(name) \(shape), which it did not declare in this place")
        }
        let entry = statistics.layout.entries[index]
        return Statistic(
            value: Tensor(Array(statistics.values[entry.offset..<entry.offset + entry.count]), shape: shape),
            index: index, sink: statisticSink)
    }

    /// Says what the parameters of a cell mean that has its parameters from this binder.
    mutating func describe(_ kind: String, gates: [String] = [], forgetBias: Float? = nil, equations: String) {
        guard case .declaring = source else { return }
        cells.append(
            CellDescription(
                name: String(prefix.dropLast()), kind: kind, gates: gates, forgetBias: forgetBias, equations: equations)
        )
    }

    /// A stream of random numbers of its own for a part of the network, new at every training step; nil outside.
    public mutating func randomStream() -> RandomSource? {
        streams += 1
        return random?.stream((random?.operation ?? 0) &* 0x9E37_79B9_7F4A_7C15 &+ streams)
    }

    /// The binder for a part of the network: its parameters' names begin with the part's name and a dot.
    ///
    /// It is for passing on as `&binder["cell"]`. It cannot be kept: `let part = binder["cell"]` does not compile.
    public subscript(part: String) -> Binder {
        _read { yield self }  // the language asks for it; nothing that can be read depends on the prefix
        _modify {
            let outer = prefix
            prefix += part + "."
            yield &self
            prefix = outer
        }
    }

    /// The binder for one of several parts, `layers.0` and so on.
    public subscript(part: String, index: Int) -> Binder {
        _read { yield self }
        _modify { yield &self["\(part).\(index)"] }
    }
}
