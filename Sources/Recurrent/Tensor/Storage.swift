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
        /// A few for each matrix, so that looking through them costs less than hashing.
        var packs: [Pack] = []
        /// How often the elements have been written.
        var version = 0

        /// The packed form, and whether it is that of the elements. One that is not is the caller's, to be made again.
        mutating func take(_ key: PackKey) -> (Storage?, isCurrent: Bool) {
            guard let place = packs.firstIndex(where: { $0.key == key }) else { return (nil, false) }
            let storage = packs[place].storage
            if packs[place].version == version { return (storage, true) }
            packs[place].storage = nil
            return (storage, false)
        }

        mutating func put(_ storage: Storage, _ key: PackKey) {
            let pack = Pack(key: key, storage: storage, version: version)
            guard let place = packs.firstIndex(where: { $0.key == key }) else { return packs.append(pack) }
            packs[place] = pack
        }
    }

    /// A packed form as the elements were at a version. Its memory serves again after they were written.
    private struct Pack {
        let key: PackKey
        var storage: Storage?
        var version: Int
    }

    struct PackKey: Equatable {
        enum Form: Equatable {
            case matrix(rowStride: Int, columnStride: Int)
            case recurrent(cell: UInt32, form: UInt32, forgetBias: Double)
        }
        var offset: Int
        var rows: Int
        var columns: Int
        var form: Form
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
        var (packed, isCurrent) = derived.withLock { $0.take(key) }
        if isCurrent, let packed { return packed }
        if packed == nil || !isKnownUniquelyReferenced(&packed) { packed = Storage(count: count, precision: precision) }
        let made = packed.unsafelyUnwrapped
        make(made.pointerForWriting)
        derived.withLock { $0.put(made, key) }
        return made
    }

    /// All packed forms are to be made again: to be called before the elements are written.
    func willWrite() { derived.withLock { $0.version += 1 } }

    func copy() -> Storage {
        let other = Storage(count: count, precision: precision)
        other.pointerForWriting.copyMemory(from: pointer, byteCount: count * precision.scalarBytes)
        return other
    }
}
