import ArgumentParser
import Recurrent

extension TextConfiguration.Level: ExpressibleByArgument {}
extension CellKind: ExpressibleByArgument {}

/// What a text model is.
struct TextOptions: ParsableArguments {
    @Option(help: "A token is a character (Unicode scalar) or a byte (default: character).")
    var level: TextConfiguration.Level?

    @Option(help: "The recurrent cell (default: lstm).")
    var model: CellKind?

    @Option(parsing: .unconditional, help: "Hidden units of a layer (default: 128).")
    var rnnSize: Int?

    @Option(parsing: .unconditional, help: "Layers (default: 2).")
    var numLayers: Int?

    @Option(
        parsing: .unconditional,
        help: "Steps of a window, the reach of back-propagation through time (default: 50).")
    var seqLength: Int?

    @Option(parsing: .unconditional, help: "Parallel streams the text is cut into (default: 50).")
    var batchSize: Int?

    @Option(parsing: .unconditional, help: "Probability of dropping an output of a layer in training (default: 0).")
    var dropout: Float?

    @Option(parsing: .unconditional, help: "Share of the text, at its end, that validates (default: 0.05).")
    var valFraction: Double?

    @Option(parsing: .unconditional, help: "Added to an LSTM's forget gate (default: 0; 1 for the built-in sentence).")
    var forgetBias: Float?

    @Option(help: "Initialiser of the weights: \(Initializer.names.joined(separator: ", ")) (default: glorot-uniform).")
    var initializer: String?

    @Option(parsing: .unconditional, help: "A whole number from 0, which all that is random follows from (default: 1).")
    var seed: UInt64?

    func apply(to configuration: inout TextConfiguration) {
        func set<Value>(_ path: WritableKeyPath<TextConfiguration, Value>, _ value: Value?) {
            if let value { configuration[keyPath: path] = value }
        }
        set(\.level, level)
        set(\.cell, model)
        set(\.hiddenSize, rnnSize)
        set(\.layers, numLayers)
        set(\.sequenceLength, seqLength)
        set(\.batchSize, batchSize)
        set(\.dropout, dropout)
        set(\.validationFraction, valFraction)
        set(\.forgetBias, forgetBias)
        set(\.initializer, initializer)
        set(\.seed, seed)
    }
}
