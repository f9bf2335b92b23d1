import Recurrent

/// Which of the rows before a prediction a window shows: the recent ones in full, and of older ones every few.
///
/// Long sequences are slow to train on, and short ones hide the past. A window of 7 recent days and 4 older ones 30
/// days apart has 11 time steps and reaches back 127 days.
public struct WindowSteps: Equatable, Codable, Sendable {
    /// How many of the last rows are shown, all of them: at least 1.
    public let recent: Int
    /// How many older rows are shown before them.
    public let older: Int
    /// How many rows the older ones lie apart, and the last of them before the recent ones: at least 1.
    public let spacing: Int

    /// The number of time steps of a window.
    public var count: Int { older + recent }

    /// The number of rows from the first that is shown to the last.
    package var span: Int { older * spacing + recent }

    /// Where the steps lie within the span, from 0 to `span` - 1.
    public var offsets: [Int] {
        (0..<older).map { $0 * spacing } + (0..<recent).map { older * spacing + $0 }
    }

    /// Makes a choice of steps.
    ///
    /// - Throws: `RecurrentError` where a number is out of its range or the span cannot be counted.
    public init(recent: Int, older: Int = 0, spacing: Int = 1) throws {
        guard recent >= 1, older >= 0, spacing >= 1 else {
            throw RecurrentError(
                "a window of \(recent) recent and \(older) older steps, \(spacing) apart; expected at least 1 recent "
                    + "step, 0 or more older ones, and a spacing of 1 or more")
        }
        let (reach, overflow) = older.multipliedReportingOverflow(by: spacing)
        guard !overflow, !reach.addingReportingOverflow(recent).overflow else {
            throw RecurrentError("a window of \(older) steps, \(spacing) apart, is longer than can be counted")
        }
        self.recent = recent
        self.older = older
        self.spacing = spacing
    }

    /// Reads `{"older": ..., "recent": ..., "spacing": ...}`.
    ///
    /// - Throws: `RecurrentError` as `init(recent:older:spacing:)`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            recent: container.decode(Int.self, forKey: .recent), older: container.decode(Int.self, forKey: .older),
            spacing: container.decode(Int.self, forKey: .spacing))
    }
}
