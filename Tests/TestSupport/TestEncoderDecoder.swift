import Recurrent
import Testing

/// Encoders and decoders of every make.
package struct TestEncoderDecoder: Sendable, CustomTestStringConvertible {
    package let configuration: EncoderDecoderConfiguration

    package static let all: [TestEncoderDecoder] = [
        .init { _ in },
        .init { $0.reversesSource = true },
        .init { ($0.cell, $0.layers, $0.embeddingSize) = (.gru, 2, 5) },
        .init { ($0.isBidirectional, $0.layers) = (true, 2) },
        .init { ($0.attention, $0.feedsContext, $0.isBidirectional, $0.embeddingSize) = (.additive, true, true, 4) },
        .init { ($0.attention, $0.feedsContext, $0.layers) = (.scaledDot, true, 2) },
        .init { ($0.attention, $0.cell, $0.reversesSource) = (.dot, .gru, true) },
        .init { ($0.attention, $0.isBidirectional, $0.embeddingSize) = (.general, true, 4) },
        .init { $0.attention = .additive },
    ]

    package init(_ change: (inout EncoderDecoderConfiguration) -> Void) {
        var configuration = EncoderDecoderConfiguration()
        configuration.hiddenSize = 6
        change(&configuration)
        self.configuration = configuration
    }

    package var testDescription: String {
        let c = configuration
        return "\(c.cell) x \(c.layers), \(c.attention?.rawValue ?? "no attention"), fed \(c.feedsContext), "
            + "both ways \(c.isBidirectional), reversed \(c.reversesSource)"
    }

    package func model(seed: UInt64 = 3, sourceTokens: Int = 9, targetTokens: Int = 8) -> Model<EncoderDecoder> {
        Model(seed: seed) {
            EncoderDecoder(configuration, sourceVocabulary: sourceTokens, targetVocabulary: targetTokens, &$0)
        }
    }
}
