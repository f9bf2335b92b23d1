import CKernels

/// A dense, row-major array of floating-point numbers, immutable once made.
///
/// The result of an operation on a tracked tensor remembers what it came from, so that `gradients(of:withRespectTo:)`
/// can walk back. Nothing is remembered where no input is tracked. A mistake in shapes is a programming error and stops
/// the program with both shapes.
public struct Tensor: Sendable {
    let storage: Storage
    let offset: Int
    /// The extent of every axis; empty for a scalar.
    public let shape: [Int]
    let link: Link?
    init(storage: Storage, offset: Int, shape: [Int], link: Link? = nil) {
        self.storage = storage
        self.offset = offset
        self.shape = shape
        self.link = link
    }

    /// New, unfilled memory.
    init(uninitialized shape: [Int], precision: Precision) {
        self.init(storage: Storage(count: elementCount(shape), precision: precision), offset: 0, shape: shape)
    }

    /// Makes a tensor of the given shape from its elements in row-major order.
    public init(_ values: [Float], shape: [Int]) {
        require(values.count == elementCount(shape), "\(values.count) values cannot fill the shape \(shape)")
        self.init(uninitialized: shape, precision: .single)
        values.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { pointerForWriting.copyMemory(from: base, byteCount: bytes.count) }
        }
    }

    /// Makes a tensor of double precision, as numerical gradient checks use them. Literals make single precision.
    @_disfavoredOverload
    public init(_ values: [Double], shape: [Int]) {
        require(values.count == elementCount(shape), "\(values.count) values cannot fill the shape \(shape)")
        self.init(uninitialized: shape, precision: .double)
        values.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { pointerForWriting.copyMemory(from: base, byteCount: bytes.count) }
        }
    }

    /// Makes a vector.
    public init(_ values: [Float]) { self.init(values, shape: [values.count]) }

    /// Makes a matrix from its rows, which must be of equal length.
    public init(_ rows: [[Float]]) {
        let columns = rows.first?.count ?? 0
        for row in rows { require(row.count == columns, "rows of \(columns) and \(row.count) numbers") }
        self.init(rows.flatMap { $0 }, shape: [rows.count, columns])
    }

    /// Makes a scalar.
    public init(_ value: Float) { self.init([value], shape: []) }

    /// A tensor of zeros.
    public static func zeros(_ shape: [Int], precision: Precision = .single) -> Tensor {
        full(0, shape: shape, precision: precision)
    }

    /// A tensor of ones.
    public static func ones(_ shape: [Int], precision: Precision = .single) -> Tensor {
        full(1, shape: shape, precision: precision)
    }

    /// A tensor whose elements are all `value`.
    public static func full(_ value: Double, shape: [Int], precision: Precision = .single) -> Tensor {
        let result = Tensor(uninitialized: shape, precision: precision)
        result.kernels.fill(result.pointerForWriting, value, Int64(result.count))
        return result
    }

    /// The number of axes.
    public var rank: Int { shape.count }

    /// The number of elements.
    public var count: Int { elementCount(shape) }

    /// The floating-point type of the elements.
    public var precision: Precision { storage.precision }

    /// The indices, where this tensor is their one-hot encoding along the last axis.
    var oneHot: [Int32]? {
        guard let indices = storage.oneHot, let depth = shape.last, count == storage.count,
            depth * indices.count == count
        else { return nil }
        return indices
    }

    var kernels: ck_kernels { _read { yield storage.kernels.pointee } }

    /// The elements, to be read.
    var pointer: UnsafeRawPointer { storage.pointer(at: offset) }

    /// The elements, to be written by whoever has just made the tensor.
    var pointerForWriting: UnsafeMutableRawPointer { storage.pointerForWriting(at: offset) }

    /// The elements in row-major order, in single precision.
    public var values: [Float] {
        switch precision {
        case .single:
            Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Float.self), count: count))
        case .double:
            UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Double.self), count: count).map { Float($0) }
        }
    }

    /// The elements in row-major order, in double precision.
    public var doubles: [Double] {
        switch precision {
        case .single:
            UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Float.self), count: count).map { Double($0) }
        case .double:
            Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Double.self), count: count))
        }
    }

    /// The only element of a tensor of one element.
    public var scalar: Float {
        require(count == 1, "a tensor of shape \(shape) is not a scalar")
        return values[0]
    }

    /// Calls `body` with the elements, of single precision, in row-major order.
    public func withUnsafeValues<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
        require(precision == .single, "the elements are of double precision")
        return try withExtendedLifetime(storage) {
            try body(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Float.self), count: count))
        }
    }
}

extension Tensor: CustomStringConvertible {
    /// The elements, row by row. Of more than 1000 elements the first three and the last three along every axis stand
    /// for all.
    public var description: String {
        let isShortened = count > 1000
        func text(_ shape: ArraySlice<Int>, _ values: ArraySlice<Float>, _ depth: Int) -> String {
            guard let extent = shape.first else { return values.first.map { "\($0)" } ?? "" }
            let step = values.count / Swift.max(1, extent)
            let parts = (0..<extent).compactMap { index -> String? in
                if isShortened && extent > 6 && index >= 3 && index < extent - 3 { return index == 3 ? "..." : nil }
                let start = values.startIndex + index * step
                return text(shape.dropFirst(), values[start..<start + step], depth + 1)
            }
            return "["
                + parts.joined(separator: shape.count > 1 ? ",\n" + String(repeating: " ", count: depth + 1) : ", ")
                + "]"
        }
        return text(shape[...], values[...], 0)
    }
}
