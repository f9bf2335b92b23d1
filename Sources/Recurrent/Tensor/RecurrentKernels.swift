import CKernels
import Foundation
import Synchronization

/// What of the machine the kernels use: the number of threads and the instruction set.
///
/// No result depends on the number of threads. Results of different instruction sets differ by rounding.
public enum RecurrentKernels {
    /// The number of threads that kernels may use; at first the number of processors this process may run on, or, where that
    /// is less, what its quota of time is worth, as in a container.
    public static var threads: Int {
        get { Int(ck_threads()) }
        set { ck_set_threads(Int32(clamping: newValue)) }
    }

    /// The instruction sets that kernels exist for and this machine has, slowest first; `avx512bf16`, which rounds
    /// more, is not among them, see `multipliesBFloat16`.
    public static var levels: [String] {
        ["portable", "neon", "avx2", "avx512"].filter { ck_level($0) != nil }
    }

    /// The instruction set in use: what `use(level:)` chose; else what the environment variable `RECURRENT_CPU_LEVEL`
    /// names when the process first computes, which must be one that this machine has; else the best one.
    public static var level: String { String(cString: singleKernels.pointee.name) }

    /// Computes with the kernels of an instruction set rather than with the best ones. To be called before anything is
    /// computed.
    /// - Parameter level: One of `levels`, or `avx512bf16`, see `multipliesBFloat16`.
    /// - Throws: `RecurrentError` where this machine does not have it, or something has been computed with another.
    public static func use(level: String) throws {
        guard ck_level(level) != nil else {
            throw RecurrentError(
                "there are no kernels for \"\(level)\" on this machine; expected \(levels.joined(separator: ", "))"
                    + (multipliesBFloat16 ? ", avx512bf16" : ""))
        }
        chosenLevel.withLock { $0 = level }
        guard self.level == level else {
            throw RecurrentError("kernels for \(self.level) are in use already; expected \(level) to be chosen before")
        }
    }

    /// Whether the processor multiplies pairs of bfloat16 numbers.
    ///
    /// Where it does, `use(level: "avx512bf16")`, before the process first computes, rounds the operands of all matrix
    /// products to bfloat16 (eight significant bits), with sums, states, weights and gradients in single
    /// precision: training at about half the time for large networks.
    public static var multipliesBFloat16: Bool { ck_level("avx512bf16") != nil }

    /// Floating-point operations a second of one thread's multiply-add units, measured for 0.2 seconds.
    package static func measuredPeak() -> Double { singleKernels.pointee.measure_peak(0.2) }

    /// Bytes a second that all threads together read of a buffer of a size in bytes, over and over, each its own part,
    /// measured for 0.2 seconds.
    package static func measuredReadBandwidth(ofBytes bytes: Int) -> Double {
        stepKernels.pointee.measure_read(Int64(bytes), 0.2)
    }
}

/// The level that `RecurrentKernels.use(level:)` named, for the first who computes.
private let chosenLevel = Mutex<String?>(nil)

/// The single-precision kernels of this process.
nonisolated(unsafe) let singleKernels: UnsafePointer<ck_kernels> = {
    if let chosen = chosenLevel.withLock({ $0 }).flatMap({ ck_level($0) }) { return chosen }
    if let wanted = ProcessInfo.processInfo.environment["RECURRENT_CPU_LEVEL"] {
        guard let level = ck_level(wanted) else {
            fatalError(
                "RECURRENT_CPU_LEVEL is \(wanted); this machine has \(RecurrentKernels.levels.joined(separator: ", "))"
                    + (RecurrentKernels.multipliesBFloat16 ? ", avx512bf16" : ""))
        }
        return level
    }
    return ck_best_level()
}()

/// The kernels of one time step at a time that go with them.
nonisolated(unsafe) let stepKernels: UnsafePointer<ck_step_kernels> = {
    guard let kernels = ck_best_step_level(singleKernels.pointee.name) else {
        fatalError("there are no kernels of a time step for \(RecurrentKernels.level)")
    }
    return kernels
}()

nonisolated(unsafe) let doubleKernels: UnsafePointer<ck_kernels> = ck_double()

/// The floating-point type of a tensor's elements.
///
/// Everything is computed in single precision; double precision serves numerical gradient checks.
public enum Precision: Sendable, Hashable {
    /// 32-bit floating point.
    case single
    /// 64-bit floating point, by the portable kernels.
    case double

    var kernels: UnsafePointer<ck_kernels> { self == .single ? singleKernels : doubleKernels }

    var scalarBytes: Int { self == .single ? 4 : 8 }
}
