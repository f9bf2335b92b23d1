/// A number that a user chose, by the name of its option on the command line.
struct Option<Value> {
    let name: String
    let value: Value

    init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// - Throws: `RecurrentError` with the option's name, its value and what is expected, where it is not valid.
    func require(_ isValid: Bool, _ expected: String) throws {
        guard isValid else { throw RecurrentError("\(name) is \(value); expected \(expected)") }
    }
}

extension Option where Value == Int {
    /// - Throws: `RecurrentError` where the number is out of the range.
    func require(in range: ClosedRange<Int>) throws {
        try require(range.contains(value), "\(range.lowerBound) to \(range.upperBound)")
    }
}
