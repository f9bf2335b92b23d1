import Foundation
import TestSupport
import Testing

@testable import Recurrent

@Suite struct EncoderDecoderGradientTests {
    /// What PyTorch computes.
    struct Peer: Decodable {
        let sources, targets: [[Int32]]
        let logits: Fixture.Numbers
        let loss: Double
        let parameters: [String]
        let gradients: [String: Fixture.Numbers]
    }

    /// Two layers that read in both directions, their bridges, and attention: logits, loss and all gradients.
    @Test func bothWaysIsPyTorchs() throws {
        let peer = try Fixture.decode("encoder_decoder", as: Peer.self)
        let test = TestEncoderDecoder {
            ($0.hiddenSize, $0.layers, $0.embeddingSize) = (3, 2, 2)
            ($0.isBidirectional, $0.attention) = (true, .general)
        }
        var model = test.model(sourceTokens: 7, targetTokens: 6)
        #expect(model.parameters.layout.entries.map(\.name) == peer.parameters)
        for entry in model.parameters.layout.entries {
            let places = (entry.offset..<entry.offset + entry.count).map(Double.init)
            model.parameters.set(entry.name, to: places.map { Float(0.8 * sin(0.37 * $0 + 0.002 * $0 * $0)) })
        }
        let pairs = SequencePairs(sources: peer.sources, targets: peer.targets)
        let logits = model.evaluate { $0.logits(on: pairs) } * pairs.weights.reshaped(pairs.weights.shape + [1])
        #expect(difference(logits, peer.logits.tensor(.single)) < 1e-6)
        let result = model.gradients { (loss: $0.loss(on: pairs), other: ()) }
        #expect(abs(Double(result.loss) - peer.loss) < 1e-6)
        expectEqual(result.gradients.byName, peer.gradients.mapValues { $0.tensor(.single) }, within: 1e-6)
    }

    // MARK: Numerical gradients of the encoder

    private static let hidden = 3
    private static let directions = ["forward", "backward"]

    /// A sequence, and the weights of two layers of cells and of their bridges.
    private static func tensors(_ cell: TestCell) -> [String: Tensor] {
        var all = ["x": noise([4, 3, 2], 1)]
        let width = cell.kind == .lstm ? 2 * hidden : hidden
        for layer in 0..<2 {
            let size = TestCell.Size(input: layer == 0 ? 2 : 2 * hidden, hidden: hidden)
            for (place, direction) in directions.enumerated() {
                let own = cell.tensors(size, seed: UInt64(2 + 2 * layer + place), initialState: false)
                for (name, tensor) in own where name != "x" { all["\(direction).\(layer).\(name)"] = tensor }
            }
            all["bridge.\(layer).weight"] = noise([2 * width, width], UInt64(10 + layer), scale: 0.6)
            all["bridge.\(layer).bias"] = noise([width], UInt64(20 + layer), scale: 0.6)
        }
        return all
    }

    private static func encoder(_ cell: TestCell, _ given: [String: Tensor]) -> SourceEncoder {
        func layer(_ prefix: String) -> EncoderDecoder.Layer {
            let own = given.filter { $0.key.hasPrefix(prefix) }.map {
                (String($0.key.dropFirst(prefix.count)), $0.value)
            }
            return DroppedOut(cell.any(Dictionary(uniqueKeysWithValues: own)), random: nil)
        }
        return .bothWays(
            StackedBidirectional(
                (0..<2).map { Bidirectional(forward: layer("forward.\($0)."), backward: layer("backward.\($0).")) }),
            bridges: (0..<2).map { Dense(weight: given["bridge.\($0).weight"]!, bias: given["bridge.\($0).bias"]!) })
    }

    /// In double precision, of the outputs and of every layer's bridged state.
    @Test(arguments: [TestCell(kind: .lstm, forgetBias: 1), TestCell(kind: .resetAfter)], [[4, 4, 4], [4, 0, 2]])
    func gradientsOfTheEncoderAgreeWithNumericalOnes(_ cell: TestCell, lengths: [Int]) {
        let tensors = Self.tensors(cell)
        let names = tensors.keys.sorted()
        let check = checkGradients(at: names.map { tensors[$0]! }) { inputs in
            let given = Dictionary(uniqueKeysWithValues: zip(names, inputs))
            let (outputs, state) = Self.encoder(cell, given)(given["x"]!, lengths: lengths)
            return state.tensors.enumerated().reduce(weighted(outputs)) { $0 + weighted($1.element, UInt64($1.offset)) }
        }
        #expect(check.largestError < 1e-7, "\(names[check.place.input]) \(check)")
    }

    // MARK: Numerical gradients of the whole

    private static let pairs = SequencePairs(sources: [[1, 1, 2], [], [2]], targets: [[5, 4], [], [4, 4, 5]])

    /// The loss, in double precision from the logits on: those, as all that a model's parameters make, are single.
    private static func loss(_ model: Model<EncoderDecoder>) -> Double {
        let logits = model.evaluate { $0.logits(on: pairs) }.converted(to: .double)
        let weights = pairs.weights.converted(to: .double)
        return sequenceLoss(logits: logits, targets: pairs.written.tokens, weights: weights).doubles[0]
    }

    /// Every element of every parameter against central differences; of two steps' differences, such that the error of
    /// the second order cancels and steps can be large beside single precision's rounding (Richardson 1911).
    @Test(arguments: TestEncoderDecoder.all)
    func gradientsOfTheLossAgreeWithNumericalOnes(_ test: TestEncoderDecoder) {
        let tiny = TestEncoderDecoder {
            $0 = test.configuration
            ($0.hiddenSize, $0.embeddingSize) = (2, test.configuration.embeddingSize == nil ? nil : 3)
        }
        var model = tiny.model(sourceTokens: 3, targetTokens: 6)
        for (place, entry) in model.parameters.layout.entries.enumerated() {
            let values = noise(entry.shape, UInt64(30 + place), scale: 0.6, precision: .single).values
            model.parameters.set(entry.name, to: values)
        }
        let gradients = model.gradients { (loss: $0.loss(on: Self.pairs), other: ()) }.gradients.byName
        var worst = (error: 0.0, place: "nowhere")
        for (name, gradient) in gradients {
            #expect(gradient.values.contains { $0 != 0 }, "\(name)")
            let values = model.parameters[name]!.values
            func point(_ element: Int, _ shift: Float) -> (place: Double, loss: Double) {
                var moved = (model: model, values: values)
                moved.values[element] += shift
                moved.model.parameters.set(name, to: moved.values)
                return (Double(moved.values[element]), Self.loss(moved.model))
            }
            for (element, found) in gradient.doubles.enumerated() {
                let slopes = [Float(0.02), 0.04].map { step in
                    let (before, after) = (point(element, -step), point(element, step))
                    return (after.loss - before.loss) / (after.place - before.place)
                }
                let numerical = (4 * slopes[0] - slopes[1]) / 3
                let error = abs(found - numerical) / max(0.01, abs(found), abs(numerical))
                if !(error <= worst.error) { worst = (error, "\(name)[\(element)]: \(found), \(numerical)") }
            }
        }
        #expect(worst.error < 2e-3, "\(worst)")
    }
}
