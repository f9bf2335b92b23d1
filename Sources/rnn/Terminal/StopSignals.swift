import Foundation
import Synchronization

/// The request to stop that SIGINT (Control-C), SIGTERM, and SIGHUP (a closed terminal) make, so that a run can finish
/// its step and save first.
///
/// A signal handler can reach nothing but a global, so this is one: the number of the first signal, 0 before it.
private let firstSignal = Atomic<Int32>(0)
/// When it came, in nanoseconds of a clock that does not go back; 0 before it.
private let firstTime = Atomic<UInt64>(0)

/// Listens for the signals that ask the program to stop.
struct StopSignals: Sendable {
    /// Nanoseconds in which a second SIGINT is the same request: a program that started this one passes on what the
    /// terminal has sent to both.
    private static let sameRequest: UInt64 = 500_000_000

    /// Begins to listen, for the whole process: SIGINT, SIGTERM and SIGHUP no longer end it, but a SIGINT half a second
    /// or more after any of them does so at once, with the exit status 130. A request from before is forgotten. Under `nohup`, which has
    /// SIGHUP ignored, it stays so.
    static func install() -> StopSignals {
        // Also makes sure that the global is there before a handler needs it.
        firstSignal.store(0, ordering: .sequentiallyConsistent)
        firstTime.store(0, ordering: .relaxed)
        signal(SIGINT) { number in
            if StopSignals.request(number) { return }
            let first = firstTime.load(ordering: .relaxed)
            if first != 0 && StopSignals.now - first >= StopSignals.sameRequest { _exit(130) }
        }
        let request: @convention(c) (Int32) -> Void = { number in
            _ = StopSignals.request(number)
        }
        signal(SIGTERM, request)
        setHangUp(request)
        return StopSignals()
    }

    /// Notes a signal where it is the first, and says whether it is. What it calls may be called in a handler.
    private static func request(_ number: Int32) -> Bool {
        let now = now
        guard firstSignal.compareExchange(expected: 0, desired: number, ordering: .sequentiallyConsistent).exchanged
        else { return false }
        firstTime.store(now, ordering: .relaxed)
        return true
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
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
