/// How the learning rate changes from step to step.
public enum LearningRateSchedule: Codable, Sendable, Equatable {
    /// It stays.
    case constant
}
