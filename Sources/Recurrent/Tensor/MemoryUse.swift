import Foundation

/// The memory that tensors take, counted where their buffers are handed out: the same in every run of a program.
///
/// What kernels take for the time of a call is not in it, nor is what released tensors left for reuse, which
/// `releaseUnused()` gives back.
///
///     MemoryUse.resetPeak()
///     trainingStep()
///     print(MemoryUse.current.peakBytes)
public struct MemoryUse: Sendable, Equatable {
    /// Bytes of the tensors that are alive.
    public private(set) var bytes: Int
    /// The most that there were since the process began or `resetPeak()` was called.
    public private(set) var peakBytes: Int

    init(bytes: Int, peakBytes: Int) {
        self.bytes = bytes
        self.peakBytes = peakBytes
    }

    mutating func take(_ count: Int) {
        bytes += count
        peakBytes = max(peakBytes, bytes)
    }

    mutating func give(_ count: Int) { bytes -= count }

    mutating func resetPeak() { peakBytes = bytes }

    /// The process's tensors.
    public static var current: MemoryUse { BufferPool.shared.use }

    /// Begins anew to look for the most.
    public static func resetPeak() { BufferPool.shared.resetPeak() }

    /// Gives the memory that released tensors left for reuse back to the system: after a training run, say, in a
    /// program that goes on with other things. Tensors made afterwards take theirs from the system again.
    ///
    /// What is kept is never more than 4 GiB, nor than half of what the machine or the process's container has. Apple's
    /// systems get it back without being asked when memory is short.
    public static func releaseUnused() { BufferPool.shared.releaseUnused() }

    /// The most memory that the process has had in the machine since it began, in bytes: tensors, kept buffers, program
    /// and all.
    package static var peakResidentBytes: Int {
        var usage = rusage()
        // RUSAGE_SELF, which is of another type on every system.
        getrusage(0, &usage)
        #if canImport(Darwin)
            return usage.ru_maxrss
        #else
            return usage.ru_maxrss * 1024
        #endif
    }
}
