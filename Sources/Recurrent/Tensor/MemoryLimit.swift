import Foundation

/// How much memory a process may have.
enum MemoryLimit {
    /// The machine's memory in bytes, or less where control groups of Linux (containers, services) allow less.
    static var ofProcess: Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        guard let groups = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8) else { return machine }
        return min(machine, ofGroups(groups, root: "/sys/fs/cgroup"))
    }

    /// The least that a process's control groups and those around them allow; `Int.max` where none says anything.
    /// - Parameters:
    ///   - groups: The lines of `/proc/self/cgroup`: "0::/a/b" (version 2), "9:memory:/a/b" (version 1).
    ///   - root: Where the system shows its control groups as folders.
    static func ofGroups(_ groups: String, root: String) -> Int {
        var least = Int.max
        for line in groups.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, fields[1] == "" || fields[1] == "memory" else { continue }
            let (top, file) =
                fields[1] == "" ? (root, "memory.max") : (root + "/memory", "memory.limit_in_bytes")
            var names = fields[2].split(separator: "/")
            // A container does not see the folders above its own, whose limits stand at the root then.
            while true {
                let path = ([top] + names.map(String.init) + [file]).joined(separator: "/")
                let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
                // "max" is no number: no limit.
                if let limit = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) { least = min(least, limit) }
                if names.popLast() == nil { break }
            }
        }
        return least
    }
}
