import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// A decoder whose probabilities follow from all that was written: a state of a few numbers for each row, moved by each
/// token.
private struct TinyDecoder {
    let tokenCount: Int
    let seed: UInt64
    private let width = 3

    private func weight(_ shape: [Int], _ place: UInt64) -> Tensor { noise(shape, seed &* 10 &+ place, scale: 1.5) }

    func start(_ sequences: Int) -> Tensor { noise([sequences, width], seed &+ 500) }

    /// As a step of a search: token 0 begins, token 1 ends.
    func step(_ tokens: IntegerTensor, _ state: Tensor) -> DecodingStep<Tensor> {
        let moved = tanh(
            state.matmul(weight([width, width], 1)) + weight([tokenCount, width], 2).gather(tokens))
        let logits = moved.matmul(weight([width, tokenCount], 3))
        return DecodingStep(logProbabilities: logits.logSoftmax(), state: moved, attention: moved.softmax())
    }

    /// Every sequence of at most `longest` tokens of which token 0 is none, with the logarithm of its probability.
    func all(from start: Tensor, longest: Int) -> [(tokens: [Int32], logProbability: Double)] {
        var found: [(tokens: [Int32], logProbability: Double)] = []
        func follow(_ written: [Int32], _ sum: Double, _ last: Int32, _ state: Tensor) {
            let next = step(IntegerTensor([last]), state)
            let logProbabilities = next.logProbabilities.values
            found.append((written, sum + Double(logProbabilities[1])))
            guard written.count < longest else { return }
            for token in 2..<tokenCount {
                follow(written + [Int32(token)], sum + Double(logProbabilities[token]), Int32(token), next.state)
            }
        }
        follow([], 0, 0, start)
        return found
    }
}

@Suite struct BeamSearchTests {
    private static let special = DecodingTokens(begin: 0, end: 1, excluded: [0])

    private static func beam(_ width: Int, longest: Int, penalty: Double = 0) throws -> BeamSearch {
        try BeamSearch(width: width, maximumLength: longest, lengthPenalty: penalty, tokens: special)
    }

    @Test(arguments: 1...8)
    func aBeamOfOneIsGreedy(_ seed: UInt64) throws {
        let decoder = TinyDecoder(tokenCount: 6, seed: seed)
        for longest in [0, 1, 4, 12] {
            let greedy = try GreedySearch(maximumLength: longest, tokens: Self.special)(
                from: decoder.start(5), rows: 5, step: decoder.step)
            let beams = try Self.beam(1, longest: longest)(from: decoder.start(5), sequences: 5, step: decoder.step)
            #expect(beams == greedy.map { [$0] })
            #expect(greedy.allSatisfy { $0.tokens.count <= longest })
            #expect(greedy.allSatisfy { $0.attention.count == $0.tokens.count + ($0.isComplete ? 1 : 0) })
        }
    }

    /// A beam as wide as there are sequences loses none: it finds the best, and the others in their order.
    @Test(arguments: 1...6, [0, 0.6, 2])
    func aBeamOfFullWidthIsExact(_ seed: UInt64, penalty: Double) throws {
        let decoder = TinyDecoder(tokenCount: 4, seed: seed)
        let longest = 3
        let all = decoder.all(from: decoder.start(1), longest: longest)
        #expect(all.count == 15)
        func score(_ tokens: [Int32], _ sum: Double) -> Double {
            sum / pow((5 + Double(tokens.count + 1)) / 6, penalty)
        }
        let ranked = all.sorted { score($0.tokens, $0.logProbability) > score($1.tokens, $1.logProbability) }
        let found = try Self.beam(40, longest: longest, penalty: penalty)(
            from: decoder.start(1), sequences: 1, step: decoder.step)[0]
        // Behind the complete ones stand the beginnings that were cut off.
        let complete = found.filter(\.isComplete)
        #expect(complete.map(\.tokens) == ranked.map(\.tokens))
        for (hypothesis, best) in zip(complete, ranked) {
            #expect(abs(hypothesis.logProbability - best.logProbability) < 1e-5)
            #expect(abs(hypothesis.score - score(best.tokens, best.logProbability)) < 1e-5)
        }
    }

    /// For several of thirty decoders a beam of 8 finds a likelier sequence than greedy search; no beam but one of full
    /// width is sure to.
    @Test func aWiderBeamFindsWhatGreedySearchMisses() throws {
        var better = 0
        for seed in UInt64(1)...30 {
            let decoder = TinyDecoder(tokenCount: 6, seed: seed)
            func best(_ width: Int) throws -> Double {
                try Self.beam(width, longest: 6)(from: decoder.start(1), sequences: 1, step: decoder.step)[0][0]
                    .logProbability
            }
            let (narrow, wide) = (try best(1), try best(8))
            if wide > narrow + 1e-6 { better += 1 }
        }
        #expect(better > 3)
    }

    /// The end has probability 0.4 at once; "2 2 end" has 0.36. By probability alone the first wins, and with length
    /// normalisation the second.
    @Test func lengthNormalisationChangesTheChoice() throws {
        func step(_ tokens: IntegerTensor, _ state: Tensor) -> DecodingStep<Tensor> {
            let written = state.values
            let rows = written.flatMap { count -> [Float] in
                let end: Float = count == 0 ? 0.4 : count == 1 ? 0.2 : 0.75
                return [0, end, 1 - end].map { log($0) }
            }
            return DecodingStep(logProbabilities: Tensor(rows, shape: [written.count, 3]), state: state + 1)
        }
        func best(_ penalty: Double) throws -> Hypothesis {
            try Self.beam(2, longest: 10, penalty: penalty)(from: .zeros([1, 1]), sequences: 1, step: step)[0][0]
        }
        let (plain, normalised) = (try best(0), try best(1))
        #expect(plain.tokens == [] && abs(plain.logProbability - log(0.4)) < 1e-6)
        #expect(normalised.tokens == [2, 2] && abs(normalised.logProbability - log(0.6 * 0.8 * 0.75)) < 1e-6)
        #expect(abs(normalised.score - log(0.36) / (8.0 / 6)) < 1e-6)
    }

    @Test(arguments: [1, 3, 5])
    func aBatchGivesWhatSingleSequencesGive(_ width: Int) throws {
        let decoder = TinyDecoder(tokenCount: 7, seed: 3)
        let start = decoder.start(6)
        let search = try Self.beam(width, longest: 8, penalty: 0.6)
        let whole = try search(from: start, sequences: 6, step: decoder.step)
        #expect(Set(whole.map { $0[0].tokens }).count > 1)
        for place in 0..<6 {
            let alone = try search(from: start.slice(place..<place + 1), sequences: 1, step: decoder.step)[0]
            #expect(alone.map(\.tokens) == whole[place].map(\.tokens))
            #expect(difference(alone.map(\.score), whole[place].map(\.score)) < 1e-6)
        }
    }

    /// Each token has the attention of the beginning that it continues.
    @Test func attentionGoesWithItsTokens() throws {
        let decoder = TinyDecoder(tokenCount: 5, seed: 4)
        let found = try Self.beam(4, longest: 5)(from: decoder.start(1), sequences: 1, step: decoder.step)[0]
        for hypothesis in found {
            var (state, last) = (decoder.start(1), Int32(0))
            for (place, attention) in hypothesis.attention.enumerated() {
                let step = decoder.step(IntegerTensor([last]), state)
                #expect(difference(step.attention!.doubles, attention.map(Double.init)) < 1e-6)
                state = step.state
                if place < hypothesis.tokens.count { last = hypothesis.tokens[place] }
            }
        }
    }

    /// A search is over when all sequences have ended, however long they could be.
    @Test(.timeLimit(.minutes(1)))
    func theEndOfAllIsTheEnd() throws {
        var steps = 0
        func step(_ tokens: IntegerTensor, _ state: Tensor) -> DecodingStep<Tensor> {
            steps += 1
            let end: Float = steps > 2 ? 0 : -.infinity
            let row: [Float] = [-.infinity, end, end == 0 ? -.infinity : 0]
            return DecodingStep(
                logProbabilities: Tensor((0..<tokens.count).flatMap { _ in row }, shape: [tokens.count, 3]),
                state: state)
        }
        let longest = 1_000_000_000
        let greedy = try GreedySearch(maximumLength: longest, tokens: Self.special)(
            from: .zeros([2, 1]), rows: 2, step: step)
        #expect(steps == 3 && greedy.map(\.tokens) == [[2, 2], [2, 2]])
        steps = 0
        let beams = try Self.beam(2, longest: longest)(from: .zeros([2, 1]), sequences: 2, step: step)
        #expect(steps == 3 && beams.map { $0[0].tokens } == [[2, 2], [2, 2]])
    }

    @Test func nothingThatCanComeIsNoTrap() throws {
        func nothing(_ tokens: IntegerTensor, _ state: Tensor) -> DecodingStep<Tensor> {
            DecodingStep(logProbabilities: .full(-.infinity, shape: [tokens.count, 3]), state: state)
        }
        let empty = Hypothesis(tokens: [], logProbability: 0, score: 0, isComplete: false)
        for width in [1, 4] {
            #expect(
                try Self.beam(width, longest: 3)(from: .zeros([2, 1]), sequences: 2, step: nothing) == [
                    [empty], [empty],
                ])
            #expect(try Self.beam(width, longest: 0)(from: .zeros([0, 1]), sequences: 0, step: nothing) == [])
        }
        let greedy = try GreedySearch(maximumLength: 3, tokens: Self.special)
        #expect(try greedy(from: .zeros([2, 1]), rows: 2, step: nothing) == [empty, empty])
    }

    @Test func whatCannotBeIsRefused() {
        #expect(
            message { _ = try BeamSearch(width: 0, maximumLength: 5) } == "the beam's width is 0; expected 1 to 1000")
        #expect(message { _ = try BeamSearch(width: 1001, maximumLength: 5) }.hasSuffix("expected 1 to 1000"))
        #expect(message { _ = try BeamSearch(width: 1, maximumLength: -1) }.hasPrefix("the maximum length is -1"))
        #expect(message { _ = try GreedySearch(maximumLength: -1) }.hasPrefix("the maximum length is -1"))
        for penalty in [-1, Double.nan, .infinity] {
            let refusal = message { _ = try BeamSearch(width: 1, maximumLength: 1, lengthPenalty: penalty) }
            #expect(refusal.hasPrefix("the length penalty is"))
        }
        func broken(_ tokens: IntegerTensor, _ state: Tensor) -> DecodingStep<Tensor> {
            DecodingStep(logProbabilities: .full(.nan, shape: [tokens.count, 3]), state: state)
        }
        let refusal = message { _ = try Self.beam(2, longest: 3)(from: .zeros([1, 1]), sequences: 1, step: broken) }
        #expect(refusal.hasSuffix("its weights are unusable"))
    }
}
