import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// What the pool of tensors' memory keeps, and when it gives it back.
@Suite struct BufferPoolTests {
    private static func takeAndGive(_ pool: BufferPool, _ capacities: [Int]) {
        let taken = capacities.map { (pool.take(capacity: $0), $0) }
        for (address, capacity) in taken { pool.give(address, capacity: capacity) }
    }

    @Test func buffersAreUsedAgain() {
        let pool = BufferPool(mostKeptBytes: 1 << 20)
        let first = pool.take(capacity: 4096)
        pool.give(first, capacity: 4096)
        #expect(pool.keptBytes == 4096)
        let second = pool.take(capacity: 4096)
        #expect(second == first)
        #expect(pool.keptBytes == 0 && pool.use.bytes == 4096)
        pool.give(second, capacity: 4096)
    }

    @Test func unusedMemoryIsReleased() {
        let pool = BufferPool(mostKeptBytes: 1 << 20)
        Self.takeAndGive(pool, [64, 4096, 4096, 81_920])
        #expect(pool.keptBytes == 64 + 2 * 4096 + 81_920)
        let inUse = pool.take(capacity: 4096)
        pool.releaseUnused()
        #expect(pool.keptBytes == 0 && pool.use.bytes == 4096)
        inUse.initializeMemory(as: UInt8.self, repeating: 1, count: 4096)
        pool.give(inUse, capacity: 4096)
        #expect(pool.keptBytes == 4096)
    }

    /// A program that goes on to other sizes keeps those, not the ones it began with.
    @Test func theSizesOfLongAgoMakeRoom() {
        let pool = BufferPool(mostKeptBytes: 8192)
        Self.takeAndGive(pool, [4096, 4096])
        Self.takeAndGive(pool, [2048, 2048, 1024])
        #expect(pool.keptBytes == 2 * 2048 + 1024)
        let again = [2048, 2048, 1024].map { (pool.take(capacity: $0), $0) }
        #expect(pool.keptBytes == 0)
        for (address, capacity) in again { pool.give(address, capacity: capacity) }
    }

    @Test func whatIsLargerThanTheBoundIsNotKept() {
        let pool = BufferPool(mostKeptBytes: 1000)
        Self.takeAndGive(pool, [4096, 512])
        #expect(pool.keptBytes == 512)
    }

    @Test func controlGroupsLimitTheMemory() throws {
        try withTemporaryDirectory { root in
            func write(_ text: String, to path: String) throws {
                let url = URL(fileURLWithPath: root + "/" + path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url)
            }
            try write("max\n", to: "service/inner/memory.max")
            try write("3000\n", to: "service/memory.max")
            try write("5000\n", to: "memory.max")
            try write("2000\n", to: "memory/memory.limit_in_bytes")
            func limit(_ groups: String) -> Int { MemoryLimit.ofGroups(groups, root: root) }
            #expect(limit("0::/service/inner\n") == 3000)
            #expect(limit("0::/elsewhere\n") == 5000)
            #expect(limit("4:cpu,cpuacct:/\n2:memory:/not/seen/from/here\n") == 2000)
            #expect(limit("4:cpu:/\n") == Int.max)
            #expect(limit("nonsense") == Int.max)
        }
        #expect(MemoryLimit.ofProcess > 1 << 20)
        #expect(MemoryLimit.ofProcess <= Int(clamping: ProcessInfo.processInfo.physicalMemory))
    }
}

/// The pool of the process, which tests beside these would disturb.
@Suite struct BufferPoolOfTheProcessTests {
    /// Bytes had from the system, in use and kept, after every one of some training steps.
    private static func bytesHeld(_ steps: Int, _ model: inout Model<LSTMCell>) -> [Int] {
        var optimizer = Adam(learningRate: 1e-2)
        let inputs = noise([9, 4, 3], 1, precision: .single)
        return (0..<steps).map { _ in
            model.train(with: &optimizer) { cell in cell.unroll(inputs).outputs.squared().mean() }
            return BufferPool.shared.keptBytes + MemoryUse.current.bytes
        }
    }

    @Test func trainingAllocatesNothingAfterItsFirstSteps() async {
        await #expect(processExitsWith: .success) {
            var model = Model(seed: 1) { LSTMCell(inputSize: 3, hiddenSize: 20, &$0) }
            let held = Self.bytesHeld(6, &model)
            #expect(Set(held[1...]).count == 1, "\(held)")
            let used = MemoryUse.current.bytes
            MemoryUse.releaseUnused()
            #expect(BufferPool.shared.keptBytes == 0 && MemoryUse.current.bytes == used)
            let again = Self.bytesHeld(6, &model)
            #expect(Set(again[1...]).count == 1 && again[5] <= held[5], "\(held) \(again)")
        }
    }
}
