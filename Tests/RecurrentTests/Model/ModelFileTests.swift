import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// Models in files, whole and in parts, and parameters that training leaves as they are.
@Suite struct ModelFileTests {
    private struct Network {
        let cell: GRUCell
        let normalization: BatchNormalization
        let output: Dense

        init(outputs: Int = 2, _ binder: inout Binder) {
            cell = GRUCell(inputSize: 3, hiddenSize: 4, &binder["cell"])
            normalization = BatchNormalization(size: 4, &binder["normalization"])
            output = Dense(inputSize: 4, outputSize: outputs, &binder["output"])
        }

        func callAsFunction(_ x: Tensor) -> Tensor { output(normalization(cell.unroll(x).outputs, lengths: nil)) }
    }

    private static let inputs: Tensor = {
        var random = RandomSource(seed: 5, operation: 1)
        return Tensor(random.normal(count: 4 * 6 * 3), shape: [4, 6, 3])
    }()

    private static func trained(_ steps: Int = 3) -> Model<Network> {
        var model = Model(seed: 1) { Network(&$0) }
        var optimizer = Adam(learningRate: 0.1)
        for _ in 0..<steps { model.train(with: &optimizer) { $0(inputs).squared().mean() } }
        return model
    }

    @Test func theSameComesBack() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/model.safetensors"
            let model = Self.trained()
            try model.save(to: path, metadata: ["vocabulary": "abc"])
            let read = try Model(contentsOf: path) { Network(&$0) }
            #expect(read.parameters.entries == model.parameters.entries)
            #expect(read.statistics.entries == model.statistics.entries)
            #expect(read.evaluate { $0(Self.inputs).values } == model.evaluate { $0(Self.inputs).values })
            #expect(try TensorFile(contentsOf: path).metadata == ["vocabulary": "abc"])
        }
    }

    @Test func allDifferencesAreSaid() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/model.safetensors"
            try Self.trained().save(to: path)
            let error = #expect(throws: RecurrentError.self) {
                _ = try Model(contentsOf: path) { binder in
                    (
                        GRUCell(inputSize: 3, hiddenSize: 4, &binder["cell"]),
                        Dense(inputSize: 4, outputSize: 3, &binder["output"]), binder.weight("more", [2])
                    )
                }
            }
            for part in [
                "the parameter \"output.weight\" has the shape [4, 2]; expected [4, 3]",
                "the parameter \"output.bias\" has the shape [2]; expected [3]",
                "there is no parameter \"more\" of shape [2]", "the network has no parameter \"normalization.gain\"",
            ] { #expect(error?.description.contains(part) == true, "\(part)") }
        }
    }

    @Test func aPartIsTaken() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/model.safetensors"
            let model = Self.trained()
            try model.save(to: path)
            var other = Model(seed: 9) { Network(outputs: 7, &$0) }
            let before = other
            let loaded = try other.load(from: path) { $0.hasPrefix("cell.") ? $0 : nil }
            #expect(loaded.taken.allSatisfy { $0.hasPrefix("cell.") } && loaded.taken.count == 4)
            #expect(loaded.kept == ["normalization.gain", "normalization.bias", "output.weight", "output.bias"])
            #expect(loaded.left.contains("output.weight") && loaded.left.contains("statistic/normalization.mean"))
            for name in loaded.taken { #expect(other.parameters[name]?.values == model.parameters[name]?.values) }
            for name in loaded.kept { #expect(other.parameters[name]?.values == before.parameters[name]?.values) }
        }
    }

    @Test func aPartThatDoesNotFitChangesNothing() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/model.safetensors"
            try Self.trained().save(to: path)
            var other = Model(seed: 9) { Network(outputs: 7, &$0) }
            let before = other.parameters.values
            let error = #expect(throws: RecurrentError.self) {
                try other.load(from: path) { name in
                    switch name {
                    case "normalization.bias", "normalization.gain": "normalization.gain"
                    case "output.weight": name
                    case "output.bias": "nowhere"
                    default: name.hasPrefix("cell.") ? name : nil
                    }
                }
            }
            for part in [
                "\"normalization.gain\" is given twice",
                "\"output.weight\" has the shape [4, 2]; \"output.weight\" expects [4, 7]",
                "\"output.bias\" is for \"nowhere\", which the network does not have",
            ] { #expect(error?.description.contains(part) == true, "\(part)") }
            #expect(other.parameters.values == before)
        }
    }

    /// Neither momentum nor weight decay moves them; the others move as if the frozen ones were constants.
    @Test(arguments: [
        Adam(learningRate: 0.1, weightDecay: 0.1) as any Optimizer, SGD(learningRate: 0.1, momentum: 0.9),
        Nadam(learningRate: 0.1),
    ])
    func frozenParametersStay(_ optimizer: any Optimizer) {
        func run(_ optimizer: some Optimizer) {
            var (model, optimizer) = (Self.trained(), optimizer)
            model.train(with: &optimizer) { $0(Self.inputs).squared().mean() }
            let before = model
            model.freeze { $0.hasPrefix("cell.") }
            for _ in 0..<3 { model.train(with: &optimizer) { $0(Self.inputs).squared().mean() } }
            for entry in before.parameters.entries {
                #expect(
                    (model.parameters[entry.name]?.values == entry.values) == entry.name.hasPrefix("cell."),
                    "\(entry.name)")
            }
            model.freeze { _ in false }
            model.train(with: &optimizer) { $0(Self.inputs).squared().mean() }
            #expect(model.parameters["cell.bias"]?.values != before.parameters["cell.bias"]?.values)
        }
        run(optimizer)
    }

    @Test func frozenParametersHaveNoGradient() {
        var model = Self.trained()
        let all = model.gradients { ($0(Self.inputs).squared().mean(), ()) }.gradients
        let frozen = model.freeze { $0.hasPrefix("cell.") }
        #expect(frozen == ["cell.inputWeight", "cell.recurrentWeight", "cell.bias", "cell.recurrentBias"])
        #expect(
            model.description == """
                cell.inputWeight      3 x 12  36  frozen
                cell.recurrentWeight  4 x 12  48  frozen
                cell.bias             12      12  frozen
                cell.recurrentBias    4        4  frozen
                normalization.gain    4        4
                normalization.bias    4        4
                output.weight         4 x 2    8
                output.bias           2        2
                118 parameters
                """)
        let rest = model.gradients { ($0(Self.inputs).squared().mean(), ()) }.gradients
        #expect(rest["cell.bias"]?.values.allSatisfy { $0 == 0 } == true)
        #expect(rest["output.weight"]?.values == all["output.weight"]?.values)
        let squares = ["normalization.gain", "normalization.bias", "output.weight", "output.bias"].flatMap {
            all[$0]?.values ?? []
        }.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(abs(rest.globalNorm - squares.squareRoot()) < 1e-6 * rest.globalNorm)
    }

    @Test func nothingIsTrainedWhereAllIsFrozen() {
        var model = Self.trained()
        let before = model.parameters.values
        model.freeze { _ in true }
        var optimizer = Adam(learningRate: 0.1, weightDecay: 0.1)
        let step = model.train(with: &optimizer) { $0(Self.inputs).squared().mean() }
        #expect(step.loss > 0 && step.gradientNorm == 0 && model.parameters.values == before)
    }
}
