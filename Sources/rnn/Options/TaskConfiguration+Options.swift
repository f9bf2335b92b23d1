import RecurrentTraining

extension TaskConfiguration {
    /// Takes over what an option says, where it is given.
    mutating func set<Value>(_ path: WritableKeyPath<Self, Value>, _ value: Value?) {
        if let value { self[keyPath: path] = value }
    }
}
