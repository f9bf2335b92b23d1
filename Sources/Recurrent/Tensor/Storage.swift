import CKernels
import Synchronization

/// The elements that tensors share. Written only while nobody else refers to it.
///
/// A storage may stand for the one-hot encoding of indices, whose elements are only filled in when somebody reads them:
/// products with it are gathers of rows.
final class Storage: @unchecked Sendable {
    let count: Int
    let precision: Precision
    private let capacity: Int
    private var address: UnsafeMutableRawPointer?
    /// The indices that the storage stands for the one-hot encoding of, if any.
    let oneHot: [Int32]?
    private let derived = Mutex(Derived())

    /// Packed forms of matrices in this storage, made when first asked for.
    private struct Derived: ~Copyable {
        var packs: [PackKey: Storage] = [:]
    }

    struct PackKey: Hashable {
        enum Form: Hashable {
            case matrix(rowStride: Int, columnStride: Int)
            case recurrent(cell: UInt32, form: UInt32, forgetBias: Double)
        }
        var offset: Int
        var rows: Int
        var columns: Int
        var form: Form

        /// Few keys differ in the rest, and hashing all of it costs more than comparing.
        func hash(into hasher: inout Hasher) { hasher.combine(offset) }
    }

    init(count: Int, precision: Precision) {
        self.count = count
        self.precision = precision
        capacity = BufferPool.capacity(forBytes: count * precision.scalarBytes)
        address = BufferPool.shared.take(capacity: capacity)
        oneHot = nil
    }

    init(oneHot indices: [Int32], depth: Int) {
        count = indices.count * depth
        precision = .single
        capacity = BufferPool.capacity(forBytes: count * precision.scalarBytes)
        oneHot = indices
    }

    deinit {
        if let address { BufferPool.shared.give(address, capacity: capacity) }
    }

    var kernels: UnsafePointer<ck_kernels> { precision.kernels }

    /// The elements, to be read.
    var pointer: UnsafeRawPointer {
        if oneHot == nil, let address { return UnsafeRawPointer(address) }
        return UnsafeRawPointer(filledOneHot())
    }

    /// The elements, to be written by whoever has just made the storage, or knows that nobody else refers to it.
    var pointerForWriting: UnsafeMutableRawPointer {
        guard oneHot == nil, let address else { fatalError("a one-hot encoding is never written") }
        return address
    }

    private func filledOneHot() -> UnsafeMutableRawPointer {
        let bits: UInt = derived.withLock { _ in
            if let address { return UInt(bitPattern: address) }
            let buffer = BufferPool.shared.take(capacity: capacity)
            singleKernels.pointee.fill(buffer, 0, Int64(count))
            if let oneHot, oneHot.count > 0 {
                let floats = buffer.assumingMemoryBound(to: Float.self)
                let depth = count / oneHot.count
                for (row, index) in oneHot.enumerated() { floats[row * depth + Int(index)] = 1 }
            }
            address = buffer
            return UInt(bitPattern: buffer)
        }
        return UnsafeMutableRawPointer(bitPattern: bits).unsafelyUnwrapped
    }

    func pointer(at offset: Int) -> UnsafeRawPointer { pointer + offset * precision.scalarBytes }

    func pointerForWriting(at offset: Int) -> UnsafeMutableRawPointer {
        pointerForWriting + offset * precision.scalarBytes
    }

    /// The packed form for `key`, made by `make` when it is not there yet.
    func pack(_ key: PackKey, count: Int, make: (UnsafeMutableRawPointer) -> Void) -> Storage {
        if let known = derived.withLock({ $0.packs[key] }) { return known }
        let packed = Storage(count: count, precision: precision)
        make(packed.pointerForWriting)
        derived.withLock { $0.packs[key] = packed }
        return packed
    }

    /// Forgets all packed forms: to be called before the elements are written.
    func willWrite() { derived.withLock { $0.packs.removeAll(keepingCapacity: true) } }

    func copy() -> Storage {
        let other = Storage(count: count, precision: precision)
        other.pointerForWriting.copyMemory(from: pointer, byteCount: count * precision.scalarBytes)
        return other
    }
}
