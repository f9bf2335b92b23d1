/// A number that a user chose, by the name of its property in backquotes, which the command knows its option by.
package struct Setting<Value> {
    package let name: String
    let value: Value

    /// Names a value.
    package init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// - Throws: `RecurrentError` with the name, the value and what is expected, where it is not valid.
    package func require(_ isValid: Bool, _ expected: String) throws {
        guard isValid else { throw RecurrentError("\(name) is \(value); expected \(expected)") }
    }
}

extension Setting where Value == Int {
    /// - Throws: `RecurrentError` where the number is out of the range.
    package func require(in range: ClosedRange<Int>) throws {
        try require(range.contains(value), "\(range.lowerBound) to \(range.upperBound)")
    }
}
