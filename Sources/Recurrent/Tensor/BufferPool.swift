import Foundation
import Synchronization

/// Memory for tensors, kept when released so that a training loop allocates next to nothing after its first step.
///
/// Buffers are rounded up to one of four sizes per power of two, and aligned to 64 bytes. What is kept has a bound,
/// past which the sizes that were asked for longest ago go back to the system: so a program that goes on to other sizes
/// keeps those. All goes back when asked for (`releaseUnused`), when the system has no more, and, on Apple's systems,
/// when they say that memory is short. Linux tells nobody: there the bound follows from what the process may have.
final class BufferPool: Sendable {
    private struct Shelves: ~Copyable {
        /// The addresses of the buffers that are kept, by `shelf`; as numbers, which may pass from thread to thread.
        var kept = [[UInt]](repeating: [], count: 4 * (Int.bitWidth + 1))
        /// When a buffer of a shelf's size was last asked for, in `takes`.
        var lastTaken = [UInt64](repeating: 0, count: 4 * (Int.bitWidth + 1))
        var takes: UInt64 = 0
        var keptBytes = 0
        var use = MemoryUse(bytes: 0, peakBytes: 0)

        @inline(__always)
        mutating func take(_ shelf: Int, capacity: Int) -> UInt? {
            use.take(capacity)
            takes += 1
            lastTaken[shelf] = takes
            guard let address = kept[shelf].popLast() else { return nil }
            keptBytes -= capacity
            return address
        }

        @inline(__always)
        mutating func give(_ address: UInt, _ shelf: Int, capacity: Int) {
            use.give(capacity)
            kept[shelf].append(address)
            keptBytes += capacity
        }

        /// Removes buffers until no more than `mostBytes` are kept, of the sizes asked for longest ago first.
        mutating func removeKept(downTo mostBytes: Int) -> [UInt] {
            var removed: [UInt] = []
            while keptBytes > mostBytes {
                let stale = kept.indices.filter { !kept[$0].isEmpty }.min { lastTaken[$0] < lastTaken[$1] }
                guard let stale, let address = kept[stale].popLast() else { break }
                removed.append(address)
                keptBytes -= BufferPool.capacity(ofShelf: stale)
            }
            return removed
        }
    }

    private let shelves = Mutex(Shelves())
    /// Bytes kept for reuse at most.
    private let mostKeptBytes: Int

    init(mostKeptBytes: Int) { self.mostKeptBytes = mostKeptBytes }

    /// The pool of the process's tensors. It keeps 4 GiB at most, and half of what the process may have.
    static let shared: BufferPool = {
        let pool = BufferPool(mostKeptBytes: min(1 << 32, MemoryLimit.ofProcess / 2))
        #if canImport(Darwin)
            pressure.setEventHandler { pool.releaseUnused() }
            pressure.activate()
        #endif
        return pool
    }()

    #if canImport(Darwin)
        /// Tells when the system is short of memory; it must be kept to go on telling.
        private nonisolated(unsafe) static let pressure = DispatchSource.makeMemoryPressureSource(
            eventMask: [.warning, .critical], queue: .global(qos: .utility))
    #endif

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

    private static func capacity(ofShelf shelf: Int) -> Int {
        let power = 1 << (shelf / 4)
        return power + (shelf % 4 + 1) * power / 4
    }

    func take(capacity: Int) -> UnsafeMutableRawPointer {
        let kept = shelves.withLock { $0.take(Self.shelf(ofCapacity: capacity), capacity: capacity) }
        if let kept, let address = UnsafeMutableRawPointer(bitPattern: kept) { return address }
        if let address = Self.allocate(capacity) { return address }
        releaseUnused()
        guard let address = Self.allocate(capacity) else {
            fatalError("out of memory: no \(capacity) bytes for a tensor")
        }
        return address
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer? {
        var address: UnsafeMutableRawPointer?
        return posix_memalign(&address, 64, capacity) == 0 ? address : nil
    }

    func give(_ address: UnsafeMutableRawPointer, capacity: Int) {
        let bits = UInt(bitPattern: address)
        let isFull = shelves.withLock { shelves in
            shelves.give(bits, Self.shelf(ofCapacity: capacity), capacity: capacity)
            return shelves.keptBytes > mostKeptBytes
        }
        if isFull { release(downTo: mostKeptBytes) }
    }

    /// Gives all that is kept back to the system.
    func releaseUnused() { release(downTo: 0) }

    private func release(downTo mostBytes: Int) {
        for address in shelves.withLock({ $0.removeKept(downTo: mostBytes) }) {
            free(UnsafeMutableRawPointer(bitPattern: address))
        }
    }

    deinit { releaseUnused() }

    /// Bytes that are kept for reuse.
    var keptBytes: Int { shelves.withLock { $0.keptBytes } }

    var use: MemoryUse { shelves.withLock { $0.use } }

    func resetPeak() { shelves.withLock { $0.use.resetPeak() } }
}
