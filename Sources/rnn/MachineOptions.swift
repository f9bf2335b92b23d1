import ArgumentParser
import Foundation
import Recurrent

/// What of the machine is used: no result depends on the threads.
struct MachineOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Threads to compute with (default: all processors).")
    var threads: Int?

    @Option(help: "Instruction set: \(Machine.levels.joined(separator: ", ")) (default: the best).")
    var cpuLevel: String?

    func validate() throws {
        if let threads, !(1...256).contains(threads) {
            throw ValidationError("--threads is \(threads); expected 1 to 256")
        }
        if let cpuLevel, !Machine.levels.contains(cpuLevel) {
            throw ValidationError(
                "--cpu-level is \(cpuLevel); this machine has \(Machine.levels.joined(separator: ", "))")
        }
    }

    /// To be called before anything is computed.
    func apply() {
        if let threads { Machine.threads = threads }
        if let cpuLevel { setenv("RECURRENT_CPU_LEVEL", cpuLevel, 1) }
    }
}
