import CKernels
import TestSupport
import Testing

@testable import Recurrent

/// The soft window's kernel, and the cell that moves it, against their definitions, PyTorch and numerical gradients.
@Suite struct SoftWindowTests {
    struct Content: Decodable {
        struct Window: Decodable {
            let symbols: Int
            let texts, x, inputWeight, recurrentWeight, bias, windowWeight, windowBias, outputs: Fixture.Numbers
            let outputGradient, finalKappa, xGradient, inputWeightGradient, recurrentWeightGradient: Fixture.Numbers
            let biasGradient, windowWeightGradient, windowBiasGradient: Fixture.Numbers
        }
        let window: Window
    }

    static let texts = WindowTexts([[0, 2, 1, 3, 3], [1], [3, 2]], symbols: 4)

    /// Small weights with which kappa moves less than a character a step.
    static func cell(_ tensors: [Tensor], texts: WindowTexts = texts) -> SoftWindowCell {
        SoftWindowCell(
            lstm: LSTMCell(
                inputWeight: tensors[0], recurrentWeight: tensors[1], bias: tensors[2], peepholes: tensors[3]),
            window: SoftWindow(weight: tensors[4], bias: tensors[5]), texts: texts)
    }

    static func weights(components: Int = 3) -> [Tensor] {
        [[7, 20], [5, 20], [20], [15], [5, 3 * components], [3 * components]].enumerated().map { place, shape in
            noise(shape, UInt64(40 + place), scale: 0.5)
        }
    }

    @Test(arguments: [1, 3, 10, 17])
    func theKernelIsTheDefinition(components: Int) {
        let weights = Self.weights(components: components)
        let window = SoftWindow(weight: weights[4].tracked(), bias: weights[5].tracked())
        let hidden = noise([3, 5], 1).tracked()
        let kappa = noise([3, components], 2).magnitude.tracked()
        let found = window.move(hidden: hidden, kappa: kappa, over: Self.texts)
        let expected = window.moveStepwise(hidden: hidden, kappa: kappa, over: Self.texts)
        #expect(difference(found.kappa, expected.kappa) < 1e-14)
        #expect(difference(found.window, expected.window) < 1e-14)
        let inputs = [hidden, kappa, window.weight, window.bias]
        let losses = [found, expected].map { weighted($0.kappa, 3) + weighted($0.window, 4) }
        let gradient = losses.map { gradients(of: $0, withRespectTo: inputs) }
        for (one, other) in zip(gradient[0], gradient[1]) { #expect(difference(one, other) < 1e-13) }
        // Of either result alone, too.
        let alone = [found, expected].map { gradients(of: weighted($0.kappa), withRespectTo: inputs) }
        for (one, other) in zip(alone[0], alone[1]) { #expect(difference(one, other) < 1e-13) }
        let single = SoftWindow(
            weight: weights[4].converted(to: .single), bias: weights[5].converted(to: .single))
        let fast = single.move(
            hidden: hidden.detached().converted(to: .single), kappa: kappa.detached().converted(to: .single),
            over: Self.texts)
        #expect(difference(fast.window, expected.window) < 1e-5)
    }

    @Test(arguments: KernelLevel.all, [1, 10, 17])
    func everyLevelAgreesWithDoublePrecision(_ level: KernelLevel, components: Int) {
        func run(_ level: KernelLevel) -> [Reals] {
            let parameters = level.reals(numbers(3 * 3 * components, 41).map { $0 * 0.5 })
            let before = level.reals(numbers(3 * components, 42).map(abs))
            let (after, outputs) = (level.reals(count: 3 * components), level.reals(count: 12))
            let above = [level.reals(numbers(3 * components, 43)), level.reals(numbers(12, 44))]
            let (ofParameters, ofBefore) = (level.reals(count: 9 * components), level.reals(count: 3 * components))
            Self.texts.characters.values.withUnsafeBufferPointer { text in
                [Int32(5), 1, 2].withUnsafeBufferPointer { lengths in
                    var window = ck_soft_window(
                        batch: 3, components: Int64(components), characters: 5, symbols: 4,
                        parameters: parameters.constant, positions: before.constant, text: text.baseAddress,
                        lengths: lengths.baseAddress)
                    level.table.soft_window(&window, after.pointer, outputs.pointer)
                    level.table.soft_window_gradient(
                        &window, after.constant, above[0].constant, above[1].constant, ofParameters.pointer,
                        ofBefore.pointer)
                }
            }
            let all = [parameters, before, after, outputs, ofParameters, ofBefore] + above
            let areIntact = all.allSatisfy(\.isIntact)
            #expect(areIntact)
            return [after, outputs, ofParameters, ofBefore]
        }
        for (found, exact) in zip(run(level), run(.double)) { #expect(difference(found.values, exact.values) < 1e-5) }
    }

    /// Texts and sequences of several lengths: values and gradients of the fused cell and of the stepwise one.
    @Test(arguments: [nil, [6, 2, 4], [0, 6, 1]] as [[Int]?])
    func theFusedCellIsTheStepwiseOne(lengths: [Int]?) {
        let inputs = ([noise([6, 3, 3], 6)] + Self.weights()).map { $0.tracked() }
        func results(_ unroll: (SoftWindowCell) -> Unrolled<SoftWindowState>) -> (values: [Tensor], gradients: [Tensor])
        {
            let run = unroll(Self.cell(Array(inputs.dropFirst())))
            let values = [run.outputs] + run.state.tensors
            let loss = values.enumerated().map { weighted($1, UInt64($0)) }.reduce(Tensor(0)) { $0 + $1 }
            return (values, gradients(of: loss, withRespectTo: inputs))
        }
        let fused = results { $0.unroll(inputs[0], lengths: lengths) }
        let stepwise = results { $0.unrollStepwise(inputs[0], lengths: lengths) }
        for (one, other) in zip(fused.values, stepwise.values) { #expect(difference(one, other) < 1e-12) }
        for (one, other) in zip(fused.gradients, stepwise.gradients) { #expect(difference(one, other) < 1e-11) }
        #expect(fused.values[0].doubles.contains { abs($0) > 0.1 })
    }

    @Test func gradientsAreTheNumericalOnes() {
        let check = checkGradients(at: [noise([4, 3, 3], 7)] + Self.weights()) { inputs in
            let run = Self.cell(Array(inputs.dropFirst())).unroll(inputs[0], lengths: [4, 2, 3])
            return weighted(run.outputs) + weighted(run.state.kappa)
        }
        #expect(check.largestError < 1e-8, "\(check)")
    }

    @Test(arguments: [(Precision.single, 2e-5), (.double, 1e-8)])
    func valuesAreThoseOfPyTorch(_ precision: Precision, tolerance: Double) throws {
        let fixture = try Fixture.decode("handwriting", as: Content.self).window
        let texts = WindowTexts(
            fixture.texts.integers.values.chunked(fixture.texts.shape[1]).map { $0.filter { $0 >= 0 } },
            symbols: fixture.symbols)
        let inputs = [
            fixture.x, fixture.inputWeight, fixture.recurrentWeight, fixture.bias, fixture.windowWeight,
            fixture.windowBias,
        ].map { $0.tensor(precision).tracked() }
        let cell = SoftWindowCell(
            lstm: LSTMCell(inputWeight: inputs[1], recurrentWeight: inputs[2], bias: inputs[3], forgetBias: 0),
            window: SoftWindow(weight: inputs[4], bias: inputs[5]), texts: texts)
        let run = cell.unroll(inputs[0])
        #expect(difference(run.outputs, fixture.outputs.tensor()) < tolerance)
        #expect(difference(run.state.kappa, fixture.finalKappa.tensor()) < tolerance)
        let found = gradients(
            of: (run.outputs * fixture.outputGradient.tensor(precision)).sum(), withRespectTo: inputs)
        let expected = [
            fixture.xGradient, fixture.inputWeightGradient, fixture.recurrentWeightGradient, fixture.biasGradient,
            fixture.windowWeightGradient, fixture.windowBiasGradient,
        ]
        for (one, other) in zip(found, expected) { #expect(difference(one, other.tensor()) < tolerance) }
    }

    /// At first kappa moves on by a character in as many steps as was asked for, and phi adds up to about 1.
    @Test func theWindowBeginsAtTheFirstCharacter() {
        let model = Model(seed: 3) { binder in
            SoftWindow(hiddenSize: 4, components: 5, stepsPerCharacter: 8, &binder)
        }
        model.evaluate { window in
            let texts = WindowTexts([Array(repeating: 0, count: 20)], symbols: 1)
            var kappa = Tensor.zeros([1, 5])
            for _ in 0..<80 { kappa = window.move(hidden: .zeros([1, 4]), kappa: kappa, over: texts).kappa }
            #expect(kappa.values.allSatisfy { abs($0 - 10) < 1e-3 })
            let phi = window.weights(hidden: .zeros([1, 4]), kappa: kappa, places: 20).values
            #expect(abs(phi[9] - 1) < 1e-3 && phi[8] == phi[10] && phi[0] < 1e-3)
        }
    }
}

extension Array {
    fileprivate func chunked(_ size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<$0 + size]) }
    }
}
