import Foundation
import RecurrentTraining

/// Shows how far a training run is, on standard error: one line that is painted over where that is a terminal, and
/// otherwise a plain line now and then.
struct ProgressBar: Sendable {
    private let unit: String
    private let descriptor: Int32
    private let isTerminal: Bool
    private let interval: Duration
    private var lastShown: ContinuousClock.Instant?
    private var isLineOpen = false

    /// Makes a progress bar.
    ///
    /// - Parameters:
    ///   - unit: What is counted by the second, as in "tokens".
    ///   - plainInterval: How long to wait between two plain lines.
    ///   - descriptor: The file that is written to.
    init(unit: String, plainInterval: Duration = .seconds(10), descriptor: Int32 = STDERR_FILENO) {
        self.unit = unit
        self.descriptor = descriptor
        let terminal = ProcessInfo.processInfo.environment["TERM"] ?? ""
        isTerminal = isatty(descriptor) == 1 && !terminal.isEmpty && terminal != "dumb"
        interval = isTerminal ? .milliseconds(100) : plainInterval
    }

    /// Shows the progress, unless that was done a moment ago; the last step is always shown.
    mutating func update(_ progress: TrainingProgress) {
        let now = ContinuousClock.now
        if let lastShown, now - lastShown < interval, progress.step < progress.totalSteps { return }
        lastShown = now
        if isTerminal {
            // Painting the last column makes some terminals begin a new line.
            write("\r" + progress.bar(unit: unit, width: width() - 1) + "\u{1B}[K")
            isLineOpen = true
        } else {
            write(progress.line(unit: unit) + "\n")
        }
    }

    /// Removes the line from the terminal, so that something else can be printed; the next update paints it again.
    mutating func clear() {
        guard isLineOpen else { return }
        write("\r\u{1B}[K")
        isLineOpen = false
        lastShown = nil
    }

    /// Leaves the last line standing and goes to the next.
    mutating func finish() {
        guard isLineOpen else { return }
        write("\n")
        isLineOpen = false
    }

    private func width() -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    private func write(_ text: String) {
        // Nothing can be told to anyone where standard error itself fails.
        var text = text
        text.withUTF8 { bytes in _ = Foundation.write(descriptor, bytes.baseAddress, bytes.count) }
    }
}
