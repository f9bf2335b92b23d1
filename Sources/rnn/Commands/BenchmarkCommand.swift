import ArgumentParser
import Foundation
import Recurrent
import RecurrentStudies

/// `rnn benchmark`: how long training steps and generated characters take on this machine.
struct BenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure training steps and generation on this machine.",
        discussion: """
            A training step is forward, loss, backward, clipping of the gradient's global norm, and Adam. The rates \
            count the matrix products that are really computed, the nominal ones 3 x (2 B T gates H (I + H) of every \
            layer + 2 B T H outputs); the share of peak is that of the multiply-add units, measured first. Of \
            generation also what a step reads a second, of weights and states, and the share that this is of a plain \
            read of as much memory.

            Configurations: \(BenchmarkConfiguration.all.map(\.name).joined(separator: ", ")).

            Comparisons, which are run only where they are named, each with its ways in turn:
            \(BenchmarkComparison.all.map { "\($0.name): \($0.summary)" }.joined(separator: "\n")).
            """)

    @Argument(help: "The configurations and comparisons to measure; all configurations where none is named.")
    var names: [String] = []

    @Flag(help: "Print a line of JSON for each configuration.")
    var json = false

    @Option(parsing: .unconditional, help: "How long each configuration, or each case of a comparison, is measured.")
    var seconds = 2.0

    @Option(help: "What generation keeps the weights as (default: fp32).")
    var weights: WeightPrecision?

    @Flag(help: "Make one training step of the configuration named, network and batch included, and print its time.")
    var firstStep = false

    @Flag(
        help: """
            Make five training steps of the configuration named, network and batch included, and print the physical memory \
            that they took (Linux).
            """)
    var memory = false

    @Flag(help: "Print where the time goes instead, as shares of the time of all threads.")
    var profile = false

    @OptionGroup var machine: MachineOptions

    func validate() throws {
        let known = BenchmarkConfiguration.all.map(\.name) + BenchmarkComparison.all.map(\.name)
        for name in names where !known.contains(name) {
            throw ValidationError("There is no configuration '\(name)'; there are \(known.joined(separator: ", ")).")
        }
        if let weights, let training = chosen.first(where: { $0.work != .generation }) {
            throw ValidationError(
                "--weights is \(weights.rawValue), but \(training.name) trains, which takes the weights as they are; name "
                    + BenchmarkConfiguration.all.filter { $0.work == .generation }.map(\.name).joined(separator: ", "))
        }
        guard [firstStep, memory, profile].count(where: { $0 }) <= 1 else {
            throw ValidationError("Only one of --first-step, --memory and --profile can be had.")
        }
        let comparison = names.first { name in BenchmarkComparison.all.contains { $0.name == name } }
        if let weights, let comparison {
            throw ValidationError(
                "--weights is \(weights.rawValue), but \(comparison) is a comparison, which takes the weights as they are."
            )
        }
        if firstStep || memory {
            guard names.count == 1, BenchmarkConfiguration.all.contains(where: { $0.name == names[0] && $0.trains })
            else {
                throw ValidationError(
                    "\(firstStep ? "--first-step" : "--memory") needs the name of one configuration that is trained.")
            }
        }
        if profile, let comparison {
            throw ValidationError("--profile is of configurations; \(comparison) is a comparison.")
        }
        guard seconds.isFinite, seconds > 0, seconds <= 3600 else {
            throw ValidationError("--seconds is \(seconds); expected more than 0 and at most 3600.")
        }
    }

    func run() throws {
        try machine.apply()
        let comparisons = names.compactMap { name in BenchmarkComparison.all.first { $0.name == name } }
        if firstStep { return try makeFirstStep(of: chosen[0]) }
        if memory { return try measureMemory(of: chosen[0]) }
        if profile {
            Console.note("\(RecurrentKernels.level), \(RecurrentKernels.threads) threads")
            return try chosen.forEach(showProfile)
        }
        if !chosen.isEmpty { try measure(chosen) }
        for comparison in comparisons { try measure(comparison) }
    }

    private var chosen: [BenchmarkConfiguration] {
        names.isEmpty
            ? BenchmarkConfiguration.all
            : names.compactMap { name in BenchmarkConfiguration.all.first { $0.name == name } }
    }

    private func makeFirstStep(of configuration: BenchmarkConfiguration) throws {
        let clock = ContinuousClock()
        let seconds = clock.measure { configuration.makeFirstStep() } / .seconds(1)
        if json {
            try Console.json(["name": configuration.name, "seconds": seconds, "threads": RecurrentKernels.threads])
        } else {
            try Console.result("\(configuration.name): \(decimal(seconds * 1e3, 2)) ms")
        }
    }

    private func measureMemory(of configuration: BenchmarkConfiguration) throws {
        guard let bytes = configuration.residentPeak() else {
            throw RecurrentError("--memory is given, but this system does not tell a process's peak; expected Linux")
        }
        if json {
            try Console.json(["name": configuration.name, "bytes": bytes, "threads": RecurrentKernels.threads])
        } else {
            try Console.result("\(configuration.name): \(decimal(Double(bytes) / 1e6, 1)) MB")
        }
    }

    private func showProfile(of configuration: BenchmarkConfiguration) throws {
        let profile = configuration.profile(seconds: seconds, weights: weights ?? .float32)
        let phases = TimeProfile.Phase.allCases
        if json {
            let shares = Dictionary(uniqueKeysWithValues: phases.map { ($0.rawValue, profile.shares[$0] ?? 0) })
            try Console.json([
                "name": configuration.name, "seconds": profile.seconds, "phases": shares,
                "threads": RecurrentKernels.threads,
                "level": RecurrentKernels.level,
            ])
        } else {
            let shares = phases.compactMap { phase in
                profile.shares[phase].map { "\(phase.rawValue) \(decimal($0 * 100, 1))%" }
            }
            try Console.result("\(configuration.name): \(shares.joined(separator: ", "))")
        }
    }

    private func measure(_ configurations: [BenchmarkConfiguration]) throws {
        let peak = RecurrentKernels.measuredPeak()
        Console.note(
            "\(RecurrentKernels.level), \(RecurrentKernels.threads) threads, peak \(decimal(peak / 1e9, 1)) GFLOP/s each"
        )
        if !json { try Console.result(header) }
        for configuration in configurations {
            Console.note(configuration.name)
            let measurement = configuration.measure(seconds: seconds, peak: peak, weights: weights ?? .float32)
            if json { try writeJSON(measurement) } else { try Console.result(line(measurement)) }
        }
    }

    private func measure(_ comparison: BenchmarkComparison) throws {
        Console.note(
            "\(comparison.name): \(comparison.summary); \(RecurrentKernels.level), \(RecurrentKernels.threads) threads")
        try comparison.measure(seconds: seconds) { row in
            if json {
                var fields: [String: any Sendable] = [
                    "name": comparison.name, "case": row.label, "threads": RecurrentKernels.threads,
                ]
                for number in row.numbers { fields[number.name.replacing(" ", with: "_").lowercased()] = number.value }
                try Console.json(fields)
            } else {
                let numbers = row.numbers.map { "\($0.name) \(String(format: "%.3g", $0.value))" }
                try Console.result("\(row.label): \(numbers.joined(separator: ", "))")
            }
        }
    }

    private var header: String {
        row(["configuration", "ms", "GFLOP/s", "nominal", "of peak", "per second", "GB/s read", "of read"])
    }

    private func line(_ m: BenchmarkMeasurement) -> String {
        row([
            m.name, decimal(m.seconds * 1e3, m.seconds < 1e-3 ? 4 : 2), decimal(m.gflops, 1),
            decimal(m.nominalGflops, 1), decimal(m.peakFraction * 100, 1) + "%",
            m.perSecond.map { decimal($0, 0) } ?? "",
            m.bytesPerSecond.map { decimal($0 / 1e9, 1) } ?? "",
            m.bandwidthFraction.map { decimal($0 * 100, 1) + "%" } ?? "",
        ])
    }

    private func row(_ cells: [String]) -> String {
        let widths = [20, 10, 9, 9, 9, 12, 11, 9]
        var line = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: max(0, widths[index] - cell.count))
            line += index == 0 ? cell + padding : padding + cell
        }
        return line.trimmingTrailingBlanks()
    }

    private func decimal(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }

    private func writeJSON(_ measurement: BenchmarkMeasurement) throws {
        var fields: [String: any Sendable] = [
            "name": measurement.name, "seconds": measurement.seconds, "gflops": measurement.gflops,
            "nominal_gflops": measurement.nominalGflops, "peak_fraction": measurement.peakFraction,
            "threads": measurement.threads, "level": RecurrentKernels.level,
        ]
        if let perSecond = measurement.perSecond { fields["per_second"] = perSecond }
        if let reading = measurement.reading {
            fields["weights"] = reading.weights.rawValue
            fields["bytes_per_step"] = reading.bytesPerStep
            fields["read_bandwidth"] = reading.readBandwidth
            fields["bandwidth_fraction"] = measurement.bandwidthFraction
        }
        try Console.json(fields)
    }
}
