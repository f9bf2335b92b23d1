import Synchronization

/// Layers unrolled at once as one operation: outputs `[time, batch, state]` of the last, and every layer's final state,
/// in the order of its cell's.
func unrollLayersAtOnce(
    _ layers: [FusedLayer], _ inputs: Tensor, states: [[Tensor]]?, segments: [Segment], lengths: [Int]?,
    direction: Direction
) -> [Tensor] {
    var all: [[Tensor?]] = []
    var shape = inputs.shape
    for (index, layer) in layers.enumerated() {
        let state = states?[index]
        let (hidden, cell) = (state?.last, layer.isLSTM ? state?.first : nil)
        layer.check(inputs: shape, hidden: hidden, cell: cell)
        all.append(layer.tensors(index == 0 ? inputs : nil, hidden: hidden, cell: cell))
        shape[2] = layer.stateWidth
    }
    let precision: Precision = all.joined().contains { $0?.precision == .double } ? .double : .single
    all = all.map { $0.map { $0?.converted(to: precision) } }
    let run = WavefrontRun(
        layers: layers.map(\.options), tensors: all.map { $0.map { $0?.detached() } }, segments: segments,
        batch: inputs.shape[1], lengths: lengths, reversed: direction == .reversed, precision: precision)
    let pass = WavefrontPass(layers: layers, steps: inputs.shape[0], run)
    let saved = run.forward(pass)
    let results = [pass.outputs[layers.count - 1]] + pass.finalStates
    let links = all.joined().map { $0?.link }
    guard links.contains(where: { $0 != nil }) else { return results }
    let record = WavefrontRecord(run: run, pass: pass, saved: saved)
    let node = Node(inputs: Array(links), outputs: results.count) { flow in record.pullBack(&flow) }
    return results.enumerated().map { $1.linked(to: node, output: $0) }
}

/// What the layers compute going forward, written segment by segment.
struct WavefrontPass: Sendable {
    /// `[time, batch, state]` of every layer.
    let outputs: [Tensor]
    /// `[batch, state]` after every segment of every layer.
    let hidden: [[Tensor]]
    /// `[batch, hidden]` after every segment of every layer; nil where a cell has none.
    let cell: [[Tensor?]]

    init(layers: [FusedLayer], steps: Int, _ run: WavefrontRun) {
        func unfilled(_ shape: [Int]) -> Tensor { Tensor(uninitialized: shape, precision: run.precision) }
        outputs = layers.map { unfilled([steps, run.batch, $0.stateWidth]) }
        hidden = layers.map { layer in run.segments.map { _ in unfilled([run.batch, layer.stateWidth]) } }
        cell = layers.map { layer in
            run.segments.map { _ in layer.isLSTM ? unfilled([run.batch, layer.hiddenSize]) : nil }
        }
    }

    /// Memory of the same shapes.
    private init(like other: WavefrontPass) {
        func unfilled(_ tensor: Tensor) -> Tensor { Tensor(uninitialized: tensor.shape, precision: tensor.precision) }
        outputs = other.outputs.map(unfilled)
        hidden = other.hidden.map { $0.map(unfilled) }
        cell = other.cell.map { $0.map { $0.map(unfilled) } }
    }

    func unfilled() -> WavefrontPass { WavefrontPass(like: self) }

    /// The state after the last segment: of every layer its parts in the order of the cell's state.
    var finalStates: [Tensor] {
        zip(hidden, cell).flatMap { hidden, cell in [cell[cell.count - 1], hidden[hidden.count - 1]].compactMap(\.self)
        }
    }
}

/// Layers over the segments of a sequence, in the order in which these are computed.
struct WavefrontRun: Sendable {
    let layers: [FusedOptions]
    /// The tensors of every layer, detached, in the order of `FusedRun.Place`; x of the first only.
    let tensors: [[Tensor?]]
    let segments: [Segment]
    let batch: Int
    let lengths: [Int]?
    let reversed: Bool
    let precision: Precision

    /// One layer over one segment.
    func part(_ layer: Int, _ segment: Int, of pass: WavefrontPass) -> FusedRun {
        let steps = segments[segment].steps
        var own = tensors[layer]
        own[FusedRun.Place.x.rawValue] = (layer == 0 ? own[0] : pass.outputs[layer - 1])?.slice(steps)
        if segment > 0 {
            own[FusedRun.Place.hidden.rawValue] = pass.hidden[layer][segment - 1]
            own[FusedRun.Place.cell.rawValue] = pass.cell[layer][segment - 1]
        }
        return FusedRun(
            options: layers[layer], tensors: own, time: steps.count, batch: batch,
            lengths: lengths.map { segments[segment].lengths($0).map(Int32.init) }, reversed: reversed,
            precision: precision)
    }

    /// Fills `pass` and gives what every segment of every layer saved.
    func forward(_ pass: WavefrontPass) -> WavefrontPlaces<Storage> {
        let saved = WavefrontPlaces<Storage>(layers: layers.count, segments: segments.count)
        // Weights are packed by all threads, before the layers need them.
        let packs = layers.indices.map { part($0, 0, of: pass).packs() }
        runOnWavefront(layers: layers.count, segments: segments.count) { layer, segment in
            let kept = part(layer, segment, of: pass).forward(
                packs[layer], outputs: pass.outputs[layer].slice(segments[segment].steps),
                finalHidden: pass.hidden[layer][segment], finalCell: pass.cell[layer][segment])
            saved.put(kept, layer: layer, segment: segment)
        }
        return saved
    }

    /// Walks back through all layers at once.
    /// - Parameters:
    ///   - saved: What the forward pass gave, which is used up.
    ///   - above: The gradients of the outputs, and of every layer's final hidden and cell state.
    ///   - gradients: Where those of every layer's weights and initial states go, and of the inputs.
    func backward(
        _ pass: WavefrontPass, saved: WavefrontPlaces<Storage>,
        above: (outputs: Tensor?, states: [[Tensor?]]), into gradients: [WavefrontGradients]
    ) {
        let (top, last) = (layers.count - 1, segments.count - 1)
        let ofInputs = WavefrontPlaces<Tensor>(layers: layers.count, segments: segments.count)
        let ofStates = WavefrontPlaces<[Tensor?]>(layers: layers.count, segments: segments.count)
        let packs = layers.indices.map { part($0, 0, of: pass).packs() }
        let transposed = layers.indices.map { part($0, 0, of: pass).transposedPacks() }
        runOnWavefront(layers: layers.count, segments: segments.count) { layersDone, segmentsDone in
            let (layer, segment) = (top - layersDone, last - segmentsDone)
            let steps = segments[segment].steps
            let part = part(layer, segment, of: pass)
            let outputs = pass.outputs[layer].slice(steps)
            let ofOutputs =
                layer == top ? above.outputs?.slice(steps) : ofInputs.take(layer: layer + 1, segment: segment)
            let ofFinal = segment == last ? above.states[layer] : ofStates.take(layer: layer, segment: segment + 1)
            var memory = gradients[layer].memory(isFirst: segment == last, steps: steps)
            if layer > 0 {
                let below = Tensor(
                    uninitialized: [steps.count, batch, pass.outputs[layer - 1].shape[2]], precision: precision)
                memory.set(.x, below.pointerForWriting, adds: false)
                ofInputs.put(below, layer: layer, segment: segment)
            }
            if segment > 0 {
                let before = FusedRun.Place.states.map { place in
                    part.tensor(place).map { Tensor(uninitialized: $0.shape, precision: precision) }
                }
                for (place, tensor) in zip(FusedRun.Place.states, before) {
                    if let tensor { memory.set(place, tensor.pointerForWriting, adds: false) }
                }
                ofStates.put(before, layer: layer, segment: segment)
            } else {
                gradients[layer].setStates(in: &memory)
            }
            if let kept = saved.take(layer: layer, segment: segment) {
                part.backward(
                    packs[layer], saved: kept, outputs: outputs, above: [ofOutputs] + (ofFinal ?? [nil, nil]),
                    into: memory)
            }
        }
        withExtendedLifetime(transposed) {}
    }
}

/// Where a layer's gradients go: memory that stays valid until the walk over the layers is done. Sendable although it
/// holds pointers: a layer's segments are computed one after the other, so no two threads write there at once.
struct WavefrontGradients: @unchecked Sendable {
    /// Memory, and whether to add to what stands there.
    typealias Memory = (pointer: UnsafeMutableRawPointer, adds: Bool)

    var weights: [(place: FusedRun.Place, memory: Memory)] = []
    /// The inputs' memory, and its bytes of a time step.
    var inputs: (memory: Memory, stepBytes: Int)?
    /// Those of the initial hidden and cell state, where they are wanted.
    var states: [(place: FusedRun.Place, gradient: Tensor)] = []

    /// For a segment: all but the first one add to the weights' gradients.
    func memory(isFirst: Bool, steps: Range<Int>) -> FusedGradients {
        var result = FusedGradients()
        for (place, memory) in weights { result.set(place, memory.pointer, adds: memory.adds || !isFirst) }
        if let inputs {
            result.set(
                .x, inputs.memory.pointer + steps.lowerBound * inputs.stepBytes, adds: inputs.memory.adds)
        }
        return result
    }

    func setStates(in memory: inout FusedGradients) {
        for (place, gradient) in states { memory.set(place, gradient.pointerForWriting, adds: false) }
    }
}

/// What the operation's node keeps.
private final class WavefrontRecord: Sendable {
    private let run: WavefrontRun
    private let pass: WavefrontPass
    private let saved: Mutex<WavefrontPlaces<Storage>?>

    init(run: WavefrontRun, pass: WavefrontPass, saved: WavefrontPlaces<Storage>) {
        self.run = run
        self.pass = pass
        self.saved = Mutex(saved)
    }

    /// What the forward pass saved; a second walk back computes it again.
    private func takeSaved() -> WavefrontPlaces<Storage> {
        let kept = saved.withLock { saved in
            defer { saved = nil }
            return saved
        }
        return kept ?? run.forward(pass.unfilled())
    }

    func pullBack(_ flow: inout GradientFlow) {
        var gradients = Array(repeating: WavefrontGradients(), count: run.layers.count)
        var after: [(input: Int, gradient: Tensor)] = []
        var written: Set<ObjectIdentifier> = []
        for (layer, tensors) in run.tensors.enumerated() {
            for (place, tensor) in tensors.enumerated() {
                let input = layer * tensors.count + place
                guard let tensor, let origin = flow.origins[input], let place = FusedRun.Place(rawValue: place) else {
                    continue
                }
                // Two layers may share a weight, whose gradient both must not write at once.
                if FusedRun.Place.states.contains(place) || !written.insert(ObjectIdentifier(origin.node)).inserted {
                    let gradient = Tensor(uninitialized: tensor.shape, precision: run.precision)
                    after.append((input, gradient))
                    gradients[layer].add(place, (gradient.pointerForWriting, false), of: gradient)
                } else {
                    flow.accumulate(into: input, shape: tensor.shape, precision: run.precision) { pointer, adds in
                        gradients[layer].add(place, (pointer, adds), of: tensor)
                    }
                }
            }
        }
        var rest = flow.outputs.dropFirst()
        let states = pass.cell.map { cell in
            let ofCell = cell[0] == nil ? nil : rest.removeFirst()
            return [rest.removeFirst(), ofCell]
        }
        run.backward(pass, saved: takeSaved(), above: (flow.outputs[0], states), into: gradients)
        for (input, gradient) in after { flow.add(gradient, to: input) }
    }
}

extension WavefrontGradients {
    fileprivate mutating func add(_ place: FusedRun.Place, _ memory: Memory, of tensor: Tensor) {
        if FusedRun.Place.states.contains(place) {
            states.append((place, tensor))
        } else if place == .x {
            let steps = Swift.max(1, tensor.shape[0])
            inputs = (memory, tensor.count / steps * tensor.precision.scalarBytes)
        } else {
            weights.append((place, memory))
        }
    }
}
