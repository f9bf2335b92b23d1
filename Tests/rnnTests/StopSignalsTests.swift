import Foundation
import Testing

@testable import rnn

/// Sends a signal to the calling thread, which it reaches before this returns.
///
/// The threads that tests run on block signals.
private func deliver(_ number: Int32) {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(number)
}

/// Signals belong to a process, so each test has one of its own.
@Suite struct StopSignalsTests {
    @Test func firstSignalIsReported() async {
        await #expect(processExitsWith: .exitCode(143)) {
            let signals = StopSignals.install()
            guard signals.requested == nil else { exit(1) }
            deliver(SIGTERM)
            deliver(SIGTERM)
            guard let number = signals.requested else { exit(2) }
            exit(StopSignals.exitStatus(for: number))
        }
        await #expect(processExitsWith: .exitCode(7)) {
            let signals = StopSignals.install()
            deliver(SIGINT)
            exit(signals.requested == SIGINT && StopSignals.exitStatus(for: SIGINT) == 130 ? 7 : 1)
        }
    }

    @Test func laterInterruptQuitsAtOnce() async {
        await #expect(processExitsWith: .exitCode(130)) {
            _ = StopSignals.install()
            deliver(SIGINT)
            usleep(600_000)
            deliver(SIGINT)
            exit(1)
        }
    }

    @Test func interruptThatComesTwiceIsOneRequest() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let signals = StopSignals.install()
            deliver(SIGINT)
            deliver(SIGINT)
            exit(signals.requested == SIGINT ? 7 : 1)
        }
    }

    @Test func removedHandlersLetTheSignalKill() async {
        await #expect(processExitsWith: .signal(SIGTERM)) {
            StopSignals.install().remove()
            deliver(SIGTERM)
            exit(1)
        }
    }
}
