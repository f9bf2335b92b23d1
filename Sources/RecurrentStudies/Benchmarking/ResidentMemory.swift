import Foundation

/// What of a process's memory is in physical memory, as Linux tells it.
enum ResidentMemory {
    /// The most bytes that `body` had in physical memory at once beyond those before it; nil where the system does not
    /// tell.
    static func peak(during body: () -> Void) -> Int? {
        // "5" sets the peak to what is resident now (proc_pid_clear_refs(5)).
        guard (try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))) != nil,
            let before = bytes(of: "VmRSS")
        else { return nil }
        body()
        return bytes(of: "VmHWM").map { max(0, $0 - before) }
    }

    private static func bytes(of name: String) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") })
        else { return nil }
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }.map { $0 << 10 }
    }
}

extension BenchmarkConfiguration {
    /// The most bytes that training steps, their network and their batch have in physical memory at once, beyond what
    /// was there before; nil where the system does not tell.
    package func residentPeak(steps: Int = 5) -> Int? {
        ResidentMemory.peak {
            let step = trainingStep()
            for _ in 0..<steps { step() }
        }
    }
}
