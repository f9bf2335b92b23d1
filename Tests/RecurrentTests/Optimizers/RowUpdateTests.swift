import Foundation
import TestSupport
import Testing

@testable import Recurrent

/// Parameters of which a step moves the rows that it looks up.
@Suite struct RowUpdateTests {
    /// A table between two dense parameters, so that stretches begin and end in the middle of the buffer.
    struct Network {
        let before: Tensor
        let embedding: Embedding
        let after: Tensor

        init(rows: Int = 9, updates: RowUpdates, _ binder: inout Binder) {
            before = binder.weight("before", [5])
            embedding = Embedding(tokens: rows, width: 3, updates: updates, &binder["embedding"])
            after = binder.weight("after", [3, 2])
        }

        /// Rows looked up more than once, in two calls.
        func loss(_ ids: IntegerTensor) -> Tensor {
            let looked = embedding(ids).matmul(after).tanh().sum()
            return looked + (embedding(ids.reshaped([ids.count])).sum(along: [0]) * 0.5).squared().sum()
                + before.squared().sum()
        }

        /// The table is also the matrix of a product.
        func tiedLoss(_ ids: IntegerTensor, denseFirst: Bool) -> Tensor {
            let all = embedding.table.squared().sum()
            return denseFirst ? all + loss(ids) : loss(ids) + all
        }
    }

    static func model(_ updates: RowUpdates) -> Model<Network> { Model(seed: 4) { Network(updates: updates, &$0) } }

    static let batches = [[1, 1, 4, 5], [4, 0, 1, 1], [8, 8, 8, 0], [5, 4, 4, 3]].map {
        IntegerTensor($0.map { Int32($0) }, shape: [2, 2])
    }

    /// The row that no batch names.
    static let untouched = [2, 6, 7]

    private func row(_ index: Int, of model: Model<Network>) throws -> [Float] {
        let table = try #require(model.parameters["embedding.table"])
        return Array(table.values[index * 3..<(index + 1) * 3])
    }

    @Test func gradientsAreThoseOfADenseParameter() throws {
        for ids in Self.batches {
            var (dense, lazy) = (Self.model(.dense), Self.model(.lazy))
            let (first, second) = (dense.gradients { ($0.loss(ids), ()) }, lazy.gradients { ($0.loss(ids), ()) })
            #expect(first.loss == second.loss)
            #expect(first.gradients.values == second.gradients.values)
            let (one, other) = (first.gradients["embedding.table"], second.gradients["embedding.table"])
            #expect(try #require(one).values == #require(other).values)
            #expect(abs(first.gradients.globalNorm - second.gradients.globalNorm) < 1e-6)
            #expect(first.gradients.stretches.count == 1 && second.gradients.stretches.count > 1)
        }
    }

    /// Neighbouring rows and parameters are one stretch.
    @Test func stretchesAreJoined() {
        var model = Self.model(.lazy)
        let gradients = model.gradients { ($0.loss(IntegerTensor([0, 8, 1, 1, 5, 4])), ()) }.gradients
        #expect(gradients.stretches == [0..<11, 17..<23, 29..<38])
    }

    @Test(arguments: [OptimizerChoice.sgd, .adagrad])
    func rulesWithoutDecayMoveAsDense(_ choice: OptimizerChoice) throws {
        var (dense, lazy) = (Self.model(.dense), Self.model(.lazy))
        var optimizers = [choice.make(learningRate: 0.1), choice.make(learningRate: 0.1)]
        for step in 0..<12 {
            let ids = Self.batches[step % 4]
            dense.train(with: &optimizers[0]) { $0.loss(ids) }
            lazy.train(with: &optimizers[1]) { $0.loss(ids) }
            #expect(dense.parameters.values == lazy.parameters.values, "step \(step)")
        }
        #expect(optimizers[0].slots == optimizers[1].slots)
    }

    @Test(arguments: OptimizerChoice.allCases)
    func rowsThatAreNotLookedUpStay(_ choice: OptimizerChoice) throws {
        var model = Self.model(.lazy)
        var optimizer = choice.make(learningRate: 0.1)
        for step in 0..<8 {
            let before = model
            let ids = Self.batches[step % 4]
            model.train(with: &optimizer, clipping: .globalNorm(1)) { $0.loss(ids) }
            for index in 0..<9 {
                let isLookedUp = ids.values.contains(Int32(index))
                #expect(try (row(index, of: model) != row(index, of: before)) == isLookedUp, "row \(index)")
            }
        }
        for (name, slot) in optimizer.slots {
            for index in Self.untouched {
                #expect(slot[5 + index * 3..<5 + (index + 1) * 3].allSatisfy { $0 == 0 }, "\(name), row \(index)")
            }
        }
    }

    @Test(arguments: [GradientClipping.value(0.01), .norm(0.1), .globalNorm(0.1)])
    func clippingIsThatOfADenseParameter(_ clipping: GradientClipping) {
        let ids = Self.batches[0]
        var (dense, lazy) = (Self.model(.dense), Self.model(.lazy))
        var optimizer = SGD(learningRate: 1)
        let norms = [
            dense.train(with: &optimizer, clipping: clipping) { $0.loss(ids) }.gradientNorm,
            lazy.train(with: &optimizer, clipping: clipping) { $0.loss(ids) }.gradientNorm,
        ]
        #expect(abs(norms[0] - norms[1]) < 1e-6)
        #expect(largestDifference(dense.parameters.values, lazy.parameters.values) < 1e-6)
        #expect(largestDifference(dense.parameters.values, Self.model(.dense).parameters.values) > 1e-3)
    }

    /// A step that uses the table whole moves all of it; the same table may be lazy again in the next.
    @Test(arguments: [true, false])
    func otherUsesMakeAStepDense(denseFirst: Bool) {
        var (dense, lazy) = (Self.model(.dense), Self.model(.lazy))
        var optimizers = [Adam(learningRate: 0.1), Adam(learningRate: 0.1)]
        for ids in Self.batches {
            dense.train(with: &optimizers[0]) { $0.tiedLoss(ids, denseFirst: denseFirst) }
            lazy.train(with: &optimizers[1]) { $0.tiedLoss(ids, denseFirst: denseFirst) }
            #expect(dense.parameters.values == lazy.parameters.values)
        }
        let before = lazy.parameters.values
        lazy.train(with: &optimizers[1]) { $0.loss(Self.batches[0]) }
        let moved = zip(before, lazy.parameters.values).map { $0 != $1 }
        #expect((0..<9).map { moved[5 + 3 * $0] } == [false, true, false, false, true, true, false, false, false])
    }

    /// One-hot tensors look rows up too.
    @Test func productsWithOneHotTensorsAreLookups() {
        var model = Self.model(.lazy)
        let ids = IntegerTensor([3, 3, 6])
        let found = model.gradients { ($0.embedding(ids).squared().sum(), ()) }.gradients
        let product = model.gradients { (ids.oneHot(depth: 9).matmul($0.embedding.table).squared().sum(), ()) }
            .gradients
        #expect(found.values == product.values)
        #expect(found.stretches == product.stretches && found.stretches.count == 4)
    }

    /// A part that is computed again on the way back gives the same rows.
    @Test func recomputedLookupsAreTheSame() {
        var (plain, again) = (Self.model(.lazy), Self.model(.lazy))
        let ids = Self.batches[1]
        let one = plain.gradients { ($0.loss(ids), ()) }.gradients
        let other = again.gradients { network in
            let start = Tensor(1).tracked()
            return (recomputed([start]) { [network.loss(ids) * $0[0]] }[0], ())
        }.gradients
        #expect(one.values == other.values && one.stretches == other.stretches)
    }

    @Test func aStepThatLooksNothingUpMovesTheRest() throws {
        var model = Self.model(.lazy)
        var optimizer = Adam(learningRate: 0.1)
        let before = model.parameters.values
        model.train(with: &optimizer) { $0.before.squared().sum() }
        let moved = zip(before, model.parameters.values).map { $0 != $1 }
        #expect(moved == Array(repeating: true, count: 5) + Array(repeating: false, count: 33))
    }

    /// Taken up again in the middle, and on one thread or several: the same bits.
    @Test func restoringContinuesToTheSameBits() {
        func train(_ model: inout Model<Network>, _ optimizer: inout Adam, _ steps: Range<Int>) {
            for step in steps {
                model.train(with: &optimizer, clipping: .globalNorm(1)) { $0.loss(Self.batches[step % 4]) }
            }
        }
        var (straight, stopped) = (Self.model(.lazy), Self.model(.lazy))
        var (first, second) = (Adam(learningRate: 0.1), Adam(learningRate: 0.1))
        train(&straight, &first, 0..<9)
        train(&stopped, &second, 0..<4)
        var resumed = Self.model(.lazy)
        for entry in stopped.parameters.entries { resumed.parameters.set(entry.name, to: entry.values) }
        var third = Adam(learningRate: 0.1)
        third.restore(slots: second.slots, steps: second.steps)
        train(&resumed, &third, 4..<9)
        #expect(straight.parameters.values == resumed.parameters.values)
        #expect(first.slots == third.slots)
    }

    struct Content: Decodable {
        struct SparseAdam: Decodable {
            struct Step: Decodable { let rows, gradients, table: Fixture.Numbers }
            let learningRate, beta1, beta2, epsilon: Float
            let start: Fixture.Numbers
            let steps: [Step]
        }
        let sparseAdam: SparseAdam
    }

    @Test func adamIsPyTorchsSparseAdam() throws {
        let fixture = try Fixture.decode("sparse", as: Content.self).sparseAdam
        let shape = fixture.start.shape
        var model = Model(seed: 1) { Embedding(tokens: shape[0], width: shape[1], updates: .lazy, &$0) }
        model.parameters.set("table", to: fixture.start.tensor(.single).values)
        var optimizer = Adam(
            learningRate: fixture.learningRate, beta1: fixture.beta1, beta2: fixture.beta2, epsilon: fixture.epsilon,
            epsilonPlace: .beforeCorrection)
        #expect(fixture.steps.count == 25)
        for step in fixture.steps {
            model.train(with: &optimizer) { ($0(step.rows.integers) * step.gradients.tensor(.single)).sum() }
            let table = try #require(model.parameters["table"])
            #expect(difference(table, step.table.tensor()) < 3e-6)
        }
        var dense = Model(seed: 1) { Embedding(tokens: shape[0], width: shape[1], &$0) }
        dense.parameters.set("table", to: fixture.start.tensor(.single).values)
        var other = Adam(
            learningRate: fixture.learningRate, beta1: fixture.beta1, beta2: fixture.beta2, epsilon: fixture.epsilon,
            epsilonPlace: .beforeCorrection)
        for step in fixture.steps {
            dense.train(with: &other) { ($0(step.rows.integers) * step.gradients.tensor(.single)).sum() }
        }
        #expect(largestDifference(dense.parameters.values, model.parameters.values) > 1e-2)
    }
}

/// The largest difference of two elements, relative to the largest element of `expected`.
private func largestDifference(_ found: [Float], _ expected: [Float]) -> Double {
    let size = expected.reduce(0) { max($0, abs($1)) }
    return Double(zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / max(size, .leastNormalMagnitude))
}
