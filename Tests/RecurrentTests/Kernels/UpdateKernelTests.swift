import CKernels
import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// The rules of optimisers at every level against their formulas, over parts of vectors.
@Suite struct UpdateKernelTests {
    /// Parameters, gradients and three slots, of which the first can be a mean of squares; `g` is the scaled gradient.
    struct Given {
        let p, g, squares, mean, velocity: [Double]
        let parameters, gradients, first, second, third: Reals
        let update: ck_update

        init(_ level: KernelLevel, count: Int) {
            let drawn = numbers(count, 2)
            g = drawn.map { $0 * 0.5 }
            p = numbers(count, 1)
            squares = numbers(count, 4).map { $0 * $0 + 0.1 }
            mean = numbers(count, 3).map { $0 * 0.1 }
            velocity = numbers(count, 5)
            (parameters, gradients) = (level.reals(p), level.reals(drawn))
            (first, second, third) = (level.reals(squares), level.reals(mean), level.reals(velocity))
            update = ck_update(
                parameters: parameters.pointer, gradients: gradients.constant, count: Int64(count), scale: 0.5)
        }

        var isIntact: Bool { [parameters, gradients, first, second, third].allSatisfy(\.isIntact) }
    }

    @Test(arguments: KernelLevel.all + [.double], ElementKernelTests.counts)
    func sgd(_ level: KernelLevel, count: Int) {
        let plain = Given(level, count: count)
        level.table.sgd(plain.update, nil, 0.1, 0, 0)
        #expect(difference(plain.parameters.values, zip(plain.p, plain.g).map { $0 - 0.1 * $1 }) < 1e-6)
        for nesterov in [false, true] {
            let x = Given(level, count: count)
            level.table.sgd(x.update, x.third.pointer, 0.1, 0.9, nesterov ? 1 : 0)
            let velocity = zip(x.velocity, x.g).map { 0.9 * $0 + $1 }
            let moved = (0..<count).map { (i: Int) -> Double in
                let step = nesterov ? x.g[i] + 0.9 * velocity[i] : velocity[i]
                return x.p[i] - 0.1 * step
            }
            #expect(difference(x.third.values, velocity) < 1e-6)
            #expect(difference(x.parameters.values, moved) < 1e-6)
            #expect(x.isIntact)
        }
    }

    @Test(arguments: KernelLevel.all + [.double], ElementKernelTests.counts)
    func rmsprop(_ level: KernelLevel, count: Int) {
        for (isCentered, hasMomentum) in [(false, false), (true, false), (false, true), (true, true)] {
            let x = Given(level, count: count)
            level.table.rmsprop(
                x.update, x.first.pointer, isCentered ? x.second.pointer : nil, hasMomentum ? x.third.pointer : nil,
                0.01, 0.8, 0.3, 0.9, 1e-2, 1e-1)
            let squares = zip(x.squares, x.g).map { 0.8 * $0 + 0.3 * $1 * $1 }
            let mean = isCentered ? zip(x.mean, x.g).map { 0.8 * $0 + 0.3 * $1 } : x.mean
            let velocity = (0..<count).map { (i: Int) -> Double in
                let power = isCentered ? squares[i] - mean[i] * mean[i] : squares[i]
                let step = x.g[i] / ((power + 1e-2).squareRoot() + 1e-1)
                return hasMomentum ? 0.9 * x.velocity[i] + step : step
            }
            #expect(difference(x.first.values, squares) < 1e-6)
            #expect(difference(x.second.values, mean) < 1e-6)
            #expect(difference(x.third.values, hasMomentum ? velocity : x.velocity) < 1e-6)
            #expect(difference(x.parameters.values, zip(x.p, velocity).map { $0 - 0.01 * $1 }) < 1e-6)
            #expect(x.isIntact)
        }
    }

    /// A variance that rounding has made negative counts as zero; one that is not a number stays so.
    @Test(arguments: KernelLevel.all + [.double])
    func varianceIsNeverNegative(_ level: KernelLevel) {
        let (parameters, gradients) = (level.reals([1, 1]), level.reals([0.5, .nan]))
        let (squares, mean) = (level.reals([0.25, 0.25]), level.reals([0.75, 0.75]))
        let update = ck_update(parameters: parameters.pointer, gradients: gradients.constant, count: 2, scale: 1)
        level.table.rmsprop(update, squares.pointer, mean.pointer, nil, 0.25, 1, 0, 0, 0, 0.5)
        #expect(parameters.values[0] == 0.75 && parameters.values[1].isNaN)
    }

    @Test(arguments: KernelLevel.all + [.double], ElementKernelTests.counts)
    func adadelta(_ level: KernelLevel, count: Int) {
        let x = Given(level, count: count)
        let moved = x.mean.map { $0 * $0 }
        let slot = level.reals(moved)
        level.table.adadelta(x.update, x.first.pointer, slot.pointer, 0.7, 0.9, 1e-2)
        let squares = zip(x.squares, x.g).map { 0.9 * $0 + 0.1 * $1 * $1 }
        let steps = (0..<count).map { (i: Int) -> Double in
            x.g[i] * ((moved[i] + 1e-2) / (squares[i] + 1e-2)).squareRoot()
        }
        #expect(difference(x.first.values, squares) < 1e-6)
        #expect(difference(slot.values, zip(moved, steps).map { 0.9 * $0 + 0.1 * $1 * $1 }) < 1e-6)
        #expect(difference(x.parameters.values, zip(x.p, steps).map { $0 - 0.7 * $1 }) < 1e-6)
        #expect(x.isIntact && slot.isIntact)
    }

    @Test(arguments: KernelLevel.all + [.double], ElementKernelTests.counts)
    func adam(_ level: KernelLevel, count: Int) {
        let x = Given(level, count: count)
        level.table.adam(x.update, x.second.pointer, x.first.pointer, 0.9, 0.99, 0.05, 0.02, 0.0199, 1e-3, 0.02)
        let first = zip(x.mean, x.g).map { 0.9 * $0 + 0.1 * $1 }
        let second = zip(x.squares, x.g).map { 0.99 * $0 + 0.01 * $1 * $1 }
        let moved = (0..<count).map { (i: Int) -> Double in
            let deviation = (second[i] / 0.0199).squareRoot() + 1e-3
            return x.p[i] - 0.02 * x.p[i] - (0.05 * first[i] + 0.02 * x.g[i]) / deviation
        }
        #expect(difference(x.second.values, first) < 1e-6 && difference(x.first.values, second) < 1e-6)
        #expect(difference(x.parameters.values, moved) < 1e-6)
        #expect(x.isIntact)
    }

    @Test(arguments: KernelLevel.all + [.double], ElementKernelTests.counts)
    func sumOfSquares(_ level: KernelLevel, count: Int) {
        let given = numbers(count, 2)
        let found = level.table.sum_of_squares(level.reals(given).constant, Int64(count))
        #expect(abs(found - given.reduce(0) { $0 + $1 * $1 }) < 1e-5)
    }
}
