import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentPictures
@testable import RecurrentTasks
@testable import RecurrentTraining

@Suite struct HandwritingTaskTests {
    /// Drawings of loops and zigzags, as a pen might make them, no two alike.
    static func drawings(_ count: Int, seed: UInt64 = 1) -> [PenDrawing] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { index in
            let numbers = random.uniform(count: 40, from: -0.1, to: 0.1).map(Double.init)
            let strokes = (0..<2).map { stroke in
                (0..<15).map { point -> SIMD2<Double> in
                    let t = Double(point) / 2
                    let shift = SIMD2(numbers[point + stroke], numbers[point + 20])
                    return index % 2 == 0
                        ? SIMD2(3 * cos(t) + 7 * Double(stroke), 3 * sin(t)) + shift
                        : SIMD2(2 * t + 7 * Double(stroke), point % 2 == 0 ? 2 : -2) + shift
                }
            }
            return PenDrawing(strokes: strokes)
        }
    }

    static var tiny: HandwritingConfiguration {
        var configuration = HandwritingConfiguration()
        configuration.data = "drawings"
        configuration.hiddenSize = 16
        configuration.layers = 2
        configuration.mixtures = 3
        configuration.batchSize = 8
        configuration.sequenceLength = 40
        configuration.optimization = Optimization(learningRate: 1e-2)
        return configuration
    }

    static var tinyText: HandwritingConfiguration {
        var configuration = tiny
        configuration.data = nil
        configuration.writesText = true
        configuration.lines = 40
        configuration.windowComponents = 3
        configuration.sequenceLength = 300
        return configuration
    }

    static func trainer(
        _ configuration: HandwritingConfiguration, _ source: HandwritingSource
    ) throws -> (Trainer<HandwritingTask>, HandwritingPreparation) {
        let preparation = try HandwritingTask.prepare(source, configuration)
        let task = try HandwritingTask(configuration, preparation: preparation, source: source)
        let model = HandwritingTask.makeModel(configuration, preparation)
        return (Trainer<HandwritingTask>(configuration, model: model, task: task), preparation)
    }

    @Test func piecesOfADrawingStandInOnePart() throws {
        // Every drawing moves by a number of its own, so that its pieces are known again.
        let drawings = (1...4).map { number in
            PenDrawing(steps: (0..<100).map { _ in PenStep(dx: Float(number), dy: 0, endsStroke: false) })
        }
        var configuration = Self.tiny
        configuration.sequenceLength = 9
        configuration.validationFraction = 0.5
        let parts = try HandwritingSource(drawings: PenDrawings(training: drawings), name: "long").parts(configuration)
        func owners(_ part: [PenDrawing]) -> Set<Float> { Set(part.map { $0.steps[1].dx }) }
        #expect(parts.training.count > 2 && parts.validation.count > 2)
        #expect(owners(parts.training).isDisjoint(with: owners(parts.validation)))
    }

    @Test func movementsAreForeseenBetterThanByOneGaussian() throws {
        let source = HandwritingSource(drawings: PenDrawings(training: Self.drawings(60)), name: "loops")
        var (trainer, preparation) = try Self.trainer(Self.tiny, source)
        #expect(trainer.task.stepsPerEpoch == 7 && preparation.characters.isEmpty)
        let before = try #require(try trainer.validation())
        for _ in 0..<150 { try trainer.advance() }
        let after = try #require(try trainer.validation())
        #expect(try #require(after.measures["gain"]) > 1 && after.loss < before.loss - 1, "\(after)")
        try trainer.model.evaluate { network in
            let writer = try HandwritingWriter(network, preparation, bias: 0, seed: 5)
            let samples = try writer.draw(3, movements: 50)
            #expect(samples.map(\.drawing.steps.count) == [51, 51, 51] && samples[0].windowWeights.isEmpty)
            #expect(samples[0].drawing != samples[1].drawing)
            let again = try HandwritingWriter(network, preparation, bias: 0, seed: 5).draw(3, movements: 50)
            #expect(again.map(\.drawing) == samples.map(\.drawing))
            // Neater drawings lie nearer to what is most likely: they are likelier on the whole.
            let neat = try HandwritingWriter(network, preparation, bias: 2, seed: 5).draw(3, movements: 50)
            let losses = [samples, neat].map { drawn in
                let scaled = drawn.map { preparation.scaler.transform($0.drawing) }
                let batch = HandwritingBatch(scaled, texts: [], symbols: 0)
                return batch.meanLoss(of: network).scalar
            }
            #expect(losses[1] < losses[0] - 0.3, "\(losses)")
        }
    }

    @Test func linesAreLearnedWithTheirTexts() throws {
        let configuration = Self.tinyText
        let source = try HandwritingTask.read(configuration)
        #expect(source.data.training.count == 40)
        var (trainer, preparation) = try Self.trainer(configuration, source)
        #expect(preparation.characters.contains("e") && preparation.characters.count > 20)
        let before = try #require(try trainer.validation())
        for _ in 0..<20 { try trainer.advance() }
        #expect(try #require(try trainer.validation()).loss < before.loss - 0.5)
        let text = String(preparation.characters.suffix(3))
        try trainer.model.evaluate { network in
            let writer = try HandwritingWriter(network, preparation, bias: 1, seed: 5)
            let samples = try writer.write([text, String(text.prefix(1))], stepsPerCharacter: 20)
            #expect(samples.map(\.drawing.text) == [text, String(text.prefix(1))])
            #expect(samples[0].windowWeights.allSatisfy { $0.count == 4 })
            #expect(samples[1].windowWeights.allSatisfy { $0.count == 2 })
            #expect(samples.allSatisfy { $0.drawing.steps.count == $0.windowWeights.count + ($0.isComplete ? 0 : 1) })
            #expect(samples.allSatisfy { $0.isComplete || $0.drawing.steps.count == 81 })
            #expect(samples[0].windowPath.values.count == 4)
            // A text alone is written as the same text beside another: side by side nothing is mixed.
            let alone = try writer.write([text], stepsPerCharacter: 20)
            #expect(alone[0].drawing.steps.prefix(20) == samples[0].drawing.steps.prefix(20))
            #expect(
                message { _ = try writer.write(["aß"]) }.hasPrefix(
                    "the character \"ß\" at place 2 of \"aß\" is not among those that the model has learned"))
            #expect(message { _ = try writer.write([""]) }.hasPrefix("the text is empty"))
        }
    }

    /// The gradients of the whole network, clipping out of reach, are the numerical ones in every parameter.
    @Test(arguments: [false, true])
    func theNetworksGradientsAreTheNumericalOnes(writesText: Bool) {
        var configuration = Self.tiny
        configuration.hiddenSize = 3
        configuration.mixtures = 2
        configuration.windowComponents = 2
        let symbols = writesText ? 4 : 0
        let sized = configuration
        let model = Model(seed: 2) { binder in HandwritingNetwork(sized, symbols: symbols, &binder) }
        let drawings = Self.drawings(3).map { PenDrawing(steps: Array($0.steps.prefix(6))) }
        let batch = HandwritingBatch(drawings, texts: [[0, 1], [2], [3, 3, 0]], symbols: symbols)
        var moving = model
        let found = moving.gradients { (loss: batch.meanLoss(of: $0), other: ()) }.gradients.values
        let values = model.parameters.values
        var worst: Float = 0
        for entry in model.parameters.layout.entries {
            for index in stride(from: entry.offset, to: entry.offset + entry.count, by: 5) {
                let step: Float = 1e-2
                let losses = [step, -step].map { shift -> Float in
                    var shifted = model
                    var own = Array(values[entry.offset..<entry.offset + entry.count])
                    own[index - entry.offset] += shift
                    shifted.parameters.set(entry.name, to: own)
                    return shifted.evaluate { batch.meanLoss(of: $0).scalar }
                }
                let numerical = (losses[0] - losses[1]) / (2 * step)
                worst = max(worst, abs(found[index] - numerical) / max(1, abs(numerical)))
            }
        }
        // In single precision the differences themselves are good to about a hundredth.
        #expect(worst < 0.03, "\(worst)")
    }

    @Test func gradientsOfLargeLossesAreClipped() {
        var configuration = Self.tiny
        configuration.mixtures = 1
        let sized = configuration
        let model = Model(seed: 2) { binder in HandwritingNetwork(sized, symbols: 0, &binder) }
        let far = PenDrawing(
            steps: Self.drawings(1)[0].steps.map { PenStep(dx: $0.dx * 1e6, dy: $0.dy, endsStroke: true) })
        let near = HandwritingBatch(Self.drawings(1), texts: [], symbols: 0)
        let steps = HandwritingBatch([far], texts: [], symbols: 0).targets
        var moving = model
        let gradients = moving.gradients { network in
            let outputs = network(near.movements).outputs
            return (loss: mixtureDensityLoss(outputs: outputs, targets: steps).sum(), other: ())
        }.gradients
        // Every step's derivative of an output is at most 100, and there are so many steps.
        let bias = gradients["output.bias"]?.values ?? []
        let bound = Float(100 * steps.shape[0])
        #expect(bias.allSatisfy { abs($0) <= bound } && bias.contains { abs($0) == bound })
    }

    @Test(arguments: [false, true])
    func aTrainingIsTakenUpAgainToTheBit(writesText: Bool) throws {
        try withTemporaryDirectory { directory in
            var configuration = writesText ? Self.tinyText : Self.tiny
            if !writesText {
                configuration.data = directory + "/drawings.ndjson"
                let lines = Self.drawings(60).map { drawing -> String in
                    let strokes = drawing.strokes.map { stroke in
                        "[[" + stroke.map { "\(($0.x * 10).rounded())" }.joined(separator: ",") + "],["
                            + stroke.map { "\(($0.y * 10).rounded())" }.joined(separator: ",") + "]]"
                    }
                    return "{\"word\":\"loop\",\"drawing\":[" + strokes.joined(separator: ",") + "]}"
                }
                try Data(lines.joined(separator: "\n").utf8).write(
                    to: URL(fileURLWithPath: directory + "/drawings.ndjson"))
            }
            let isTheSame = try leadsToTheSameBits(HandwritingTask.self, configuration, in: directory)
            #expect(isTheSame)
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        var configuration = Self.tiny
        configuration.data = nil
        #expect(message { _ = try HandwritingTask.read(configuration) }.hasPrefix("`data` is missing"))
        configuration.writesText = true
        try configuration.validate()
        configuration.mixtures = 0
        #expect(message { try configuration.validate() }.hasPrefix("`mixtures` is 0"))
        let untitled = HandwritingSource(drawings: PenDrawings(training: Self.drawings(4)), name: "loops")
        #expect(
            message { _ = try HandwritingTask.prepare(untitled, Self.tinyText) }
                == "loops: there is nothing to train on; expected drawings of 2 to 301 steps with their texts")
        let still = PenDrawing(steps: Array(repeating: PenStep(dx: 0, dy: 0, endsStroke: false), count: 5))
        let resting = HandwritingSource(drawings: PenDrawings(training: [still, still]), name: "dots")
        #expect(message { _ = try HandwritingTask.prepare(resting, Self.tiny) }.contains("standard deviation"))
        let model = HandwritingTask.makeModel(
            Self.tiny,
            try HandwritingTask.prepare(
                HandwritingSource(drawings: PenDrawings(training: Self.drawings(8)), name: "loops"), Self.tiny))
        let preparation = try HandwritingPreparation(Self.drawings(8), writesText: false)
        model.evaluate { network in
            #expect(
                message { _ = try HandwritingWriter(network, preparation, bias: -1, seed: 1) }
                    == "the bias is -1.0; expected 0 (as the data is) or more (neater)")
        }
    }
}
