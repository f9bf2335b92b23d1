import CKernels
import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// One table of the kernels of a time step.
struct StepLevel: Sendable, CustomTestStringConvertible {
    let name: String

    /// All that this machine has.
    static var all: [StepLevel] {
        ["portable", "neon", "avx2", "avx512", "avx512vnni"].map(StepLevel.init).filter {
            ck_step_level($0.name) != nil
        }
    }

    var table: ck_step_kernels { ck_step_level(name)!.pointee }
    var testDescription: String { name }
}

/// Matrices and rows of one stage, and what they make by definition.
struct StepCase: Sendable, CustomTestStringConvertible {
    enum Kind: Sendable, CaseIterable { case dense, tanh, relu, lstm, gru, gruGates, gruCandidate }

    var kind: Kind
    var weights: WeightPrecision
    var batch: Int
    var inputs: Int
    var state: Int
    var units: Int
    /// Whether the inputs are tokens' rows.
    var readsTokens = false
    var hasBias = true

    var testDescription: String {
        "\(kind), \(weights.rawValue), batch \(batch), \(inputs) and \(state) to \(units)\(readsTokens ? ", tokens" : "")"
    }

    private var stageKind: ck_stage_kind {
        switch kind {
        case .dense: CK_STAGE_DENSE
        case .tanh: CK_STAGE_TANH
        case .relu: CK_STAGE_RELU
        case .lstm: CK_STAGE_LSTM
        case .gru: CK_STAGE_GRU
        case .gruGates: CK_STAGE_GRU_GATES
        case .gruCandidate: CK_STAGE_GRU_CANDIDATE
        }
    }

    private var blocks: Int {
        switch kind {
        case .dense, .tanh, .relu: 1
        case .lstm: 4
        case .gru, .gruGates, .gruCandidate: 3
        }
    }

    private static let cellClip = 0.4
    private func noise(_ count: Int, _ seed: Int, _ scale: Double) -> [Double] {
        numbers(count, seed).map { Double(Float($0 * scale)) }
    }
    private var inputWeight: [Double] { noise(inputs * blocks * units, 1, 0.3) }
    private var recurrentWeight: [Double] { noise(state * blocks * units, 2, 0.3) }
    private var bias: [Double] {
        hasBias ? noise(blocks * units, 3, 0.5) : [Double](repeating: 0, count: blocks * units)
    }
    private var recurrentBias: [Double] { noise(units, 4, 0.5) }
    private var peepholes: [Double] { noise(3 * units, 5, 0.5) }
    /// Rows of very different sizes: of whatever size, the largest number becomes 127.
    private func rows(_ width: Int, _ seed: Int) -> [Double] {
        let values = noise(batch * width, seed, 0.7)
        return values.indices.map { Double(Float(values[$0] * [1, 3, 0.003][$0 / max(1, width) % 3])) }
    }
    private var inputRows: [Double] { rows(inputs, 6) }
    private var stateRows: [Double] { rows(state, 7) }
    private var cell: [Double] { noise(batch * units, 8, 0.5) }
    private var hidden: [Double] { noise(batch * units, 9, 0.5) }
    private var candidates: [Double] { noise(batch * units, 10, 0.5) }
    private var updates: [Double] { noise(batch * units, 11, 0.2).map { abs($0) } }
    private var tokens: [Int32] { (0..<batch).map { Int32(($0 * 5 + 2) % inputs) } }

    // MARK: the kernels' results

    /// The outputs, then what else the stage writes; nil where memory beside was written.
    func run(_ level: StepLevel, threads: Int = 1, breaking: Double? = nil) -> [Reals]? {
        let table = level.table
        var memory: [Reals] = []
        func floats(_ values: [Double]) -> UnsafeMutablePointer<Float> {
            memory.append(Reals(values, precision: .single))
            return memory[memory.count - 1].pointer.assumingMemoryBound(to: Float.self)
        }
        func padded(_ values: [Double], _ width: Int) -> UnsafeMutablePointer<Float> {
            let stride = (width + 15) / 16 * 16
            var all = [Double](repeating: 0, count: batch * stride)
            for row in 0..<batch {
                for column in 0..<width { all[row * stride + column] = values[row * width + column] }
            }
            return floats(all)
        }
        func stride(_ width: Int) -> Int64 { Int64((width + 15) / 16 * 16) }
        var stage = ck_stage()
        stage.kind = stageKind
        stage.type = weights.kernelType
        stage.inputs = readsTokens ? 0 : Int64(inputs)
        stage.state = Int64(state)
        stage.units = Int64(units)
        stage.unit_stride = stride(units)
        var given = ck_stage_weights(
            input_weight: readsTokens ? nil : UnsafePointer(floats(inputWeight)),
            recurrent_weight: UnsafePointer(floats(recurrentWeight)), bias: UnsafePointer(floats(bias)),
            recurrent_bias: UnsafePointer(floats(recurrentBias)), forget_bias: 0.25)
        let packed = Reals(
            [Double](repeating: .nan, count: Int(table.stage_bytes(&stage)) / 4), precision: .single)
        memory.append(packed)
        table.pack_stage(&stage, &given, packed.pointer)
        stage.weights = packed.constant
        var inputRows = inputRows
        if let breaking { inputRows[0] = breaking }
        if readsTokens {
            stage.token_rows = UnsafePointer(floats(inputWeight))
        } else {
            stage.input_rows = UnsafePointer(padded(inputRows, inputs))
            stage.input_stride = stride(inputs)
        }
        stage.state_rows = UnsafePointer(padded(stateRows, state))
        stage.state_stride = stride(state)
        stage.hidden_rows = UnsafePointer(padded(hidden, units))
        var results: [Reals] = []
        if kind == .lstm {
            stage.cell_clip = Self.cellClip
            stage.peepholes = UnsafePointer(floats(peepholes))
            stage.cell = padded(cell, units)
            results.append(memory[memory.count - 1])
        }
        if kind == .gruGates || kind == .gruCandidate {
            stage.candidates = padded(candidates, units)
            results.append(memory[memory.count - 1])
            stage.updates = padded(updates, units)
            results.append(memory[memory.count - 1])
        }
        stage.outputs = floats([Double](repeating: 0, count: batch * Int(stride(units))))
        stage.output_stride = stride(units)
        results.insert(memory[memory.count - 1], at: 0)
        tokens.withUnsafeBufferPointer { tokens in
            if readsTokens { stage.tokens = tokens.baseAddress }
            withUnsafePointer(to: stage) { stage in
                var step = ck_step(stages: stage, count: 1, batch: Int64(batch), parts: Int32(threads), scratch: nil)
                let scratch = Reals(
                    [Double](repeating: 0, count: (Int(table.scratch_bytes(&step)) + 3) / 4), precision: .single)
                memory.append(scratch)
                step.scratch = scratch.pointer
                table.step(&step)
            }
        }
        return memory.allSatisfy(\.isIntact) ? results : nil
    }

    // MARK: the definition

    /// A matrix `[rows, columns]` as it is kept.
    private func kept(_ matrix: [Double], columns: Int) -> [Double] {
        switch weights {
        case .float32: return matrix
        case .bfloat16:
            return matrix.map { value in
                // Eight bits of significand, rounded by the processor's own ties to even.
                let float = Float(value)
                guard float != 0 else { return 0 }
                let unit = Float(sign: .plus, exponent: float.exponent - 7, significand: 1)
                return Double((float / unit).rounded(.toNearestOrEven) * unit)
            }
        case .int8:
            let rows = columns == 0 ? 0 : matrix.count / columns
            var result = matrix
            for column in 0..<columns {
                let values = (0..<rows).map { matrix[$0 * columns + column] }
                for (row, value) in rounded(values).enumerated() { result[row * columns + column] = value }
            }
            return result
        }
    }

    /// Numbers rounded to multiples of a 127th of the largest.
    private func rounded(_ values: [Double]) -> [Double] {
        let largest = Float(values.map(abs).max() ?? 0)
        guard largest > 0 else { return values }
        let inverse = 127 / largest
        return values.map { Double((Float($0) * inverse).rounded(.toNearestOrEven)) * Double(largest / 127) }
    }

    private func multiplied(_ rows: [Double], _ depth: Int, by matrix: [Double]) -> [[Double]] {
        let columns = blocks * units
        let matrix = kept(matrix, columns: columns)
        return (0..<batch).map { row in
            var left = Array(rows[row * depth..<(row + 1) * depth])
            if weights == .int8 { left = rounded(left) }
            return (0..<columns).map { column in
                (0..<depth).reduce(0) { $0 + left[$1] * matrix[$1 * columns + column] }
            }
        }
    }

    /// What `run` gives, by definition and without padding.
    func expected() -> [[Double]] {
        let columns = blocks * units
        let fromInputs =
            readsTokens
            ? tokens.map { Array(inputWeight[Int($0) * columns..<(Int($0) + 1) * columns]) }
            : multiplied(inputRows, inputs, by: inputWeight)
        let fromState = multiplied(stateRows, state, by: recurrentWeight)
        var outputs: [Double] = []
        var first: [Double] = []
        var second: [Double] = []
        for row in 0..<batch {
            for unit in 0..<units {
                let place = row * units + unit
                func x(_ block: Int) -> Double { fromInputs[row][block * units + unit] + bias[block * units + unit] }
                func h(_ block: Int) -> Double { fromState[row][block * units + unit] }
                func net(_ block: Int) -> Double { x(block) + h(block) }
                switch kind {
                case .dense: outputs.append(net(0))
                case .tanh: outputs.append(tanh(net(0)))
                case .relu: outputs.append(max(0, net(0)))
                case .lstm:
                    func peephole(_ gate: Int, _ c: Double) -> Double { peepholes[gate * units + unit] * c }
                    let before = cell[place]
                    let input = sigmoid(net(0) + peephole(0, before))
                    let forget = sigmoid(net(1) + 0.25 + peephole(1, before))
                    let c = min(Self.cellClip, max(-Self.cellClip, forget * before + input * tanh(net(2))))
                    outputs.append(sigmoid(net(3) + peephole(2, c)) * tanh(c))
                    first.append(c)
                case .gru:
                    let (r, z) = (sigmoid(net(0)), sigmoid(net(1)))
                    let n = tanh(x(2) + r * (h(2) + recurrentBias[unit]))
                    outputs.append((1 - z) * n + z * hidden[place])
                case .gruGates:
                    outputs.append(sigmoid(net(0)) * hidden[place])
                    first.append(x(2))
                    second.append(sigmoid(net(1)))
                case .gruCandidate:
                    let (n, z) = (tanh(candidates[place] + x(2)), updates[place])
                    outputs.append((1 - z) * n + z * hidden[place])
                }
            }
        }
        if kind == .gruCandidate { (first, second) = (candidates, updates) }
        return [outputs, first, second].filter { !$0.isEmpty }
    }

    /// The rows of a result without their padding, which must be zero still.
    func unpadded(_ result: Reals) -> [Double] {
        let stride = (units + 15) / 16 * 16
        let values = result.values
        return (0..<batch).flatMap { row in
            for column in units..<stride { #expect(values[row * stride + column] == 0) }
            return values[row * stride..<row * stride + units]
        }
    }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
