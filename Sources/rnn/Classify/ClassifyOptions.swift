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

    @OptionGroup var division: DivisionOptions

    func apply(to configuration: inout ClassifyConfiguration) {
        configuration.set(\.level, level)
        configuration.set(\.embeddingSize, embeddingSize)
        configuration.set(\.sequenceLength, seqLength)
        division.apply(to: &configuration)
    }
}
