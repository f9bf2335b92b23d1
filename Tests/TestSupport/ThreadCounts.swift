import Foundation
import Synchronization
import Testing

import Recurrent

private let threadsInUse = NSLock()

/// Runs `body` while no other test sets the number of threads, which is the process's, and sets it back.
package func keepingThreads<Result>(_ body: () throws -> Result) rethrows -> Result {
    try threadsInUse.withLock {
        let before = RecurrentKernels.threads
        defer { RecurrentKernels.threads = before }
        return try body()
    }
}

/// What `body` gives on so many threads, one count after the other; also more than there are processors.
///
/// A team that is busy with another test's kernels leaves a call to its own thread: name counts several times where
/// `body` is short.
package func onThreads<Result>(_ counts: [Int], _ body: () throws -> Result) rethrows -> [Result] {
    try keepingThreads {
        try counts.map { count in
            RecurrentKernels.threads = count
            let result = try body()
            #expect(RecurrentKernels.threads == count, "something else set the number of threads")
            return result
        }
    }
}

private final class Load: Sendable {
    let goesOn = Atomic(true)
}

/// Calls `body` while two other threads for every processor have nothing but work.
package func onLoadedMachine<Result>(_ body: () throws -> Result) rethrows -> Result {
    let load = Load()
    for _ in 0..<2 * ProcessInfo.processInfo.activeProcessorCount {
        Thread { while load.goesOn.load(ordering: .relaxed) {} }.start()
    }
    defer { load.goesOn.store(false, ordering: .relaxed) }
    return try body()
}
