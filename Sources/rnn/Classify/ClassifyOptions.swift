import ArgumentParser
import RecurrentData
import RecurrentTasks

/// What a classifier is.
struct ClassifyOptions: ParsableArguments {
    @Option(help: "A token is a character (Unicode scalar), a byte, or a word (default: byte).")
    var level: TokenLevel?

    @Option(parsing: .unconditional, help: "Width of a word's vector, with --level word (default: 128).")
    var embeddingSize: Int?

    @Option(parsing: .unconditional, help: "Tokens after which a text is cut (default: 256).")
    var seqLength: Int?

    @Option(parsing: .unconditional, help: "Share of every class that chooses the best epoch (default: 0.1).")
    var valFraction: Double?

    @Option(parsing: .unconditional, help: "Share of every class that judges the result (default: 0.1).")
    var testFraction: Double?

    func apply(to configuration: inout ClassifyConfiguration) {
        func set<Value>(_ path: WritableKeyPath<ClassifyConfiguration, Value>, _ value: Value?) {
            if let value { configuration[keyPath: path] = value }
        }
        set(\.level, level)
        set(\.embeddingSize, embeddingSize)
        set(\.sequenceLength, seqLength)
        set(\.validationFraction, valFraction)
        set(\.testFraction, testFraction)
    }
}
