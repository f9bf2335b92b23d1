import CKernels
import Foundation
import TestSupport
import Testing

/// Quotas of processors' time, as containers have them, in files as Linux writes them.
@Suite struct GrantedProcessorsTests {
    private func granted(_ groups: String, _ files: [String: String]) throws -> Int32 {
        try withTemporaryDirectory { root in
            for (name, text) in files.merging(["proc/self/cgroup": groups], uniquingKeysWith: { first, _ in first }) {
                let url = URL(filePath: root + "/" + name)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url)
            }
            return ck_granted_processors(root)
        }
    }

    @Test func versionTwo() throws {
        #expect(try granted("0::/\n", ["sys/fs/cgroup/cpu.max": "150000 100000\n"]) == 2)
        #expect(try granted("0::/\n", ["sys/fs/cgroup/cpu.max": "50000 100000\n"]) == 1)
        #expect(try granted("0::/\n", ["sys/fs/cgroup/cpu.max": "max 100000\n"]) == 0)
        // The least of all groups above counts.
        let nested = ["a/b": "800000 100000", "a": "300000 100000"]
        let files = Dictionary(uniqueKeysWithValues: nested.map { ("sys/fs/cgroup/\($0)/cpu.max", $1) })
        #expect(try granted("0::/a/b\n", files) == 3)
    }

    @Test func versionOne() throws {
        let files = [
            "sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us": "250000\n",
            "sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us": "100000\n",
        ]
        #expect(try granted("5:cpuset:/docker/x\n4:cpu,cpuacct:/docker/x\n0::/docker/x\n", files) == 3)
        #expect(try granted("5:cpuset:/docker/x\n", files) == 0)
        // Within the container the group of the host is not there, and the root is the container's own.
        let own = ["sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"]
        #expect(try granted("4:cpu:/docker/x\n", own) == 0)
        let limited = own.merging(["sys/fs/cgroup/cpu/cpu.cfs_quota_us": "100000\n"]) { $1 }
        #expect(try granted("4:cpu:/docker/x\n", limited) == 1)
    }

    @Test func filesThatAreOtherwise() throws {
        #expect(ck_granted_processors("/none") == 0)
        for text in ["", "x", "1", "0 0", "-5 100", "5 0", "99999999999999999999 1"] {
            #expect(try granted("0::/\n", ["sys/fs/cgroup/cpu.max": text]) <= 1 << 20, "\(text)")
        }
        #expect(try granted("no group\n\n::\n0\n", ["sys/fs/cgroup/cpu.max": "100000 100000"]) == 1)
    }
}
