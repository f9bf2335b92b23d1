/// A strict scanner of the little JSON that the header of a safetensors file, or a file of tunes, may have: objects,
/// strings, lists and whole numbers.
///
/// Foundation's parser keeps one of two equal keys without a word, and does not tell where a value stands in the text.
package struct JSONScanner {
    private let bytes: [UInt8]
    /// What errors call the text, as "a.json, piece 2".
    package var name: String
    /// What errors count bytes from the beginning of, as "the header".
    private let part: String
    /// What errors say was expected, as "a safetensors file".
    private let expected: String
    /// Where the next byte is read.
    package private(set) var position = 0

    /// Makes a scanner of text that is known to be UTF-8.
    package init(_ bytes: [UInt8], name: String, part: String, expected: String) {
        self.bytes = bytes
        self.name = name
        self.part = part
        self.expected = expected
    }

    /// The error for what is wrong at a place of the text.
    package func failure(_ message: String, _ place: Int) -> RecurrentError {
        RecurrentError("\(name): byte \(place) of \(part): \(message); expected \(expected)")
    }

    /// Reads an object, calling a function with each key when its value is next.
    package mutating func object(_ member: (inout JSONScanner, _ key: String, _ place: Int) throws -> Void) throws {
        try expect(UInt8(ascii: "{"))
        skipSpaces()
        if skip(UInt8(ascii: "}")) { return }
        while true {
            skipSpaces()
            let place = position
            let key = try string()
            skipSpaces()
            try expect(UInt8(ascii: ":"))
            skipSpaces()
            try member(&self, key, place)
            skipSpaces()
            if skip(UInt8(ascii: "}")) { return }
            try expect(UInt8(ascii: ","))
        }
    }

    /// Reads a list, calling a function when an element is next.
    package mutating func list(_ element: (inout JSONScanner) throws -> Void) throws {
        try expect(UInt8(ascii: "["))
        skipSpaces()
        if skip(UInt8(ascii: "]")) { return }
        while true {
            skipSpaces()
            try element(&self)
            skipSpaces()
            if skip(UInt8(ascii: "]")) { return }
            try expect(UInt8(ascii: ","))
        }
    }

    /// Reads a list of whole numbers from 0.
    package mutating func integers() throws -> [Int] {
        var values: [Int] = []
        try list { scanner in values.append(try scanner.integer()) }
        return values
    }

    /// Reads a list of whole numbers from 0, which may have decimals of zeros: `73.0` is what programs write that keep all
    /// numbers as floating-point numbers.
    package mutating func wholeNumbers() throws -> [Int] {
        var values: [Int] = []
        try list { scanner in
            let start = scanner.position
            values.append(try scanner.integer())
            guard scanner.skip(UInt8(ascii: ".")) else { return }
            let decimals = scanner.position
            while scanner.skip(UInt8(ascii: "0")) {}
            let isCut = scanner.position < scanner.bytes.count && (48...57).contains(scanner.bytes[scanner.position])
            guard scanner.position > decimals, !isCut else {
                throw scanner.failure("this is no whole number from 0", start)
            }
        }
        return values
    }

    /// Reads a string, in quotation marks.
    mutating func string() throws -> String {
        try expect(UInt8(ascii: "\""))
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: String(try escaped()).utf8)
            case 0..<32: throw failure("a control character in a string", position - 1)
            default: text.append(byte)
            }
        }
        throw failure("the string does not end", position)
    }

    /// Checks that only spaces follow.
    package mutating func end() throws {
        skipSpaces()
        guard position == bytes.count else { throw failure("something follows the end", position) }
    }

    private mutating func integer() throws -> Int {
        let start = position
        var value = 0
        while position < bytes.count, (48...57).contains(bytes[position]) {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Int(bytes[position]) - 48)
            guard !overflow, !carry else { throw failure("the number is too large", start) }
            value = sum
            position += 1
        }
        let digits = position - start
        guard digits == 1 || (digits > 1 && bytes[start] != 48) else {
            throw failure("this is no whole number from 0", start)
        }
        return value
    }

    private mutating func escaped() throws -> Unicode.Scalar {
        guard position < bytes.count else { throw failure("the string does not end", position) }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try escapedScalar()
        default: throw failure("an unknown escape in a string", position - 2)
        }
    }

    /// Reads the four digits of a UTF-16 unit, and a second unit where the first is half a character.
    private mutating func escapedScalar() throws -> Unicode.Scalar {
        let place = position - 2
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) {
            let second = try unit()
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
        }
        throw failure("half a character in a string", place)
    }

    private mutating func unit() throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw failure("an escape needs four hexadecimal digits", position)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    /// Passes over white space.
    package mutating func skipSpaces() {
        while position < bytes.count, [9, 10, 13, 32].contains(bytes[position]) { position += 1 }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard skip(byte) else { throw failure("\"\(Character(Unicode.Scalar(byte)))\" is missing", position) }
    }
}
