/// How long the vectors of a file are that does not say it.
enum WordVectorWidth {
    // As many lines are compared.
    private static let lineCount = 10

    /// The number of numbers at the end of a line that most of the first lines have; of equally frequent ones, the
    /// earliest.
    ///
    /// One line does not tell: of `at 5 pm 0.1 0.2` and `page 3 0.1 0.2` the words have blanks.
    static func ofMostLines(_ bytes: ArraySlice<UInt8>) -> Int {
        var widths: [Int] = []
        var rest = bytes
        while widths.count < lineCount, !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest[line.endIndex...].dropFirst()
            let fields = line.wordVectorFields
            if fields.isEmpty { continue }
            widths.append(fields.dropFirst().reversed().prefix { $0.floatNumber != nil }.count)
        }
        let counts = Dictionary(widths.map { ($0, 1) }, uniquingKeysWith: +)
        let most = counts.values.max()
        return widths.first { counts[$0] == most } ?? 0
    }
}
