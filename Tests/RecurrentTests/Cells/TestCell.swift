import TestSupport
import Testing

@testable import Recurrent

/// A built-in cell with its options, made from tensors by name: the names of the fixtures.
struct TestCell: Sendable, CustomTestStringConvertible {
    enum Kind: Sendable { case tanh, relu, lstm, resetAfter, resetBefore }

    var kind: Kind
    var forgetBias: Float = 0
    var peepholes = false
    var projected = false
    var cellClip: Float?
    var gradientClip: Float?

    static let all: [TestCell] = [
        TestCell(kind: .tanh), TestCell(kind: .relu), TestCell(kind: .tanh, gradientClip: 0.1),
        TestCell(kind: .relu, gradientClip: 0.1),
        TestCell(kind: .lstm), TestCell(kind: .lstm, forgetBias: 1), TestCell(kind: .lstm, peepholes: true),
        TestCell(kind: .lstm, projected: true), TestCell(kind: .lstm, cellClip: 0.3),
        TestCell(kind: .lstm, gradientClip: 0.05), TestCell(kind: .lstm, peepholes: true, projected: true),
        TestCell(kind: .lstm, forgetBias: 1, peepholes: true, projected: true, cellClip: 0.3, gradientClip: 0.05),
        TestCell(kind: .resetAfter), TestCell(kind: .resetAfter, gradientClip: 0.05),
        TestCell(kind: .resetBefore), TestCell(kind: .resetBefore, gradientClip: 0.05),
    ]

    var testDescription: String {
        var parts = ["\(kind)"]
        if forgetBias != 0 { parts.append("forgetBias \(forgetBias)") }
        if peepholes { parts.append("peepholes") }
        if projected { parts.append("projection") }
        if let cellClip { parts.append("cellClip \(cellClip)") }
        if let gradientClip { parts.append("gradientClip \(gradientClip)") }
        return parts.joined(separator: ", ")
    }

    /// Sizes of a problem; a projected state has about half of the hidden units.
    struct Size: Sendable {
        var time = 4
        var batch = 3
        var input = 3
        var hidden = 4
        var projected: Int { (hidden + 1) / 2 }
    }

    var gates: Int {
        switch kind {
        case .tanh, .relu: 1
        case .lstm: 4
        case .resetAfter, .resetBefore: 3
        }
    }

    func outputSize(_ size: Size) -> Int { projected ? size.projected : size.hidden }

    /// The names and shapes of everything the cell computes from, the sequence first.
    func shapes(_ size: Size, initialState: Bool = true) -> [(name: String, shape: [Int])] {
        let hidden = size.hidden
        let output = outputSize(size)
        var all: [(name: String, shape: [Int])] = [
            ("x", [size.time, size.batch, size.input]), ("inputWeight", [size.input, gates * hidden]),
            ("recurrentWeight", [output, gates * hidden]), ("bias", [gates * hidden]),
        ]
        if kind == .resetAfter { all.append(("recurrentBias", [hidden])) }
        if peepholes { all.append(("peepholes", [3 * hidden])) }
        if projected { all.append(("projection", [hidden, output])) }
        if initialState { all.append(("initialHidden", [size.batch, output])) }
        if initialState && kind == .lstm { all.append(("initialCell", [size.batch, hidden])) }
        return all
    }

    /// Random tensors of these shapes, weights scaled so that states stay about 1.
    func tensors(
        _ size: Size, seed: UInt64 = 1, initialState: Bool = true, precision: Precision = .double
    ) -> [String: Tensor] {
        var all: [String: Tensor] = [:]
        for (index, (name, shape)) in shapes(size, initialState: initialState).enumerated() {
            let scale = name == "x" ? 1 : name == "recurrentWeight" ? 1 / Float(size.hidden).squareRoot() : 0.6
            all[name] = noise(shape, seed &* 100 &+ UInt64(index), scale: scale, precision: precision)
        }
        return all
    }

    /// A cell of whatever kind, with its state as one or two tensors, h first.
    func unroll(
        _ tensors: [String: Tensor], lengths: [Int]? = nil, direction: Direction = .forward, stepwise: Bool = false
    ) -> (outputs: Tensor, state: [Tensor]) {
        func run<C: RecurrentCell>(_ cell: C, _ state: C.State?) -> Unrolled<C.State> {
            stepwise
                ? cell.unrollStepwise(tensors["x"]!, initialState: state, lengths: lengths, direction: direction)
                : cell.unroll(tensors["x"]!, from: state, lengths: lengths, direction: direction)
        }
        let hidden = tensors["initialHidden"]
        switch kind {
        case .tanh, .relu:
            let result = run(basic(tensors), hidden)
            return (result.outputs, [result.state])
        case .resetAfter, .resetBefore:
            let result = run(gru(tensors), hidden)
            return (result.outputs, [result.state])
        case .lstm:
            let result = run(lstm(tensors), hidden.map { LSTMState(c: tensors["initialCell"]!, h: $0) })
            return (result.outputs, [result.state.h, result.state.c])
        }
    }

    func basic(_ tensors: [String: Tensor]) -> BasicRNNCell {
        BasicRNNCell(
            inputWeight: tensors["inputWeight"]!, recurrentWeight: tensors["recurrentWeight"]!,
            bias: tensors["bias"]!, activation: kind == .tanh ? .tanh : .relu, gradientClip: gradientClip)
    }

    func gru(_ tensors: [String: Tensor]) -> GRUCell {
        GRUCell(
            inputWeight: tensors["inputWeight"]!, recurrentWeight: tensors["recurrentWeight"]!,
            bias: tensors["bias"]!, recurrentBias: tensors["recurrentBias"], gradientClip: gradientClip)
    }

    func lstm(_ tensors: [String: Tensor]) -> LSTMCell {
        LSTMCell(
            inputWeight: tensors["inputWeight"]!, recurrentWeight: tensors["recurrentWeight"]!,
            bias: tensors["bias"]!, peepholes: tensors["peepholes"], projection: tensors["projection"],
            forgetBias: forgetBias, cellClip: cellClip, gradientClip: gradientClip)
    }

    /// The initial state among the tensors, of `any`'s cell.
    func initialState(_ tensors: [String: Tensor]) -> AnyCell.State {
        let hidden = tensors["initialHidden"]!
        let isLSTM = kind == .lstm
        return AnyCell.State(wrapped: isLSTM ? LSTMState(c: tensors["initialCell"]!, h: hidden) : hidden)
    }

    /// Any cell, so that tests need not know its kind.
    func any(_ tensors: [String: Tensor]) -> AnyCell {
        switch kind {
        case .tanh, .relu: AnyCell(basic(tensors))
        case .resetAfter, .resetBefore: AnyCell(gru(tensors))
        case .lstm: AnyCell(lstm(tensors))
        }
    }
}

/// Which results a loss depends on.
enum Ends: Sendable, CaseIterable { case outputs, states, both }

/// Outputs, states and the gradients of all tensors, by name.
func results(
    of cell: TestCell, _ tensors: [String: Tensor], lengths: [Int]?, direction: Direction, stepwise: Bool,
    ends: Ends = .both
) -> [String: Tensor] {
    let tracked = tensors.mapValues { $0.tracked() }
    let (outputs, state) = cell.unroll(tracked, lengths: lengths, direction: direction, stepwise: stepwise)
    var loss: Tensor?
    if ends != .states { loss = weighted(outputs, 11) }
    if ends != .outputs {
        for (index, part) in state.enumerated() {
            let term = weighted(part, 12 + UInt64(index))
            loss = loss.map { $0 + term } ?? term
        }
    }
    let names = tensors.keys.sorted()
    let found = gradients(of: loss!, withRespectTo: names.map { tracked[$0]! })
    var all = Dictionary(uniqueKeysWithValues: zip(names.map { "gradient of " + $0 }, found))
    all["outputs"] = outputs.detached()
    for (index, part) in state.enumerated() { all["state \(index)"] = part.detached() }
    return all
}
