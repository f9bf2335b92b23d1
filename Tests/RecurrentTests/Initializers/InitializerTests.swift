import Testing

@testable import Recurrent

@Suite struct InitializerTests {
    private func moments(_ values: [Float]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        let variance = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
        return (mean, variance)
    }

    @Test func constantsFillTheShape() {
        var random = RandomSource(seed: 1)
        #expect(Initializer.zeros(shape: [2, 3], random: &random) == [0, 0, 0, 0, 0, 0])
        #expect(Initializer.ones(shape: [], random: &random) == [1])
        #expect(Initializer.constant(2.5)(shape: [0, 4], random: &random) == [])
        #expect(Initializer.constant(2.5)(shape: [2], random: &random) == [2.5, 2.5])
        #expect(random == RandomSource(seed: 1))
    }

    /// Names with the variance they must have for a fan-in of 60 and a fan-out of 30.
    static let variances: [String: Double] = [
        "glorot-uniform": 1.0 / 45, "glorot-normal": 1.0 / 45, "he-uniform": 1.0 / 30, "he-normal": 1.0 / 30,
        "lecun-uniform": 1.0 / 60, "lecun-normal": 1.0 / 60,
    ]

    @Test(arguments: variances)
    func varianceScalingGivesItsVariance(name: String, variance: Double) throws {
        // 20 * 3 rows and 30 columns, many times over: fan-in 60, fan-out 30.
        let initializer = try Initializer.named(name)
        var random = RandomSource(seed: 11)
        let values = (0..<20).flatMap { _ in initializer(shape: [20, 3, 30], random: &random) }
        let measured = moments(values)
        #expect(abs(measured.mean) < 0.01)
        #expect(abs(measured.variance / variance - 1) < 0.04)
    }

    @Test func vectorHasBothFans() {
        #expect(Initializer.variance(scale: 1, fan: .input, shape: [50]) == 1.0 / 50)
        #expect(Initializer.variance(scale: 1, fan: .average, shape: [2, 3, 4]) == 1.0 / 5)
        #expect(Initializer.variance(scale: 1, fan: .output, shape: [2, 3, 4]) == 1.0 / 4)
        #expect(Initializer.variance(scale: 1, fan: .input, shape: []) == 1)
    }

    @Test func glorotUniformGivesTheNotesStaticTable() {
        // `static_rnn` of the notes: kernel [8, 5], graph seed 42, operation seed 20; the first row of Y0.
        var random = RandomSource(seed: 42, operation: 20)
        let kernel = Initializer.glorotUniform(shape: [8, 5], random: &random)
        let expected: [Float] = [0.30741334, -0.32884315, -0.65428472, -0.93850589, 0.52089024]
        for column in 0..<5 {
            let sum = Double(kernel[5 + column] + 2 * kernel[10 + column])
            let value = (exp2x(sum) - 1) / (exp2x(sum) + 1)
            #expect(abs(Float(value) - expected[column]) < 1e-5)
        }
    }

    /// e to the 2x by its series, which is enough for the few numbers above.
    private func exp2x(_ x: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for index in 1..<60 {
            term *= 2 * x / Double(index)
            sum += term
        }
        return sum
    }

    @Test(arguments: [[6, 6], [3, 9], [9, 3], [2, 4, 5], [17]])
    func orthogonalHasAnOrthonormalShortSide(shape: [Int]) {
        var random = RandomSource(seed: 5)
        let values = Initializer.orthogonal(gain: 2)(shape: shape, random: &random)
        let (rows, columns) = Initializer.matrixSize(shape)
        let isTall = rows >= columns
        let (long, short) = (max(rows, columns), min(rows, columns))
        for first in 0..<short {
            for second in 0..<short {
                var product: Float = 0
                for index in 0..<long {
                    product +=
                        isTall
                        ? values[index * columns + first] * values[index * columns + second]
                        : values[first * columns + index] * values[second * columns + index]
                }
                #expect(abs(product - (first == second ? 4 : 0)) < 1e-5)
            }
        }
    }

    @Test func orthogonalHasEitherSign() {
        var random = RandomSource(seed: 9)
        let signs = (0..<200).map { _ in Initializer.orthogonal()(shape: [1, 1], random: &random)[0] }
        #expect(signs.allSatisfy { abs($0) == 1 })
        #expect((60...140).contains(signs.count { $0 > 0 }))
    }

    @Test func identityHasTheGainOnItsDiagonal() {
        var random = RandomSource(seed: 1)
        #expect(Initializer.identity(gain: 3)(shape: [2, 3], random: &random) == [3, 0, 0, 0, 3, 0])
        #expect(Initializer.identity()(shape: [3, 2], random: &random) == [1, 0, 0, 1, 0, 0])
    }

    @Test func torchUniformStaysWithinItsBound() {
        var random = RandomSource(seed: 1)
        let values = Initializer.torchUniform(hiddenSize: 16)(shape: [64, 16], random: &random)
        #expect(values.allSatisfy { abs($0) <= 0.25 })
        #expect(abs(moments(values).variance - 0.25 * 0.25 / 3) < 0.003)
    }

    @Test func everyNameIsKnownAndOthersAreRefused() throws {
        var random = RandomSource(seed: 1)
        for name in Initializer.names {
            #expect(try Initializer.named(name, hiddenSize: 4)(shape: [4, 4], random: &random).count == 16)
        }
        #expect(Initializer.names == Initializer.names.sorted())
        let error = #expect(throws: RecurrentError.self) { try Initializer.named("xavier") }
        #expect(error?.description.contains("glorot-uniform") == true)
        #expect(throws: RecurrentError.self) { try Initializer.named("torch-uniform") }
    }
}
