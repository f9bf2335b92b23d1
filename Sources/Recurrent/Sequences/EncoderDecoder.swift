/// One recurrent network reads a sequence, another writes one: the encoder's last state is what the decoder begins from
/// (Sutskever, Vinyals and Le 2014; Cho et al. 2014), and with attention it also looks at all of the encoder's states.
///
///     let network = EncoderDecoder(configuration, sourceVocabulary: 500, targetVocabulary: 600, &binder)
///     let loss = network.loss(on: SequencePairs(sources: sources, targets: targets))
///     let written = try network.greedy(PaddedBatch(sources), maximumLength: 50)
///
/// Tokens 0 to 3 of the target's vocabulary are those of `SpecialToken`.
public struct EncoderDecoder: Sendable {
    typealias Layer = DroppedOut<AnyCell>
    typealias Layers = StackedCells<Layer>

    /// What it is made of.
    package let configuration: EncoderDecoderConfiguration
    /// From the decoder's outputs `[..., hidden]` to the logits of the target's tokens: a weight `[hidden, vocabulary]`
    /// and a bias `[vocabulary]`.
    public let output: Dense
    let sourceTokens: TokenInput
    let targetTokens: TokenInput
    let encoder: SourceEncoder
    let decoder: Layers
    let attention: Attention?
    let combination: Dense?

    /// Makes the network of a configuration, with parameters `source.table` and `target.table` where tokens are
    /// embedded, `encoder.0.inputWeight` and so on (`encoder.forward.0...`, `encoder.backward.0...` and
    /// `encoder.bridge.0...` where it reads in both directions), `decoder.0.inputWeight` and so on, `attention...` and
    /// `combination...` where it has attention, `output.weight` and `output.bias`.
    /// - Parameters:
    ///   - configuration: What it is made of.
    ///   - sourceVocabulary: The number of the sources' tokens.
    ///   - targetVocabulary: The number of the targets' tokens, the special ones included.
    ///   - binder: Where the parameters come from.
    public init(
        _ configuration: EncoderDecoderConfiguration, sourceVocabulary: Int, targetVocabulary: Int,
        _ binder: inout Binder
    ) {
        let hidden = configuration.hiddenSize
        self.configuration = configuration
        sourceTokens = TokenInput(sourceVocabulary, width: configuration.embeddingSize, &binder["source"])
        let targetTokens = TokenInput(targetVocabulary, width: configuration.embeddingSize, &binder["target"])
        self.targetTokens = targetTokens
        encoder = SourceEncoder(configuration, inputSize: sourceTokens.width, &binder["encoder"])
        let contextSize = configuration.feedsContext ? configuration.memorySize : 0
        decoder = StackedCells(
            (0..<configuration.layers).map { layer in
                configuration.layer(
                    inputSize: layer == 0 ? targetTokens.width + contextSize : hidden,
                    &binder["decoder", layer])
            })
        attention = configuration.attention.map { kind in
            Attention(kind, querySize: hidden, memorySize: configuration.memorySize, &binder["attention"])
        }
        combination =
            configuration.attention == nil
            ? nil
            : Dense(inputSize: hidden + configuration.memorySize, outputSize: hidden, &binder["combination"])
        output = Dense(inputSize: hidden, outputSize: targetVocabulary, &binder["output"])
    }

    /// What the encoder makes of sources.
    /// - Parameter source: The sources; one without tokens gives zero states.
    func encode(_ source: PaddedBatch) -> EncodedSource {
        let inputs = sourceTokens(source.tokens)
        let (outputs, state) = encoder(inputs, lengths: source.lengths)
        return EncodedSource(
            state: state, memory: attention?.memory(of: outputs, lengths: source.lengths), lengths: source.lengths)
    }

    /// What the decoder gives out after each token of `read`, which begin with `<bos>`: `[time, batch, hidden]`, zero
    /// past the ends; and with attention the weights of every step, `[time, batch, source time]`.
    ///
    /// These outputs are what `output`, or a sampled softmax in its place, makes logits of.
    func decode(_ read: PaddedBatch, from encoded: EncodedSource) -> (outputs: Tensor, weights: Tensor?) {
        let inputs = targetTokens(read.tokens)
        guard let memory = encoded.memory else {
            return (decoder.unroll(inputs, from: encoded.state, lengths: read.lengths).outputs, nil)
        }
        if configuration.feedsContext {
            let cell = AttentionCell(decoder, memory: memory)
            // Steps past the ends are made and then dropped: choosing in every step would cost more.
            let (result, weights) = cell.unrollWithWeights(inputs, from: cell.state(from: encoded.state))
            return (combined(result.outputs).zeroed(past: read.lengths), weights.zeroed(past: read.lengths))
        }
        let hidden = decoder.unroll(inputs, from: encoded.state, lengths: read.lengths).outputs
        let (contexts, weights) = memory.contexts(for: hidden)
        return (
            combined(.concatenated([hidden, contexts], axis: 2)).zeroed(past: read.lengths),
            weights.zeroed(past: read.lengths)
        )
    }

    /// tanh(W [hidden; context]) (Luong, Pham and Manning 2015, equation 5), where there is attention.
    func combined(_ seen: Tensor) -> Tensor { combination.map { $0(seen).tanh() } ?? seen }

    /// The decoder's outputs `[time, batch, hidden]` on pairs, each after the right tokens before it.
    package func outputs(on pairs: SequencePairs) -> Tensor { decode(pairs.read, from: encode(pairs.source)).outputs }

    /// The logits `[time, batch, vocabulary]` on pairs, each after the right tokens before it.
    public func logits(on pairs: SequencePairs) -> Tensor { output(outputs(on: pairs)) }

    /// The mean cross-entropy, in nats, of the tokens that are to be written, the ends included.
    public func loss(on pairs: SequencePairs) -> Tensor {
        sequenceLoss(logits: logits(on: pairs), targets: pairs.written.tokens, weights: pairs.weights)
    }
}

/// What an encoder makes of sources, as a decoder begins from it.
struct EncodedSource: Sendable {
    /// The decoder's first state.
    let state: EncoderDecoder.Layers.State
    /// What attention looks at; nil where there is none.
    let memory: AttentionMemory?
    /// The length of every source.
    let lengths: [Int]
}

extension EncoderDecoderConfiguration {
    /// One layer, with dropout on its outputs.
    func layer(inputSize: Int, _ binder: inout Binder) -> EncoderDecoder.Layer {
        DroppedOut(
            cell.make(inputSize: inputSize, hiddenSize: hiddenSize, &binder), output: dropout, &binder)
    }
}
