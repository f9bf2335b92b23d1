import Foundation
import Synchronization

/// The request to stop that SIGINT (Control-C), SIGTERM, and SIGHUP (a closed terminal) make, so that a run can finish
/// its step and save first.
///
/// A signal handler can reach nothing but a global, so this is one: the number of the first signal, 0 before it.
private let firstSignal = Atomic<Int32>(0)

/// Listens for the signals that ask the program to stop.
struct StopSignals: Sendable {
    /// Begins to listen, for the whole process: SIGINT, SIGTERM and SIGHUP no longer end it, but a SIGINT after any of
    /// them does so at once, with the exit status 130. A request from before is forgotten. Under `nohup`, which has
    /// SIGHUP ignored, it stays so.
    static func install() -> StopSignals {
        // Also makes sure that the global is there before a handler needs it.
        firstSignal.store(0, ordering: .sequentiallyConsistent)
        signal(SIGINT) { number in
            if firstSignal.exchange(number, ordering: .sequentiallyConsistent) != 0 { _exit(130) }
        }
        let request: @convention(c) (Int32) -> Void = { number in
            _ = firstSignal.compareExchange(expected: 0, desired: number, ordering: .sequentiallyConsistent)
        }
        signal(SIGTERM, request)
        setHangUp(request)
        return StopSignals()
    }

    /// The signal that asked to stop, or nil while none has.
    var requested: Int32? {
        let number = firstSignal.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// Gives the signals back their usual meaning: they end the process.
    func remove() {
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
        Self.setHangUp(SIG_DFL)
    }

    /// Sets what SIGHUP does, unless it is ignored.
    private static func setHangUp(_ handler: (@convention(c) (Int32) -> Void)?) {
        let former = signal(SIGHUP, handler)
        if unsafeBitCast(former, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(SIGHUP, SIG_IGN) }
    }

    /// The exit status of a program that a signal has stopped: 129 for SIGHUP, 130 for SIGINT, 143 for SIGTERM.
    static func exitStatus(for number: Int32) -> Int32 {
        128 + number
    }
}
