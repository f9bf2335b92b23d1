import Foundation
import Synchronization

/// Memory for tensors, kept when released so that a training loop allocates next to nothing after its first step.
///
/// Buffers are rounded up to one of four sizes per power of two, and aligned to 64 bytes. What is kept has a bound,
/// past which the sizes that were asked for longest ago go back to the system: so a program that goes on to other sizes
/// keeps those. All goes back when asked for (`releaseUnused`), when the system has no more, and, on Apple's systems,
/// when they say that memory is short. Linux tells nobody: there the bound follows from what the process may have.
final class BufferPool: Sendable {
    /// The buffers of one size that are kept.
    private struct Shelf {
        var capacity = 0
        /// Addresses, as numbers, which may pass from thread to thread.
        var kept: [UInt] = []
        /// When a buffer of this size was last asked for, in `Shelves.takes`.
        var lastTaken: UInt64 = 0
    }

    private struct Shelves: ~Copyable {
        /// By `shelf`.
        var all = [Shelf](repeating: Shelf(), count: 4 * (Int.bitWidth + 1))
        var takes: UInt64 = 0
        var keptBytes = 0
        var use = MemoryUse(bytes: 0, peakBytes: 0)

        mutating func take(_ shelf: Int) -> UInt? {
            takes += 1
            all[shelf].lastTaken = takes
            guard let address = all[shelf].kept.popLast() else { return nil }
            keptBytes -= all[shelf].capacity
            return address
        }

        /// Keeps a buffer and gives those that are too many then.
        mutating func keep(_ address: UInt, capacity: Int, on shelf: Int, mostBytes: Int) -> [UInt] {
            all[shelf].capacity = capacity
            all[shelf].kept.append(address)
            keptBytes += capacity
            var tooMany: [UInt] = []
            while keptBytes > mostBytes {
                let stale = all.indices.filter { !all[$0].kept.isEmpty }.min { all[$0].lastTaken < all[$1].lastTaken }
                guard let stale, let address = all[stale].kept.popLast() else { break }
                tooMany.append(address)
                keptBytes -= all[stale].capacity
            }
            return tooMany
        }

        mutating func removeKept() -> [UInt] {
            var removed: [UInt] = []
            for shelf in all.indices {
                removed += all[shelf].kept
                all[shelf].kept = []
            }
            keptBytes = 0
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

    func take(capacity: Int) -> UnsafeMutableRawPointer {
        let kept: UInt? = shelves.withLock { shelves in
            shelves.use.take(capacity)
            return shelves.take(Self.shelf(ofCapacity: capacity))
        }
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
        Self.free(
            shelves.withLock { shelves in
                shelves.use.give(capacity)
                return shelves.keep(
                    bits, capacity: capacity, on: Self.shelf(ofCapacity: capacity), mostBytes: mostKeptBytes)
            })
    }

    /// Gives all that is kept back to the system.
    func releaseUnused() { Self.free(shelves.withLock { $0.removeKept() }) }

    private static func free(_ addresses: [UInt]) {
        for address in addresses { Foundation.free(UnsafeMutableRawPointer(bitPattern: address)) }
    }

    deinit { releaseUnused() }

    /// Bytes that are kept for reuse.
    var keptBytes: Int { shelves.withLock { $0.keptBytes } }

    var use: MemoryUse { shelves.withLock { $0.use } }

    func resetPeak() { shelves.withLock { $0.use.resetPeak() } }
}
