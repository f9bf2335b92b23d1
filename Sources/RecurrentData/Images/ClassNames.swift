import Recurrent

/// The names of classes, each spelled as tokens: a number for every letter, and one that says where the name ends.
public struct ClassNames: Equatable, Sendable {
    /// The English names of the digits.
    public static let digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

    /// The names; their places are the classes' numbers.
    public let names: [String]
    private let letters: CharacterVocabulary
    private let spellings: [[Int32]]

    /// Finds the letters of names.
    ///
    /// - Parameters:
    ///   - names: The names by the classes' numbers.
    ///   - source: What errors call the names, usually the path of their file.
    /// - Throws: `RecurrentError` where a name is empty or stands twice, or there are fewer than two letters.
    public init(_ names: [String], source: String = "the names") throws {
        for (index, name) in names.enumerated() {
            guard !name.isEmpty else { throw RecurrentError("\(source): the name of class \(index) is empty") }
            guard let first = names.firstIndex(of: name), first == index else {
                throw RecurrentError("\(source): \"\(name)\" stands twice; expected a name of its own for every class")
            }
        }
        self.names = names
        let letters = try CharacterVocabulary(of: names, isNormal: false, name: source)
        self.letters = letters
        spellings = try names.map { try letters.encode($0) + [Int32(letters.size)] }
    }

    /// Reads a file with a name a line, the first that of class 0.
    ///
    /// - Throws: `RecurrentError` where it cannot be read or is not UTF-8, and as `init(_:source:)`.
    public init(path: String) throws {
        let file = try TextLines(path: path)
        guard file.emptyCount == 0 else {
            throw RecurrentError("\(path): there are \(file.emptyCount) empty lines; expected a name on every line")
        }
        try self.init(file.lines.map(\.text), source: path)
    }

    /// The number of tokens: the letters and the end.
    package var tokenCount: Int { letters.size + 1 }

    /// The token after a name's last letter. A network that writes names begins after it too.
    public var endToken: Int32 { Int32(letters.size) }

    /// The number of tokens of the longest name, its end included.
    package var longest: Int { spellings.map(\.count).max() ?? 0 }

    /// The letters of a class's name, and the end.
    public func spelling(of label: Int) -> [Int32] {
        require(names.indices.contains(label), "there is no name for class \(label) among \(names.count)")
        return spellings[label]
    }

    /// The letters of a spelling, up to its end.
    public func text(of spelling: [Int32]) -> String {
        let scalars = spelling.prefix { $0 != endToken }.map { letters.characters[Int($0)] }
        return String(String.UnicodeScalarView(scalars))
    }
}

extension ClassNames: Codable {
    /// Reads the list of names.
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode([String].self))
    }

    /// Writes the list of names.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(names)
    }
}
