import TestSupport
import Testing

@testable import Recurrent

@Suite struct LayerNormalizationTests {
    @Test(arguments: [[3, 5], [2, 3, 1, 5], [4, 17], [5]] as [[Int]])
    func rowsHaveMeanZeroAndVarianceOne(_ shape: [Int]) {
        let columns = shape.last!
        let layer = LayerNormalization(gain: .ones([columns]), bias: .zeros([columns]), epsilon: 0)
        let found = layer(noise(shape, 3) * 5 + 2)
        #expect(found.shape == shape)
        let values = found.doubles
        for row in 0..<values.count / columns {
            let part = values[row * columns..<(row + 1) * columns]
            let mean = part.reduce(0, +) / Double(columns)
            let variance = part.reduce(0) { $0 + $1 * $1 } / Double(columns)
            #expect(abs(mean) < 1e-12 && abs(variance - 1) < 1e-12)
        }
    }

    /// With a gain for each of several rows, as gates have.
    @Test func gainsMayDifferFromRowToRow() {
        let x = noise([3, 2, 4], 1)
        let (gain, bias) = (noise([2, 4], 2), noise([2, 4], 3))
        let all = LayerNormalization(gain: gain, bias: bias)(x)
        for row in 0..<2 {
            let own = LayerNormalization(gain: gain[row], bias: bias[row])
            let part = own(x.slice(axis: 1, row..<row + 1))
            #expect(difference(all.slice(axis: 1, row..<row + 1), part) < 1e-12)
        }
    }

    @Test(arguments: [([3, 5], [5]), ([2, 3, 4], [4]), ([2, 3, 4], [3, 4])] as [([Int], [Int])])
    func gradientsAgreeWithNumericalOnes(_ shape: [Int], gain: [Int]) {
        let check = checkGradients(at: [noise(shape, 1), noise(gain, 2), noise(gain, 3)]) { inputs in
            weighted(LayerNormalization(gain: inputs[1], bias: inputs[2], epsilon: 0.1)(inputs[0]))
        }
        #expect(check.largestError < 1e-8, "\(check)")
    }

    /// A row of equal elements has no variance; it gives the bias, and gradients stay finite.
    @Test func equalElementsGiveTheBias() {
        let x = Tensor.full(3, shape: [2, 4]).tracked()
        let layer = LayerNormalization(gain: .ones([4]), bias: .full(0.5, shape: [4]))
        #expect(layer(x).values == Array(repeating: 0.5, count: 8))
        #expect(gradients(of: layer(x).squared().sum(), withRespectTo: [x])[0].values.allSatisfy { $0.isFinite })
    }
}
