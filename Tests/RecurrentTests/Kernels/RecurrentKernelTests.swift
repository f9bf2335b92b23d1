import CKernels
import TestSupport
import Testing

@testable import Recurrent

/// Recurrent layers at every level against the double kernels, which the tests of cells hold against their definition.
@Suite struct RecurrentKernelTests {
    static let sizes: [TestCell.Size] = [
        .init(time: 1, batch: 1, input: 1, hidden: 1), .init(time: 5, batch: 3, input: 3, hidden: 7),
        .init(time: 4, batch: 15, input: 28, hidden: 16), .init(time: 6, batch: 31, input: 5, hidden: 33),
        .init(time: 3, batch: 2, input: 17, hidden: 150), .init(time: 3, batch: 65, input: 2, hidden: 31),
    ]

    @Test(arguments: TestCell.all)
    func everyLevelComputesAsDouble(_ cell: TestCell) throws {
        for (index, size) in Self.sizes.enumerated() {
            let lengths = (0..<size.batch).map { Int32(($0 * 3 + index) % (size.time + 1)) }
            for variant in 0..<4 where size.hidden < 33 || (variant + index) % 2 == 1 {
                let given = RecurrentCase(
                    cell: cell, size: size, lengths: variant % 2 == 0 ? nil : lengths, reversed: variant >= 2,
                    initialState: (variant + index) % 2 == 0, usesTokens: variant == 3, accumulate: variant == 1)
                let expected = try #require(given.run(.double)).mapValues(\.values)
                for level in KernelLevel.all {
                    let found = try #require(
                        given.run(level), "\(level): memory beside was written, variant \(variant)")
                    #expect(found.keys.sorted() == expected.keys.sorted())
                    for (name, values) in expected {
                        #expect(values.allSatisfy { $0.isFinite }, "\(name) has elements that are not written")
                        #expect(
                            difference(found[name]!.values, values) < 1e-4,
                            "\(level) \(name) \(size) variant \(variant)")
                    }
                }
            }
        }
    }

    /// With `accumulate_*` gradients are added, without they are stored.
    @Test(arguments: TestCell.all)
    func gradientsAreAddedWhereAskedFor(_ cell: TestCell) throws {
        var given = RecurrentCase(cell: cell, size: .init(hidden: 19), lengths: [4, 2, 0])
        let stored = try #require(given.run(.double)).mapValues(\.values)
        given.accumulate = true
        let added = try #require(given.run(.double)).mapValues(\.values)
        for (name, values) in stored {
            let start: Double = name.hasPrefix("d") && !name.hasPrefix("dinitial") ? 3 : 0
            #expect(difference(added[name]!, values.map { $0 + start }) < 1e-12, "\(name)")
        }
    }
}

/// The bits of results do not depend on the number of threads.
@Suite(.serialized) struct ThreadTests {
    private static let counts = [1, 2, 3, 2, 3, 2]

    @Test func theNumberOfThreadsCanBeSet() {
        keepingThreads {
            ck_set_threads(3)
            #expect(RecurrentKernels.threads == 3)
            RecurrentKernels.threads = -5
            #expect(ck_threads() == 1)
        }
    }

    /// Every part is run once, and the caller waits for all.
    @Test func everyPartIsRunOnce() {
        _ = onThreads([3]) {
            for _ in 0..<200 {
                var counts = [Int32](repeating: 0, count: 8)
                counts.withUnsafeMutableBytes { bytes in
                    ck_run(
                        3,
                        { context, part, parts in
                            let counts = context!.assumingMemoryBound(to: Int32.self)
                            counts[Int(part)] += 1
                            counts[3 + Int(part)] = parts
                        }, bytes.baseAddress)
                }
                let parts = counts[3]
                #expect(parts >= 1 && parts <= 3)
                #expect(Array(counts[0..<3]) == [1, parts > 1 ? 1 : 0, parts > 2 ? 1 : 0])
            }
        }
    }

    /// Whoever is free takes what a thread that has to wait for a processor has not begun: once, and with the same bits.
    @Test func aLoadedMachineChangesNothing() {
        var given = RecurrentCase(cell: TestCell(kind: .lstm), size: .init(time: 5, batch: 90, input: 40, hidden: 70))
        let level = KernelLevel.all[0]
        let expected = onThreads([1]) { given.run(level)?.mapValues(\.bytes) }
        onLoadedMachine {
            for division in [CK_BATCH_SLICED, CK_UNITS_SHARED] {
                given.division = division
                let found = onThreads(Self.counts) { given.run(level)?.mapValues(\.bytes) }
                #expect(found.allSatisfy { $0 == expected[0] && $0 != nil })
            }
            _ = onThreads([3]) {
                for round in 0..<300 {
                    let parts = 1 + round % 13
                    var counts = [Int32](repeating: 0, count: 13)
                    counts.withUnsafeMutableBytes { bytes in
                        ck_run(
                            Int32(parts),
                            { context, part, _ in context!.assumingMemoryBound(to: Int32.self)[Int(part)] += 1 },
                            bytes.baseAddress)
                    }
                    #expect(counts[0] == 1 && counts[parts...].allSatisfy { $0 == 0 })
                    #expect(counts[..<parts].allSatisfy { $0 == 1 } || counts[1...].allSatisfy { $0 == 0 })
                }
            }
        }
    }

    @Test(arguments: KernelLevel.all + KernelLevel.bfloat16 + [.double])
    func products(_ level: KernelLevel) {
        for form in ProductKernelTests.forms(150, 133, 257) + ProductKernelTests.forms(3, 600, 300) {
            let runs = onThreads(Self.counts) { form.run(level)?.bytes }
            #expect(runs.allSatisfy { $0 == runs[0] && $0 != nil }, "\(form)")
        }
    }

    /// Large batches are cut into slices, a batch of one shares its hidden units.
    @Test(
        arguments: KernelLevel.all + KernelLevel.bfloat16,
        TestCell.all.filter { $0.gradientClip == nil || $0.peepholes })
    func recurrentLayers(_ level: KernelLevel, cell: TestCell) {
        let cases = [
            RecurrentCase(
                cell: cell, size: .init(time: 4, batch: 45, input: 20, hidden: 70),
                lengths: (0..<45).map { Int32($0 * 3 % 5) }),
            RecurrentCase(
                cell: cell, size: .init(time: 4, batch: 32, input: 9, hidden: 64), reversed: true, usesTokens: true),
            RecurrentCase(cell: cell, size: .init(time: 3, batch: 1, input: 9, hidden: cell.gates == 1 ? 270 : 170)),
        ]
        for given in cases {
            var divided = given
            let runs = onThreads(Self.counts) { given.run(level)?.mapValues(\.bytes) }
            let others = [CK_BATCH_SLICED, CK_UNITS_SHARED].flatMap { division in
                divided.division = division
                return onThreads([2, 3, 2]) { divided.run(level)?.mapValues(\.bytes) }
            }
            #expect((runs + others).allSatisfy { $0 == runs[0] && $0 != nil }, "\(given.size)")
        }
    }

    @Test(arguments: KernelLevel.all)
    func everythingElse(_ level: KernelLevel) {
        let count = 40_007
        let table = level.table
        let runs = onThreads(Self.counts) { () -> [[UInt64]] in
            let a = level.reals(numbers(count, 1))
            let b = level.reals(numbers(count, 2))
            let out = level.reals(count: count)
            var results: [[UInt64]] = []
            func note(_ reals: Reals) {
                results.append(reals.values.map(\.bitPattern) + [reals.isIntact ? 1 : 0])
            }
            table.unary(CK_TANH, a.constant, out.pointer, Int64(count))
            note(out)
            var (one, extent): (Int64, Int64) = (1, Int64(count))
            table.binary(CK_DIVIDE, a.constant, &one, b.constant, &one, out.pointer, &extent, 1)
            note(out)
            for (outer, reduced, inner) in [(1, count, 1), (7, 40, 140), (140, 280, 1), (1, 200, 200)] {
                let sums = level.reals(count: outer * inner)
                table.reduce(CK_SUM, a.constant, sums.pointer, Int64(outer), Int64(reduced), Int64(inner))
                note(sums)
            }
            table.softmax(a.constant, out.pointer, Int64(count / 97), 97)
            note(level.reals(Array(out.values.prefix(count / 97 * 97))))
            let squares = table.sum_of_squares(a.constant, Int64(count))
            results.append([squares.bitPattern])
            let (p, m, v) = (level.reals(numbers(count, 3)), level.reals(numbers(count, 4)), level.reals(count: count))
            table.fill(v.pointer, 0.5, Int64(count))
            let update = ck_update(
                parameters: p.pointer, gradients: a.constant, count: Int64(count), scale: 0.7)
            table.adam(update, m.pointer, v.pointer, 0.9, 0.999, 0.1, 0.01, 0.001, 1e-8, 0.01)
            [p, m, v].forEach(note)
            table.sgd(update, m.pointer, 0.01, 0.9, 1)
            [p, m].forEach(note)
            table.rmsprop(update, v.pointer, m.pointer, b.pointer, 0.01, 0.9, 0.1, 0.9, 1e-4, 1e-8)
            [p, m, v, b].forEach(note)
            let moved = level.reals(count: count)
            table.fill(moved.pointer, 0.25, Int64(count))
            table.adadelta(update, v.pointer, moved.pointer, 1, 0.9, 1e-6)
            [p, v, moved].forEach(note)
            let ids = tokens([400], below: 5, 1).values
            let rows = level.reals(Array(repeating: 0, count: 5 * 100))
            table.scatter_add_rows(a.constant, ids, 400, 100, rows.pointer)
            note(rows)
            return results
        }
        #expect(runs.allSatisfy { $0 == runs[0] })
    }
}
