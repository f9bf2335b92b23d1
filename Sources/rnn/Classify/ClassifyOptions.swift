import ArgumentParser
import Recurrent

extension ClassifyConfiguration.Level: ExpressibleByArgument {}

/// What a classifier is.
struct ClassifyOptions: ParsableArguments {
    @Option(help: "A token is a character (Unicode scalar), a byte, or a word (default: byte).")
    var level: ClassifyConfiguration.Level?

    @Option(help: "The recurrent cell (default: lstm).")
    var model: CellKind?

    @Option(parsing: .unconditional, help: "Hidden units of a layer (default: 128; the notes have 512).")
    var rnnSize: Int?

    @Option(parsing: .unconditional, help: "Layers from each end of the text (default: 3).")
    var numLayers: Int?

    @Option(parsing: .unconditional, help: "Width of a word's vector, with --level word (default: 128).")
    var embeddingSize: Int?

    @Option(parsing: .unconditional, help: "Tokens after which a text is cut (default: 256).")
    var seqLength: Int?

    @Option(parsing: .unconditional, help: "Texts of a batch (default: 64).")
    var batchSize: Int?

    @Option(parsing: .unconditional, help: "Probability of dropping an output of a layer in training (default: 0).")
    var dropout: Float?

    @Option(parsing: .unconditional, help: "Share of every class that chooses the best epoch (default: 0.1).")
    var valFraction: Double?

    @Option(parsing: .unconditional, help: "Share of every class that judges the result (default: 0.1).")
    var testFraction: Double?

    @Option(
        parsing: .unconditional,
        help: "A whole number from 0, which all that is random follows from, the shares too (default: 1).")
    var seed: UInt64?

    func apply(to configuration: inout ClassifyConfiguration) {
        func set<Value>(_ path: WritableKeyPath<ClassifyConfiguration, Value>, _ value: Value?) {
            if let value { configuration[keyPath: path] = value }
        }
        set(\.level, level)
        set(\.cell, model)
        set(\.hiddenSize, rnnSize)
        set(\.layers, numLayers)
        set(\.embeddingSize, embeddingSize)
        set(\.sequenceLength, seqLength)
        set(\.batchSize, batchSize)
        set(\.dropout, dropout)
        set(\.validationFraction, valFraction)
        set(\.testFraction, testFraction)
        set(\.seed, seed)
    }
}
