import Foundation

/// What was found out about a model: for people, and for machines.
struct Report {
    /// Lines of text.
    var lines: [String]
    /// The same as fields of JSON.
    var fields: [String: any Sendable]
    /// What is said to people beside it.
    var notes: [String] = []

    /// Shows it to people, or to machines.
    ///
    /// - Throws: `RecurrentError` where it cannot be written.
    func show(asJSON isJSON: Bool) throws {
        if isJSON { return try Console.json(fields) }
        try Console.result(lines.joined(separator: "\n"))
        notes.forEach(Console.note)
    }
}

extension Report {
    // Names that are shown beside the most probable one.
    private static let shownNext = 2

    /// What a model makes of a text: names and their probabilities, the most probable first.
    init(of text: String, _ names: [String], _ probabilities: [Float], fields: [String: any Sendable]) {
        let shares = zip(names, probabilities.map(Double.init))
        let shown = shares.prefix(1 + Self.shownNext).map { "\($0) " + String(format: "%.4f", $1) }
        lines = ["\(text) \(shown[0])  (\(shown.dropFirst().joined(separator: ", ")))"]
        self.fields = fields
        self.fields["probability"] = Double(probabilities[0])
        self.fields["probabilities"] = Dictionary(uniqueKeysWithValues: shares)
    }
}
