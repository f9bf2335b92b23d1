import TestSupport
import Testing

@testable import Recurrent

/// An attention of one kind, made from tensors by name.
struct TestAttention: Sendable, CustomTestStringConvertible {
    let kind: AttentionKind
    static let all = AttentionKind.allCases.map(TestAttention.init)
    static let (steps, time, batch, query, memory, units) = (3, 4, 3, 5, 6, 7)

    var testDescription: String { kind.rawValue }

    /// Queries, states and weights.
    func tensors(precision: Precision = .double) -> [String: Tensor] {
        let isDot = kind == .dot || kind == .scaledDot
        var shapes = [
            "queries": [Self.steps, Self.batch, Self.query],
            "states": [Self.time, Self.batch, isDot ? Self.query : Self.memory],
        ]
        if kind == .additive {
            shapes["queryWeight"] = [Self.query, Self.units]
            shapes["keyWeight"] = [Self.memory, Self.units]
            shapes["scoreVector"] = [Self.units]
        }
        if kind == .general { shapes["keyWeight"] = [Self.memory, Self.query] }
        return Dictionary(
            uniqueKeysWithValues: shapes.sorted { $0.key < $1.key }.enumerated().map { place, entry in
                (entry.key, noise(entry.value, UInt64(40 + place), precision: precision))
            })
    }

    func layer(_ given: [String: Tensor]) -> Attention {
        switch kind {
        case .additive:
            .additive(
                queryWeight: given["queryWeight"]!, keyWeight: given["keyWeight"]!, scoreVector: given["scoreVector"]!)
        case .general: .general(weight: given["keyWeight"]!)
        case .dot: .dot()
        case .scaledDot: .dot(isScaled: true)
        }
    }

    func memory(_ given: [String: Tensor], _ lengths: [Int]?) -> AttentionMemory {
        layer(given).memory(of: given["states"]!, lengths: lengths)
    }
}

@Suite struct AttentionTests {
    static let lengths: [[Int]?] = [nil, [4, 0, 2], [1, 4, 3]]

    private static func loss(_ result: (contexts: Tensor, weights: Tensor)) -> Tensor {
        weighted(result.contexts) + weighted(result.weights, 5)
    }

    /// Contexts, weights and all gradients.
    @Test(arguments: TestAttention.all, lengths)
    func theFusedOneIsThePlainOne(_ attention: TestAttention, lengths: [Int]?) {
        for (precision, tolerance) in [(Precision.double, 1e-12), (.single, 1e-5)] {
            let runs = [false, true].map { isPlain -> [Tensor] in
                let tracked = attention.tensors(precision: precision).mapValues { $0.tracked() }
                let memory = attention.memory(tracked, lengths)
                let result =
                    isPlain ? memory.allPlainly(tracked["queries"]!) : memory.contexts(for: tracked["queries"]!)
                let all = tracked.keys.sorted().map { tracked[$0]! }
                return [result.contexts, result.weights] + gradients(of: Self.loss(result), withRespectTo: all)
            }
            for (index, (a, b)) in zip(runs[0], runs[1]).enumerated() {
                #expect(difference(a, b) < tolerance, "\(precision) \(index)")
            }
        }
    }

    @Test(arguments: TestAttention.all, lengths)
    func gradientsAgreeWithNumericalOnes(_ attention: TestAttention, lengths: [Int]?) {
        let tensors = attention.tensors()
        let names = tensors.keys.sorted()
        let check = checkGradients(at: names.map { tensors[$0]! }) { inputs in
            let given = Dictionary(uniqueKeysWithValues: zip(names, inputs))
            return Self.loss(attention.memory(given, lengths).contexts(for: given["queries"]!))
        }
        #expect(check.largestError < 1e-7, "\(names[check.place.input]) \(check)")
    }

    /// Only one of the two results may be used.
    @Test(arguments: TestAttention.all)
    func gradientsOfContextsOrWeightsAlone(_ attention: TestAttention) {
        let tensors = attention.tensors()
        let names = tensors.keys.sorted()
        for isWeights in [false, true] {
            let check = checkGradients(at: names.map { tensors[$0]! }) { inputs in
                let given = Dictionary(uniqueKeysWithValues: zip(names, inputs))
                let result = attention.memory(given, [4, 1, 2]).contexts(for: given["queries"]!)
                return weighted(isWeights ? result.weights : result.contexts)
            }
            #expect(check.largestError < 1e-7, "\(names[check.place.input]) \(check)")
        }
    }

    /// Weights are exactly zero in the padding and add up to 1 before it; what stands there, NaN too, changes nothing,
    /// and gets no gradient.
    @Test(arguments: TestAttention.all)
    func paddingIsNeverLookedAt(_ attention: TestAttention) {
        let lengths = [4, 0, 2]
        let (time, batch) = (TestAttention.time, TestAttention.batch)
        let runs = [Float(0), .nan, 1e30].map { filling -> [Tensor] in
            var tracked = attention.tensors()
            let states = tracked["states"]!
            tracked["states"] = select(
                runningSteps(lengths, time: time), states, .full(Double(filling), shape: [], precision: .double))
            tracked = tracked.mapValues { $0.tracked() }
            let result = attention.memory(tracked, lengths).contexts(for: tracked["queries"]!)
            let all = tracked.keys.sorted().map { tracked[$0]! }
            return [result.contexts, result.weights] + gradients(of: Self.loss(result), withRespectTo: all)
        }
        for run in runs { #expect(run.map(bits) == runs[0].map(bits)) }
        let weights = runs[0][1].doubles
        for row in 0..<TestAttention.steps * batch {
            let own = weights[row * time..<(row + 1) * time]
            let length = lengths[row % batch]
            #expect(own.dropFirst(length).allSatisfy { $0 == 0 })
            #expect(abs(own.reduce(0, +) - (length == 0 ? 0 : 1)) < 1e-12)
        }
        let names = attention.tensors().keys.sorted()
        let gradient = runs[0][2 + names.firstIndex(of: "states")!]
        let width = gradient.shape[2]
        for (place, value) in gradient.doubles.enumerated() {
            let (t, b) = (place / width / batch, place / width % batch)
            if t >= lengths[b] { #expect(value == 0) }
        }
    }

    @Test func aBatchGivesWhatSingleSequencesGive() {
        for attention in TestAttention.all {
            let given = attention.tensors()
            let lengths = [4, 1, 3]
            let whole = attention.memory(given, lengths).contexts(for: given["queries"]!)
            for (place, length) in lengths.enumerated() {
                var single = given
                single["states"] = given["states"]!.slice(axis: 1, place..<place + 1).slice(0..<length)
                let queries = given["queries"]!.slice(axis: 1, place..<place + 1)
                let alone = attention.memory(single, nil).contexts(for: queries)
                #expect(difference(alone.contexts, whole.contexts.slice(axis: 1, place..<place + 1)) < 1e-12)
                let own = whole.weights.slice(axis: 1, place..<place + 1).slice(axis: 2, 0..<length)
                #expect(difference(alone.weights, own) < 1e-12)
            }
        }
    }

    @Test func aMemoryIsRepeatedForEveryHypothesis() {
        for attention in TestAttention.all {
            let given = attention.tensors()
            let memory = attention.memory(given, [4, 0, 2])
            let query = given["queries"]![0]
            let rows = IntegerTensor([0, 0, 1, 1, 2, 2])
            let (context, weights) = memory(query)
            let repeated = memory.repeated(2)(query.gather(rows))
            #expect(bits(repeated.context) == bits(context.gather(rows)))
            #expect(bits(repeated.weights) == bits(weights.gather(rows)))
        }
    }

    /// The same bits on one thread and on several.
    @Test(arguments: TestAttention.all)
    func threadsDoNotMatter(_ attention: TestAttention) {
        let (time, batch, width) = (40, 30, 64)
        let isDot = attention.kind == .dot || attention.kind == .scaledDot
        func run() -> [[UInt64]] {
            var given = attention.tensors(precision: .single)
            let query = isDot ? width : TestAttention.query
            given["states"] = noise([time, batch, isDot ? width : TestAttention.memory], 1, precision: .single)
            given["queries"] = noise([20, batch, query], 2, precision: .single)
            given = given.mapValues { $0.tracked() }
            let lengths = (0..<batch).map { $0 + 5 }
            let result = attention.memory(given, lengths).contexts(for: given["queries"]!)
            let all = given.keys.sorted().map { given[$0]! }
            return ([result.contexts, result.weights] + gradients(of: Self.loss(result), withRespectTo: all)).map(bits)
        }
        let runs = onThreads([1, 2, 3, 2, 3]) { run() }
        #expect(runs.allSatisfy { $0 == runs[0] })
    }

    struct Fixtures: Decodable {
        struct Case: Decodable {
            let kind: AttentionKind
            let lengths: [Int]
            let tensors: [String: Fixture.Numbers]
        }
        let attention: [Case]
        let cells: [Case]
    }

    @Test func contextsWeightsAndGradientsArePyTorchs() throws {
        let cases = try Fixture.decode("attention", as: Fixtures.self).attention
        #expect(Set(cases.map(\.kind)) == Set(AttentionKind.allCases))
        for fixture in cases {
            let expected = fixture.tensors.mapValues { $0.tensor() }
            let isGiven = { (name: String) in !name.contains(".") && !name.hasSuffix("Gradient") }
            let given = expected.filter { isGiven($0.key) && $0.key != "contexts" && $0.key != "weights" }
                .mapValues { $0.tracked() }
            let result = TestAttention(kind: fixture.kind).memory(given, fixture.lengths).contexts(
                for: given["queries"]!)
            let loss = (result.contexts * expected["contextsGradient"]!).sum()
            var found = ["contexts": result.contexts, "weights": result.weights]
            let names = given.keys.sorted()
            for (name, gradient) in zip(names, gradients(of: loss, withRespectTo: names.map { given[$0]! })) {
                found["gradient." + name] = gradient
            }
            expectEqual(
                found, expected.filter { found[$0.key] != nil }, within: 1e-8, fixture.kind.rawValue)
            #expect(found.count == 2 + given.count)
        }
    }

    @Test func aLayerMakesTheParametersOfItsKind() {
        func names(_ kind: AttentionKind) -> [String] {
            Model(seed: 1) { Attention(kind, querySize: 4, memorySize: 4, &$0["attention"]) }
                .parameters.layout.entries.map { "\($0.name) \($0.shape)" }
        }
        #expect(
            names(.additive) == [
                "attention.queryWeight [4, 4]", "attention.keyWeight [4, 4]", "attention.scoreVector [4, 1]",
            ])
        #expect(names(.general) == ["attention.keyWeight [4, 4]"])
        #expect(names(.dot).isEmpty && names(.scaledDot).isEmpty)
    }
}
