import ArgumentParser
import Recurrent
import RecurrentTraining

extension AttentionKind: ExpressibleByArgument {}

/// What a network has that reads one sequence and writes another.
struct EncoderDecoderOptions: ParsableArguments {
    @OptionGroup var layers: LayerOptions

    @Option(help: "How the decoder looks at the encoder's states.")
    var attention: AttentionChoice?

    @Flag(
        inversion: .prefixedNo,
        help: "Let the decoder's next step read what the last one saw, as Bahdanau et al. do, step by step.")
    var feedContext: Bool?

    @Flag(inversion: .prefixedNo, help: "Read the source in both directions.")
    var bidirectional: Bool?

    @Flag(inversion: .prefixedNo, help: "Read the source from its end.")
    var reversed: Bool?

    @Option(parsing: .unconditional, help: "Width of the tokens' embeddings, 0 for one-hot tokens.")
    var embeddingSize: Int?

    /// Takes over what the options say; where they say nothing, the network is the initial configuration's.
    func apply<Configuration: EncoderDecoderTaskConfiguration>(
        to configuration: inout Configuration, from initial: Configuration?
    ) {
        configuration.set(\.network, initial?.network)
        layers.apply(to: &configuration, from: initial)
        if let attention { configuration.network.attention = attention.kind }
        if let feedContext { configuration.network.feedsContext = feedContext }
        if let bidirectional { configuration.network.isBidirectional = bidirectional }
        if let reversed { configuration.network.reversesSource = reversed }
        if let embeddingSize { configuration.network.embeddingSize = embeddingSize == 0 ? nil : embeddingSize }
    }
}

/// A kind of attention, or none.
struct AttentionChoice: ExpressibleByArgument {
    let kind: AttentionKind?

    init?(argument: String) {
        kind = AttentionKind(rawValue: argument)
        if kind == nil && argument != "none" { return nil }
    }

    static let allValueStrings = ["none"] + AttentionKind.allCases.map(\.rawValue)
}
