import Recurrent

/// The data of a task that makes its own: there is nothing to read, and nothing that could change.
public struct GeneratedSource: TaskSource {
    /// What messages call the data, as in "generated lists".
    public let name: String
    /// That of the name.
    public var fingerprint: String { Fingerprint(Array(name.utf8)).text }

    /// Names what is made.
    public init(name: String) { self.name = name }
}
