import Foundation

/// A configuration as it is written: with the name of its task, which says what kind of run it is.
struct StoredConfiguration<Configuration: TaskConfiguration>: Encodable {
    private let configuration: Configuration

    init(_ configuration: Configuration) { self.configuration = configuration }

    private enum CodingKeys: String, CodingKey {
        case task
    }

    func encode(to encoder: any Encoder) throws {
        try configuration.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Configuration.taskName, forKey: .task)
    }
}

extension TaskConfiguration {
    /// Reads a stored configuration. Properties that it lacks, since it is of a version before, have their default.
    ///
    /// - Throws: `DecodingError` where it is something else.
    init(stored json: Data) throws {
        var json = json
        while true {
            do {
                self = try JSONDecoder().decode(Self.self, from: json)
                return
            } catch let error as DecodingError {
                guard case .keyNotFound(let key, let context) = error,
                    let completed = try Self.completed(json, at: (context.codingPath + [key]).map(\.stringValue))
                else { throw error }
                json = completed
            }
        }
    }

    /// The stored configuration with the default of a property that it lacks; nil where there is none.
    private static func completed(_ json: Data, at path: [String]) throws -> Data? {
        let defaults = try JSONSerialization.jsonObject(with: JSONEncoder().encode(Self()))
        guard let object = inserting(at: path[...], of: try JSONSerialization.jsonObject(with: json), from: defaults)
        else { return nil }
        return try JSONSerialization.data(withJSONObject: object)
    }

    private static func inserting(at path: ArraySlice<String>, of stored: Any?, from defaults: Any?) -> Any? {
        guard let key = path.first else { return stored == nil ? defaults : nil }
        guard var object = stored as? [String: Any], let defaults = defaults as? [String: Any],
            let value = inserting(at: path.dropFirst(), of: object[key], from: defaults[key])
        else { return nil }
        object[key] = value
        return object
    }
}
