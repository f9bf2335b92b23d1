import Recurrent

/// Texts, each with the name of its class.
public struct LabelledTexts: Equatable, Sendable, SeparableExamples {
    /// Which columns of a file hold the texts and their labels.
    public struct Columns: Equatable, Codable, Sendable {
        /// The column of the texts: a name of the header, where the file has one, or a number from 1.
        public let text: String
        /// The column of the labels, likewise.
        public let label: String

        /// Makes a choice of columns.
        public init(text: String, label: String) {
            self.text = text
            self.label = label
        }
    }

    /// A text and the name of its class, as they are read.
    struct Example {
        let text: String
        let label: String
    }

    /// The texts, without blanks around them. One that occurs several times is kept as often.
    public let texts: [String]
    /// The class of every text: its place in `labelNames`.
    public let labels: [Int]
    /// The names of the classes, in order: at least two.
    public let labelNames: [String]
    /// How many examples were left out because they were empty, when the texts were read from files.
    public let skippedCount: Int

    /// The number of texts.
    public var count: Int { texts.count }

    /// The most classes that are told apart.
    package static let mostLabels = 10_000

    /// Leaves out empty texts and numbers the labels.
    ///
    /// - Throws: `RecurrentError` where there are fewer than two classes.
    init(_ examples: [Example], skippedCount: Int = 0, name: String) throws {
        let full = examples.compactMap { example -> Example? in
            let text = Self.trimmed(example.text)
            return text.isEmpty ? nil : Example(text: text, label: example.label)
        }
        labelNames = Set(full.map(\.label)).sorted()
        guard labelNames.count >= 2 else {
            let found = labelNames.first.map { "only the label \"\($0.prefix(40))\"" } ?? "no labelled texts"
            throw RecurrentError("\(name): found \(found); expected texts of at least two labels")
        }
        guard labelNames.count <= Self.mostLabels else {
            throw RecurrentError(
                "\(name): there are \(labelNames.count) different labels; expected at most \(Self.mostLabels). Are text "
                    + "and label the wrong way round?")
        }
        let places = Dictionary(uniqueKeysWithValues: zip(labelNames, labelNames.indices))
        texts = full.map(\.text)
        labels = full.map { places[$0.label] ?? 0 }
        self.skippedCount = skippedCount + examples.count - full.count
    }

    private init(_ whole: LabelledTexts, indices: [Int]) {
        texts = indices.map { whole.texts[$0] }
        labels = indices.map { whole.labels[$0] }
        labelNames = whole.labelNames
        skippedCount = 0
    }

    /// Divides the texts into three parts, each class in the same shares. Every part keeps the order of the whole, and
    /// its label names.
    public func divided(by division: Division) -> Parts<LabelledTexts> {
        division.places(classes: labels).map { LabelledTexts(self, indices: $0) }
    }

    /// A text without the blanks of ASCII around it.
    package static func trimmed(_ text: some StringProtocol) -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        var bytes = Array(text.utf8)[...].drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
