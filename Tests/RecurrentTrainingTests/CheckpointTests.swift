import Foundation
import Testing

@testable import Recurrent
@testable import RecurrentTraining

/// A checkpoint with something in every part.
func sampleCheckpoint(step: Int = 3) -> Checkpoint {
    var dropout = RandomSource(seed: 42, operation: 7)
    _ = dropout.uniform(count: 5)
    return Checkpoint(
        step: step, epoch: 1, position: 17,
        parameters: [
            .init(name: "cell.0.bias", shape: [2], values: [1, 2]), .init(name: "w", shape: [1, 1], values: [3]),
        ],
        slots: [
            "first": [
                .init(name: "cell.0.bias", shape: [2], values: [4, 5]), .init(name: "w", shape: [], values: [6]),
            ],
            "second": [.init(name: "a/b", shape: [1], values: [.nan])],
        ],
        carriedState: [.init(name: "0.h", shape: [1, 2], values: [7, 8])],
        randomStates: ["dropout": dropout, "order": RandomSource(seed: 1)], counters: ["seen": 12, "negative": -1],
        measures: ["lossSum": 0.1 + 0.2, "tiny": .leastNonzeroMagnitude], cells: ["cell.0": "rnn; h' = x"],
        configuration: #"{"size": 2}"#,
        dataFingerprint: "crc32c:00000000:5")
}

@Suite struct CheckpointTests {
    @Test func everyPartRoundTrips() throws {
        let checkpoint = sampleCheckpoint()
        let data = try checkpoint.encoded()
        var read = try Checkpoint(data: data, file: "x")
        // NaN differs from itself: compared as bits, then taken out.
        #expect(read.slots["second"]?[0].values[0].isNaN == true)
        #expect(try read.encoded() == data)
        read.slots["second"] = checkpoint.slots["second"]
        var wanted = checkpoint
        wanted.slots["second"]?[0].values = [0]
        read.slots["second"]?[0].values = [0]
        #expect(read == wanted)
        #expect(try Checkpoint(data: Checkpoint(step: 0).encoded(), file: "x") == Checkpoint(step: 0))
    }

    /// Checkpoints of versions before do not say what the parameters of cells mean.
    @Test func cellsMayBeMissing() throws {
        var file = try sampleCheckpoint().tensorFile()
        #expect(file.metadata["cell.cell.0"] == "rnn; h' = x")
        file.metadata["cell.cell.0"] = nil
        #expect(try Checkpoint(data: file.encoded(), file: "x").cells.isEmpty)
    }

    @Test func everyChangedByteAndTruncationIsRefused() throws {
        let data = try sampleCheckpoint().encoded()
        for index in data.indices {
            var changed = data
            changed[index] = changed[index] &+ 1
            let error = #expect(throws: RecurrentError.self) { try Checkpoint(data: changed, file: "c.safetensors") }
            #expect(error?.description.hasPrefix("c.safetensors: ") == true)
            #expect(error?.description.contains("This checkpoint cannot be used") == true)
            #expect(throws: RecurrentError.self) { try Checkpoint(data: data.prefix(index), file: "c.safetensors") }
        }
    }

    @Test func otherFilesAndValuesAreRefused() throws {
        let good = try sampleCheckpoint().tensorFile()
        let changes: [(String, String?)] = [
            ("format", nil), ("format", "pt"), ("version", "2"), ("step", nil), ("step", "-1"), ("step", "+3"),
            ("step", "99999999999999999999"), ("epoch", "x"), ("position", "1.5"), ("configuration", nil),
            ("dataFingerprint", nil), ("random.dropout", "x"), ("counter.seen", "many"), ("measure.lossSum", "big"),
            ("unknown", "1"),
        ]
        for (key, value) in changes {
            var file = good
            file.metadata[key] = value
            #expect(throws: RecurrentError.self, "\(key)") { try Checkpoint(data: file.encoded(), file: "x") }
        }
        for name in ["optimizer/w", "optimizer//w"] {
            var file = good
            file.entries.append(.init(name: name, shape: [], values: [1]))
            #expect(throws: RecurrentError.self, "\(name)") { try Checkpoint(data: file.encoded(), file: "x") }
        }
    }

    @Test func namesThatWouldBeMistakenAreNotWritten() {
        let entry = Checkpoint.Entry(name: "w", shape: [], values: [1])
        let bad = [
            Checkpoint(step: 1, parameters: [.init(name: "state/w", shape: [], values: [1])]),
            Checkpoint(step: 1, parameters: [.init(name: "optimizer/a/w", shape: [], values: [1])]),
            Checkpoint(step: 1, slots: ["a/b": [entry]]), Checkpoint(step: 1, slots: ["": [entry]]),
            Checkpoint(step: 1, slots: ["a": []]), Checkpoint(step: 1, parameters: [entry, entry]),
        ]
        for checkpoint in bad { #expect(throws: RecurrentError.self) { try checkpoint.encoded() } }
    }
}
