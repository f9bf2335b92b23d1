import Recurrent

/// The header of a `.npy` file: a Python dictionary of three known keys, and nothing else of Python.
struct NPYHeader {
    /// The type of the elements, such as `<f4`; where it is no string, all that stands there.
    private(set) var type = ""
    /// Whether the first axis runs fastest.
    private(set) var isFortranOrder = false
    /// The extent of every axis.
    private(set) var shape: [Int] = []

    private var rest: ArraySlice<UInt8>
    private let name: String

    /// Reads a header.
    ///
    /// - Throws: `RecurrentError` with what was expected.
    init(_ bytes: ArraySlice<UInt8>, name: String) throws {
        rest = bytes
        self.name = name
        var keys: [String] = []
        try expect("{")
        while !skip("}") {
            let key = try string()
            try expect(":")
            switch key {
            case "descr": type = skip("[") ? "[" + String(decoding: rest, as: UTF8.self) : try string()
            case "fortran_order": isFortranOrder = try boolean()
            case "shape": shape = try integers()
            default: throw failure("the key \(key.prefix(40))")
            }
            keys.append(key)
            // A structured type cannot be read whatever follows it.
            if type.hasPrefix("[") { return }
            if !skip(",") {
                try expect("}")
                break
            }
        }
        guard keys.sorted() == ["descr", "fortran_order", "shape"], skipBlanks() == nil else {
            throw failure("the keys \(keys)")
        }
    }

    private func failure(_ found: String) -> RecurrentError {
        RecurrentError(
            "\(name): the header has \(found) where it cannot be; expected "
                + "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }")
    }

    /// Passes over blanks; gives the next byte.
    @discardableResult
    private mutating func skipBlanks() -> UInt8? {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        return rest.first
    }

    private mutating func skip(_ text: String) -> Bool {
        skipBlanks()
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private mutating func expect(_ text: String) throws {
        guard skip(text) else { throw failure(rest.first.map { "the byte \($0)" } ?? "an end") }
    }

    private mutating func string() throws -> String {
        let mark = skipBlanks()
        guard let mark, mark == UInt8(ascii: "'") || mark == UInt8(ascii: "\"") else { throw failure("no string") }
        let begun = rest.dropFirst()
        guard let end = begun.firstIndex(of: mark) else { throw failure("a string without an end") }
        rest = begun[(end + 1)...]
        return String(decoding: begun[..<end], as: UTF8.self)
    }

    private mutating func boolean() throws -> Bool {
        if skip("True") { return true }
        try expect("False")
        return false
    }

    private mutating func integers() throws -> [Int] {
        try expect("(")
        var values: [Int] = []
        while !skip(")") {
            skipBlanks()
            let digits = rest.prefix { (48...57).contains($0) }
            guard let value = Int(String(decoding: digits, as: UTF8.self)) else { throw failure("no number") }
            rest = rest.dropFirst(digits.count)
            values.append(value)
            guard values.count <= 32 else { throw failure("more than 32 axes") }
            if !skip(",") {
                try expect(")")
                break
            }
        }
        return values
    }
}
