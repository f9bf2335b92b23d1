import ArgumentParser
import Recurrent

/// What of the machine is used: no result depends on the threads.
struct MachineOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "Threads to compute with (default: the processors it may use, of a container its quota).")
    var threads: Int?

    @Option(help: "Instruction set: \(RecurrentKernels.levels.joined(separator: ", ")) (default: the best).")
    var cpuLevel: String?

    /// What the operands of matrix products are.
    enum ProductPrecision: String, ExpressibleByArgument, CaseIterable {
        case fp32, bf16
    }

    @Option(
        help: """
            Operands of the matrix products of whole sequences, as in training: fp32, or bf16 (bfloat16, with sums, \
            weights and states in fp32) where the processor multiplies it.
            """)
    var precision = ProductPrecision.fp32

    func validate() throws {
        if let cpuLevel, precision == .bf16 {
            throw ValidationError(
                "--precision bf16 has kernels of its own, which --cpu-level \(cpuLevel) cannot be combined with")
        }
        if let threads, !(1...256).contains(threads) {
            throw ValidationError("--threads is \(threads); expected 1 to 256")
        }
        if let cpuLevel, !RecurrentKernels.levels.contains(cpuLevel) {
            throw ValidationError(
                "--cpu-level is \(cpuLevel); this machine has \(RecurrentKernels.levels.joined(separator: ", "))")
        }
    }

    /// What chooses a level on the command line.
    static func option(forLevel level: String) -> String {
        level == "avx512bf16" ? "--precision bf16" : "--cpu-level \(level)"
    }

    /// To be called before anything is computed.
    ///
    /// - Throws: `RecurrentError` where the instruction set cannot be chosen.
    func apply() throws {
        if let threads { RecurrentKernels.threads = threads }
        if let cpuLevel { try RecurrentKernels.use(level: cpuLevel) }
        if precision == .bf16 {
            if RecurrentKernels.multipliesBFloat16 {
                try RecurrentKernels.use(level: "avx512bf16")
            } else {
                Console.note("This processor does not multiply bfloat16: computing in fp32.")
            }
        }
    }
}
