import Foundation
import Synchronization

/// Memory for tensors, kept when released so that a training loop allocates next to nothing after its first step.
///
/// Buffers are rounded up to one of four sizes per power of two, and aligned to 64 bytes.
enum BufferPool {
    private struct Shelves: ~Copyable {
        /// By `shelf`.
        var free = [[UnsafeMutableRawPointer]](repeating: [], count: 4 * (Int.bitWidth + 1))
        var keptBytes = 0
        var use = MemoryUse(bytes: 0, peakBytes: 0)
    }

    private static let shelves = Mutex(Shelves())

    /// Bytes kept for reuse at most; more is given back to the system.
    private static let mostKeptBytes = 1 << 32

    static func capacity(forBytes bytes: Int) -> Int {
        let least = max(bytes, 64)
        let power = Int.bitWidth - 1 - (least - 1).leadingZeroBitCount
        let quarter = max(64, (1 << power) / 4)
        return (least + quarter - 1) / quarter * quarter
    }

    /// The place of a capacity among all: four to a power of two.
    private static func shelf(ofCapacity capacity: Int) -> Int {
        let power = Int.bitWidth - 1 - (capacity - 1).leadingZeroBitCount
        return 4 * power + (capacity - 1) >> max(0, power - 2) & 3
    }

    static func take(capacity: Int) -> UnsafeMutableRawPointer {
        let kept: UInt? = shelves.withLock { shelves in
            shelves.use.take(capacity)
            guard let address = shelves.free[shelf(ofCapacity: capacity)].popLast() else { return nil }
            shelves.keptBytes -= capacity
            return UInt(bitPattern: address)
        }
        if let kept, let address = UnsafeMutableRawPointer(bitPattern: kept) { return address }
        var address: UnsafeMutableRawPointer?
        guard posix_memalign(&address, 64, capacity) == 0, let address else {
            fatalError("out of memory: no \(capacity) bytes for a tensor")
        }
        return address
    }

    static func give(_ address: UnsafeMutableRawPointer, capacity: Int) {
        let bits = UInt(bitPattern: address)
        let kept = shelves.withLock { shelves in
            shelves.use.give(capacity)
            guard shelves.keptBytes + capacity <= mostKeptBytes, let address = UnsafeMutableRawPointer(bitPattern: bits)
            else { return false }
            shelves.free[shelf(ofCapacity: capacity)].append(address)
            shelves.keptBytes += capacity
            return true
        }
        if !kept { free(address) }
    }

    static var use: MemoryUse { shelves.withLock { $0.use } }

    static func resetPeak() { shelves.withLock { $0.use.resetPeak() } }
}
