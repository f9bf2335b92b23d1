/// What a task keeps that has to find nothing out from its data.
public struct NoPreparation: Codable, Sendable, Equatable {
    /// Makes it.
    public init() {}
}

extension StoredTask where Preparation == NoPreparation {
    /// Nothing is to be found out.
    public static func prepare(_ source: Source, _ configuration: Configuration) -> NoPreparation { NoPreparation() }
}
