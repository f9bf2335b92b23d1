import Foundation

/// The memory that tensors take, counted where their buffers are handed out: the same in every run of a program.
///
/// What kernels take for the time of a call is not in it, nor is what released tensors left for reuse.
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
    public static var current: MemoryUse { BufferPool.use }

    /// Begins anew to look for the most.
    public static func resetPeak() { BufferPool.resetPeak() }

    /// The most memory that the process has had in the machine since it began, in bytes: tensors, kept buffers, program
    /// and all.
    public static var peakResidentBytes: Int {
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
