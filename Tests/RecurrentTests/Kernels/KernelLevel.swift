import CKernels
import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// One table of kernels, called through the C interface.
struct KernelLevel: Sendable, CustomTestStringConvertible {
    let name: String

    /// The single-precision levels that this machine has.
    static var all: [KernelLevel] { RecurrentKernels.levels.map(KernelLevel.init) }
    static let double = KernelLevel(name: "double")
    /// The level whose products have operands in bfloat16, where this machine has it.
    static var bfloat16: [KernelLevel] { RecurrentKernels.multipliesBFloat16 ? [KernelLevel(name: "avx512bf16")] : [] }

    var table: ck_kernels { (name == "double" ? ck_double() : ck_level(name))!.pointee }
    var testDescription: String { name }

    func reals(_ values: [Double]) -> Reals { Reals(values, precision: precision) }
    func reals(count: Int) -> Reals { Reals(Array(repeating: .nan, count: count), precision: precision) }
    func reals(_ tensor: Tensor?) -> Reals? { tensor.map { Reals($0.converted(to: precision)) } }
    var precision: Precision { name == "double" ? .double : .single }
}

/// Memory for a kernel, with marks on both sides that no kernel may write.
final class Reals: @unchecked Sendable {
    let count: Int
    let precision: Precision
    let pointer: UnsafeMutableRawPointer
    private let base: UnsafeMutableRawPointer
    private static let mark: UInt8 = 0xA5
    private static let marks = 256

    private init(count: Int, precision: Precision) {
        self.count = count
        self.precision = precision
        base = .allocate(byteCount: count * precision.scalarBytes + 2 * Self.marks, alignment: 64)
        memset(base, Int32(Self.mark), count * precision.scalarBytes + 2 * Self.marks)
        pointer = base + Self.marks
    }

    convenience init(_ tensor: Tensor) {
        self.init(count: tensor.count, precision: tensor.precision)
        pointer.copyMemory(from: tensor.pointer, byteCount: count * precision.scalarBytes)
    }

    convenience init(_ values: [Double], precision: Precision) {
        self.init(count: values.count, precision: precision)
        switch precision {
        case .single: values.map { Float($0) }.withUnsafeBytes { copy($0) }
        case .double: values.withUnsafeBytes { copy($0) }
        }
    }

    deinit { base.deallocate() }

    private func copy(_ bytes: UnsafeRawBufferPointer) {
        if let from = bytes.baseAddress { pointer.copyMemory(from: from, byteCount: bytes.count) }
    }

    var constant: UnsafeRawPointer { UnsafeRawPointer(pointer) }

    var values: [Double] {
        switch precision {
        case .single:
            UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Float.self), count: count).map { Double($0) }
        case .double: Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Double.self), count: count))
        }
    }

    /// The elements as they stand in memory: equal only where all bits are.
    var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: pointer, count: count * precision.scalarBytes)) }

    /// Whether nothing was written outside.
    var isIntact: Bool {
        let untouched = [UInt8](repeating: Self.mark, count: Self.marks)
        return memcmp(base, untouched, Self.marks) == 0
            && memcmp(pointer + count * precision.scalarBytes, untouched, Self.marks) == 0
    }
}

/// Normal numbers exact in single precision, cut from one long stretch so that tests need not draw them anew.
func numbers(_ count: Int, _ seed: Int) -> [Double] {
    precondition(count + seed * 7 < longStretch.count)
    return Array(longStretch[seed * 7..<seed * 7 + count])
}

private let longStretch: [Double] = noise([600_000], 12345).doubles

/// The nearest number that has eight significant bits, of two as near the one whose last bit is 0.
func roundedToBFloat16(_ value: Double) -> Double {
    let bits = Float(value).bitPattern
    return Double(Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000))
}

/// One matrix product.
struct ProductCase: Sendable {
    var rows: Int
    var columns: Int
    var depth: Int
    var transposedLeft = false
    var accumulate = false
    var bias = false
    /// Whether b is packed from its transpose.
    var transposedRight = false
    /// Whether the operands are rounded to bfloat16 first.
    var isRounded = false

    private func operand(_ count: Int, _ seed: Int) -> [Double] {
        isRounded ? numbers(count, seed).map(roundedToBFloat16) : numbers(count, seed)
    }

    /// The result, with three columns beyond each row that must stay as they are; nil where memory beside was written.
    func run(_ level: KernelLevel) -> Reals? {
        let table = level.table
        let aStride = (transposedLeft ? rows : depth) + 5
        let a = level.reals(operand((transposedLeft ? depth : rows) * aStride, 1))
        let b = level.reals(operand(depth * columns, 2))
        let packed = level.reals(count: Int(table.packed_count(Int64(depth), Int64(columns))))
        table.pack_matrix(
            b.constant, transposedRight ? 1 : Int64(columns), transposedRight ? Int64(depth) : 1, Int64(depth),
            Int64(columns), packed.pointer)
        let offsets = level.reals(numbers(columns, 3))
        let c = level.reals(
            accumulate ? numbers(rows * (columns + 3), 4) : Array(repeating: 7, count: rows * (columns + 3)))
        var product = ck_product(
            rows: Int64(rows), columns: Int64(columns), depth: Int64(depth), a: a.constant, a_stride: Int64(aStride),
            transposed_a: transposedLeft ? 1 : 0, b: packed.constant, bias: bias ? offsets.constant : nil, c: c.pointer,
            c_stride: Int64(columns + 3), accumulate: accumulate ? 1 : 0)
        table.product(&product)
        return [a, b, packed, offsets, c].allSatisfy(\.isIntact) ? c : nil
    }
}

/// A recurrent layer, forward and backward, by one table.
struct RecurrentCase: Sendable {
    var cell: TestCell
    var size: TestCell.Size
    var lengths: [Int32]?
    var reversed = false
    var initialState = true
    /// Whether the inputs are token ids.
    var usesTokens = false
    /// Whether gradients are added to what stands there.
    var accumulate = false
    var division = CK_DIVIDED_BY_SIZE
    private let given: [Precision: [String: Tensor]]

    init(
        cell: TestCell, size: TestCell.Size, lengths: [Int32]? = nil, reversed: Bool = false, initialState: Bool = true,
        usesTokens: Bool = false, accumulate: Bool = false
    ) {
        self.cell = cell
        self.size = size
        self.lengths = lengths
        self.reversed = reversed
        self.initialState = initialState
        self.usesTokens = usesTokens
        self.accumulate = accumulate
        let tensors = cell.tensors(size, initialState: initialState, precision: .single)
        given = [.single: tensors, .double: tensors.mapValues { $0.converted(to: .double) }]
    }

    private var kind: ck_cell {
        switch cell.kind {
        case .tanh: CK_BASIC_TANH
        case .relu: CK_BASIC_RELU
        case .lstm: CK_LSTM
        case .resetAfter: CK_GRU_RESET_AFTER
        case .resetBefore: CK_GRU_RESET_BEFORE
        }
    }

    /// All results by name; nil where memory beside was written.
    func run(_ level: KernelLevel) -> [String: Reals]? {
        let table = level.table
        let given = self.given[level.precision]!
        let (hidden, output) = (size.hidden, cell.outputSize(size))
        var memory: [Reals] = []
        func keep(_ reals: Reals?) -> Reals? {
            if let reals { memory.append(reals) }
            return reals
        }
        func weight(_ name: String, _ form: ck_weight_form) -> UnsafeRawPointer {
            let weight = given[name]!
            let rows = Int64(weight.rank == 2 ? weight.shape[0] : 1)
            let source = keep(level.reals(weight))!
            let packed = keep(level.reals(count: Int(table.recurrent_packed_count(kind, form, rows, Int64(hidden)))))!
            table.recurrent_pack(
                kind, form, source.constant, rows, Int64(hidden), Double(cell.forgetBias), packed.pointer)
            return packed.constant
        }
        func projection(transposed: Bool) -> UnsafeRawPointer? {
            guard let matrix = given["projection"] else { return nil }
            let (depth, columns) = transposed ? (output, hidden) : (hidden, output)
            let source = keep(level.reals(matrix))!
            let packed = keep(level.reals(count: Int(table.packed_count(Int64(depth), Int64(columns)))))!
            table.pack_matrix(
                source.constant, transposed ? 1 : Int64(output), transposed ? Int64(output) : 1, Int64(depth),
                Int64(columns), packed.pointer)
            return packed.constant
        }
        var results: [String: Reals] = [:]
        func result(_ name: String, _ count: Int, _ start: Double = .nan) -> UnsafeMutableRawPointer {
            let made = keep(level.reals(Array(repeating: start, count: count)))!
            results[name] = made
            return made.pointer
        }
        func constant(_ name: String) -> UnsafeRawPointer? { keep(level.reals(given[name]))?.constant }

        var layer = ck_recurrent()
        layer.cell = kind
        layer.division = division
        layer.reversed = reversed ? 1 : 0
        layer.steps = Int64(size.time)
        layer.batch = Int64(size.batch)
        layer.inputs = Int64(size.input)
        layer.hidden = Int64(hidden)
        layer.projected = cell.projected ? Int64(output) : 0
        layer.forget_bias = Double(cell.forgetBias)
        layer.cell_clip = Double(cell.cellClip ?? 0)
        layer.gradient_clip = Double(cell.gradientClip ?? 0)
        layer.input_weight = weight("inputWeight", CK_INPUT)
        layer.state_weight = weight("recurrentWeight", CK_STATE)
        layer.bias = weight("bias", CK_BIAS)
        layer.recurrent_bias = constant("recurrentBias")
        layer.peepholes = constant("peepholes")
        layer.projection = projection(transposed: false)
        layer.initial_hidden = constant("initialHidden")
        layer.initial_cell = constant("initialCell")
        layer.outputs = result("outputs", size.time * size.batch * output)
        layer.final_hidden = result("finalHidden", size.batch * output)
        if cell.kind == .lstm { layer.final_cell = result("finalCell", size.batch * hidden) }
        let ids = tokens([size.time, size.batch], below: size.input, 5).values
        ids.withUnsafeBufferPointer { ids in
            (lengths ?? []).withUnsafeBufferPointer { lengths in
                layer.lengths = self.lengths == nil ? nil : lengths.baseAddress
                if usesTokens { layer.tokens = ids.baseAddress } else { layer.x = constant("x") }
                let saved = keep(level.reals(count: Int(table.recurrent_saved_count(&layer))))!
                layer.saved = saved.pointer
                table.recurrent_forward(&layer)

                var gradients = ck_recurrent_gradients()
                gradients.input_weight_transposed = weight("inputWeight", CK_INPUT_TRANSPOSED)
                gradients.state_weight_transposed = weight("recurrentWeight", CK_STATE_TRANSPOSED)
                gradients.projection_transposed = projection(transposed: true)
                gradients.outputs = keep(level.reals(numbers(size.time * size.batch * output, 21)))!.constant
                gradients.final_hidden = keep(level.reals(numbers(size.batch * output, 22)))!.constant
                if cell.kind == .lstm {
                    gradients.final_cell = keep(level.reals(numbers(size.batch * hidden, 23)))!.constant
                }
                let start: Double = accumulate ? 3 : .nan
                let flag: Int32 = accumulate ? 1 : 0
                func count(_ name: String) -> Int { given[name]!.count }
                if !usesTokens { gradients.x = result("dx", count("x"), start) }
                gradients.input_weight = result("dinputWeight", count("inputWeight"), start)
                gradients.recurrent_weight = result("drecurrentWeight", count("recurrentWeight"), start)
                gradients.bias = result("dbias", count("bias"), start)
                if cell.kind == .resetAfter {
                    gradients.recurrent_bias = result("drecurrentBias", count("recurrentBias"), start)
                }
                if cell.peepholes { gradients.peepholes = result("dpeepholes", count("peepholes"), start) }
                if cell.projected { gradients.projection = result("dprojection", count("projection"), start) }
                gradients.initial_hidden = result("dinitialHidden", size.batch * output)
                if cell.kind == .lstm { gradients.initial_cell = result("dinitialCell", size.batch * hidden) }
                gradients.accumulate_x = flag
                gradients.accumulate_input_weight = flag
                gradients.accumulate_recurrent_weight = flag
                gradients.accumulate_bias = flag
                gradients.accumulate_recurrent_bias = flag
                gradients.accumulate_peepholes = flag
                gradients.accumulate_projection = flag
                table.recurrent_backward(&layer, &gradients)
            }
        }
        return memory.allSatisfy(\.isIntact) ? results : nil
    }
}
