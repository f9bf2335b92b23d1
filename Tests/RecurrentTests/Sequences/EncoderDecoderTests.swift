import TestSupport
import Testing

@testable import Recurrent

@Suite struct EncoderDecoderTests {
    private static let sources: [[Int32]] = [[4, 5, 6, 7], [], [8, 4], [5]]
    private static let targets: [[Int32]] = [[7, 6, 5], [4], [], [5, 5, 5, 6, 7]]

    @Test func thePairsAreReadAndWrittenWithTheirEnds() {
        let pairs = SequencePairs(sources: Self.sources, targets: Self.targets)
        #expect(pairs.source.lengths == [4, 0, 2, 1])
        #expect(pairs.read.lengths == [4, 2, 1, 6] && pairs.written.lengths == [4, 2, 1, 6])
        let (read, written) = (pairs.read.tokens, pairs.written.tokens)
        func column(_ tensor: IntegerTensor, _ place: Int) -> [Int32] { (0..<6).map { tensor.values[$0 * 4 + place] } }
        #expect(column(read, 0) == [1, 7, 6, 5, 0, 0] && column(written, 0) == [7, 6, 5, 2, 0, 0])
        #expect(column(read, 2) == [1, 0, 0, 0, 0, 0] && column(written, 2) == [2, 0, 0, 0, 0, 0])
        #expect(pairs.weights.sum().scalar == 13 && pairs.tokenCount == 13)
    }

    /// A longer companion, which brings padding, changes neither outputs nor gradients of a pair.
    @Test(arguments: TestEncoderDecoder.all)
    func paddingChangesNothing(_ test: TestEncoderDecoder) {
        let model = test.model()
        let whole = SequencePairs(sources: Self.sources, targets: Self.targets)
        let outputs = model.evaluate { $0.outputs(on: whole) }
        #expect(outputs.shape == [6, 4, 6])
        for place in Self.sources.indices {
            let pair = SequencePairs(sources: [Self.sources[place]], targets: [Self.targets[place]])
            let alone = model.evaluate { $0.outputs(on: pair) }
            let own = outputs.slice(axis: 1, place..<place + 1)
            let steps = pair.read.lengths[0]
            #expect(difference(alone, own.slice(0..<steps)) < 1e-5)
            #expect(own.slice(steps..<6).values.allSatisfy { $0 == 0 })
        }
    }

    /// What the padding of source or target says does not reach the loss or any gradient.
    @Test(arguments: TestEncoderDecoder.all)
    func whatStandsInThePaddingDoesNotMatter(_ test: TestEncoderDecoder) {
        func run(_ padding: Int32) -> (Float, [Float]) {
            var model = test.model()
            let source = PaddedBatch(Self.sources, padding: padding)
            let read = PaddedBatch(Self.targets.map { [1] + $0 }, padding: padding)
            let pairs = SequencePairs(sources: Self.sources, targets: Self.targets)
            let (loss, gradients, _) = model.gradients { network in
                let logits = network.output(network.decode(read, from: network.encode(source)).outputs)
                let loss = sequenceLoss(logits: logits, targets: pairs.written.tokens, weights: pairs.weights)
                return (loss: loss, other: ())
            }
            return (loss, gradients.values)
        }
        let (first, second) = (run(0), run(7))
        #expect(first.0 == second.0 && first.1 == second.1)
    }

    /// Step by step with the tokens that are right, the decoder says what it says of all steps at once.
    @Test(arguments: TestEncoderDecoder.all)
    func stepsAgreeWithTeacherForcing(_ test: TestEncoderDecoder) {
        let pairs = SequencePairs(sources: Self.sources, targets: Self.targets)
        test.model().evaluate { network in
            let encoded = network.encode(pairs.source)
            let (outputs, weights) = network.decode(pairs.read, from: encoded)
            let expected = network.output(outputs).logSoftmax()
            var state = network.initialState(encoded)
            for t in 0..<6 {
                let tokens = IntegerTensor(Array(pairs.read.tokens.values[t * 4..<(t + 1) * 4]))
                let step = network.step(tokens, state: state, memory: encoded.memory)
                state = step.state
                for (place, length) in pairs.read.lengths.enumerated() where t < length {
                    let own = place..<place + 1
                    #expect(difference(step.logProbabilities.slice(own), expected[t].slice(own)) < 1e-5)
                    if let weights, let given = step.attention {
                        #expect(difference(given.slice(own), weights[t].slice(own)) < 1e-5)
                    }
                }
            }
            #expect((weights == nil) == (test.configuration.attention == nil))
        }
    }

    /// A beam of one writes what greedy search does; a batch gives what single sources give; attention has a weight for
    /// every source token; nothing traps on an empty source or a maximum length of 0.
    @Test(arguments: TestEncoderDecoder.all)
    func searchesAgree(_ test: TestEncoderDecoder) throws {
        let source = PaddedBatch(Self.sources)
        try test.model(seed: 5).evaluate { network in
            for longest in [0, 5] {
                let greedy = try network.greedy(source, maximumLength: longest)
                let one = try network.beam(source, BeamSearch(width: 1, maximumLength: longest, lengthPenalty: 0))
                #expect(one.map { $0.map(\.tokens) } == greedy.map { [$0.tokens] })
                let search = try BeamSearch(width: 3, maximumLength: longest)
                #expect(try network.greedy(PaddedBatch([]), maximumLength: longest) == [])
                #expect(try network.beam(PaddedBatch([]), search) == [])
                let beams = try network.beam(source, search)
                for (place, tokens) in Self.sources.enumerated() {
                    let alone = try network.beam(PaddedBatch([tokens]), search)[0]
                    #expect(alone.map(\.tokens) == beams[place].map(\.tokens))
                    #expect(difference(alone.map(\.score), beams[place].map(\.score)) < 1e-5)
                    for hypothesis in beams[place] + [greedy[place]] {
                        let isAttending = test.configuration.attention != nil
                        let steps = hypothesis.tokens.count + (hypothesis.isComplete ? 1 : 0)
                        #expect(hypothesis.attention.count == (isAttending ? steps : 0))
                        #expect(hypothesis.attention.allSatisfy { $0.count == tokens.count })
                        #expect(!hypothesis.tokens.contains { $0 < 2 }, "neither padding nor a beginning")
                    }
                }
            }
        }
    }

    /// A reversed source is the source the other way round, each within its own length.
    @Test func aReversedSourceIsReadFromItsOwnEnd() {
        let forward = TestEncoderDecoder { _ in }.model()
        let reversed = TestEncoderDecoder { $0.reversesSource = true }.model()
        #expect(forward.parameters.layout == reversed.parameters.layout)
        let plain = SequencePairs(sources: Self.sources.map { $0.reversed() }, targets: Self.targets)
        let pairs = SequencePairs(sources: Self.sources, targets: Self.targets)
        let (a, b) = (forward.evaluate { $0.logits(on: plain) }, reversed.evaluate { $0.logits(on: pairs) })
        #expect(difference(a, b) < 1e-6)
    }

    @Test func droppingIsForTrainingOnly() {
        var model = TestEncoderDecoder { ($0.dropout, $0.attention) = (0.5, .dot) }.model()
        let pairs = SequencePairs(sources: Self.sources, targets: Self.targets)
        let losses = (0..<2).map { _ in model.gradients { (loss: $0.loss(on: pairs), other: ()) }.loss }
        #expect(losses[0] != losses[1])
        let evaluations = (0..<2).map { _ in model.evaluate { $0.loss(on: pairs).scalar } }
        #expect(evaluations[0] == evaluations[1])
    }

    @Test(arguments: TestEncoderDecoder.all)
    func aFewPairsAreLearnedByHeart(_ test: TestEncoderDecoder) throws {
        var configuration = test.configuration
        configuration.hiddenSize = 24
        var model = TestEncoderDecoder { $0 = configuration }.model()
        var optimizer = Adam(learningRate: 2e-2)
        let pairs = SequencePairs(sources: Self.sources, targets: Self.targets)
        for _ in 0..<150 { model.train(with: &optimizer, clipping: .globalNorm(1)) { $0.loss(on: pairs) } }
        let written = try model.evaluate { try $0.greedy(pairs.source, maximumLength: 10) }
        #expect(written.map(\.tokens) == Self.targets && written.allSatisfy(\.isComplete))
    }

    @Test func whatCannotBeIsRefused() {
        func refusal(_ change: (inout EncoderDecoderConfiguration) -> Void) -> String {
            var configuration = EncoderDecoderConfiguration()
            change(&configuration)
            return message { try configuration.validate() }
        }
        #expect(refusal { _ in } == "")
        #expect(refusal { $0.embeddingSize = 0 }.hasPrefix("`embeddingSize` is 0"))
        #expect(refusal { ($0.isBidirectional, $0.reversesSource) = (true, true) }.contains("both directions"))
        #expect(refusal { $0.feedsContext = true }.hasPrefix("without attention"))
        for kind in [AttentionKind.dot, .scaledDot] {
            #expect(refusal { ($0.isBidirectional, $0.attention) = (true, kind) }.contains("\"\(kind.rawValue)\""))
        }
        for test in TestEncoderDecoder.all { #expect(message { try test.configuration.validate() } == "") }
    }
}
