import Foundation

/// How far a training run is, and how that reads.
public struct TrainingProgress: Equatable, Sendable {
    /// How many updates have been made.
    public var step: Int
    /// How many updates there will be.
    public var totalSteps: Int
    /// The loss of late.
    public var loss: Double
    /// How many items are learned from in a second.
    public var itemsPerSecond: Double
    /// How long the rest will take, in seconds.
    public var secondsLeft: Double

    /// Makes a state of progress.
    package init(step: Int, totalSteps: Int, loss: Double, itemsPerSecond: Double, secondsLeft: Double) {
        self.step = step
        self.totalSteps = totalSteps
        self.loss = loss
        self.itemsPerSecond = itemsPerSecond
        self.secondsLeft = secondsLeft
    }

    /// The progress in words and numbers, as in "step 120/500  loss 1.2340  5,120 tokens/s  1:05 left".
    package func line(unit: String) -> String {
        let steps = "step \(step)/\(totalSteps)"
        let speed = "\(Self.grouped(itemsPerSecond)) \(unit)/s"
        return "\(steps)  loss \(Self.fixed(loss))  \(speed)  \(Self.duration(secondsLeft)) left"
    }

    /// The progress as a bar and a line, in at most a number of columns: first the bar shrinks and goes, then the line
    /// is cut off.
    package func bar(unit: String, width: Int) -> String {
        let line = line(unit: unit)
        // The brackets and the two spaces after them take four columns.
        let room = min(40, width - line.count - 4)
        guard room >= 5 else { return String(line.prefix(max(0, width))) }
        let share = totalSteps > 0 ? min(1, max(0, Double(step) / Double(totalSteps))) : 0
        let filled = Int(share * Double(room))
        let head = filled > 0 && filled < room ? ">" : ""
        let body = String(repeating: "=", count: filled - head.count)
        return "[\(body)\(head)\(String(repeating: " ", count: room - filled))]  \(line)"
    }

    /// Seconds as "1:05", "2:03:04" or "3d 04h", and "-:--" where they are unknown.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "-:--" }
        func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let total = Int(seconds.rounded())
        let (hours, minutes) = (total / 3600, total / 60 % 60)
        if hours >= 48 { return "\(hours / 24)d \(twoDigits(hours % 24))h" }
        if hours > 0 { return "\(hours):\(twoDigits(minutes)):\(twoDigits(total % 60))" }
        return "\(minutes):\(twoDigits(total % 60))"
    }

    /// A number rounded to a whole one, with commas between the thousands.
    static func grouped(_ number: Double) -> String {
        guard number.isFinite, abs(number) < 1e15 else { return "-" }
        let digits = String(Int(abs(number).rounded()))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return number <= -0.5 ? "-" + text : text
    }

    private static func fixed(_ number: Double) -> String {
        abs(number) < 1e6 ? String(format: "%.4f", number) : String(format: "%.3e", number)
    }
}
