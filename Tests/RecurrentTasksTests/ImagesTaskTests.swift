import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentTasks
@testable import RecurrentTraining

/// Pictures of 6 x 5 pixels in three classes: a bright row at the top, in the middle or at the bottom, in noise.
@Suite struct ImagesTaskTests {
    static func write(
        _ count: Int, to directory: String, prefix: String, seed: UInt64, rows: Int = 6, firstLabel: UInt8 = 0
    ) throws {
        var random = RandomSource(seed: seed)
        let labels = (0..<count).map { firstLabel + UInt8($0 % 3) }
        var pixels: [UInt8] = []
        for label in labels {
            let noise = random.uniform(count: rows * 5).map { UInt8($0 * 60) }
            pixels += noise.enumerated().map { $0.offset / 5 == Int(label - firstLabel) * 2 ? 200 : $0.element }
        }
        func big(_ number: Int) -> [UInt8] {
            [UInt8(number >> 24), UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
        }
        let images = [0, 0, 8, 3] + big(count) + big(rows) + big(5) + pixels
        let names = [0, 0, 8, 1] + big(count) + labels
        try Data(images).write(to: URL(fileURLWithPath: "\(directory)/\(prefix)-images-idx3-ubyte"))
        try Data(names).write(to: URL(fileURLWithPath: "\(directory)/\(prefix)-labels-idx1-ubyte"))
    }

    private func configuration(_ directory: String) -> ImagesConfiguration {
        var configuration = ImagesConfiguration()
        configuration.data = directory
        configuration.hiddenSize = 12
        configuration.batchSize = 10
        configuration.dropout = 0.1
        configuration.layers = 2
        configuration.optimization.learningRate = 0.01
        return configuration
    }

    private func withRun(_ body: (ImagesConfiguration, String) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            try Self.write(66, to: directory, prefix: "train", seed: 1)
            try Self.write(30, to: directory, prefix: "t10k", seed: 2)
            try body(configuration(directory), directory)
        }
    }

    @Test func picturesAreLearnedAndShown() throws {
        try withRun { configuration, directory in
            try train(ImagesTask.self, configuration, at: directory + "/run", until: 60)
            let run = try TaskRun<ImagesTask>(openingAt: directory + "/run")
            let source = try run.source()
            let (model, _) = try run.model()
            let test = source.data.test
            let found = model.evaluate {
                ImagesTask.evaluate($0, on: test, 0..<test.count, classNames: run.preparation.classNames)
            }
            #expect(found.confusion.accuracy >= 0.9)
            let task = try ImagesTask(configuration, preparation: run.preparation, source: source)
            #expect(model.evaluate { task.pictures(of: $0) }.map(\.name).first == "confusion-matrix")
            let graph = ImagesTask.graph(configuration, run.preparation, parameters: model.parameters.layout)
            #expect(graph.nodes.map(\.parameters).reduce(0, +) == model.parameters.layout.count)
        }
    }

    /// Labels from 1, as EMNIST's letters have them, are those of three classes and are shown as they are.
    @Test func labelsMayBeginAtOne() throws {
        try withTemporaryDirectory { directory in
            try Self.write(66, to: directory, prefix: "train", seed: 1, firstLabel: 1)
            try Self.write(30, to: directory, prefix: "t10k", seed: 2, firstLabel: 1)
            let configuration = configuration(directory)
            let source = try ImagesTask.read(configuration)
            let preparation = ImagesTask.prepare(source, configuration)
            #expect(preparation.classes == 3 && preparation.classNames == ["1", "2", "3"])
            let task = try ImagesTask(configuration, preparation: preparation, source: source)
            #expect(task.remarks == ["The labels are counted from 1 to 3, since no picture has the label 0"])
            var trainer = Trainer<ImagesTask>(
                configuration, model: ImagesTask.makeModel(configuration, preparation), task: task)
            let captions = try #require(
                trainer.model.evaluate { task.pictures(of: $0) }.first { $0.name == "misread" }
            ).picture.svg()
            #expect(!captions.contains("0, read ") && !captions.contains("read 0"))
            #expect(try trainer.advance().loss.isFinite)

            // A run of a version before has a class 0 that never occurs, and goes on with it.
            let old = try JSONDecoder().decode(
                ImagesPreparation.self, from: Data(#"{"rows":6,"columns":5,"classes":4}"#.utf8))
            #expect(old.classNames == ["0", "1", "2", "3"])
            #expect(try old.classified(source.data.test, name: "x") == source.data.test)
            #expect(try preparation.classified(source.data.test, name: "x").labels.contains(0))
            try Self.write(30, to: directory, prefix: "t10k", seed: 2)
            let zeros = try ImagesTask.read(configuration).data.test
            #expect(
                message { _ = try preparation.classified(zeros, name: "x") }
                    == "x: a picture has the label 0; the model knows classes 1 to 3")
        }
    }

    @Test func resumedAndThreadedRunsHaveTheSameBits() throws {
        try withRun { configuration, directory in
            let same = try leadsToTheSameBits(ImagesTask.self, configuration, in: directory)
            #expect(same)
        }
    }

    @Test func picturesOfAnotherSizeAreRefused() throws {
        try withRun { configuration, directory in
            let preparation = ImagesPreparation(rows: 6, columns: 5, classes: 3, firstLabel: nil)
            try Self.write(30, to: directory, prefix: "other", seed: 3, rows: 7)
            let path = directory + "/other-images-idx3-ubyte"
            let error = #expect(throws: RecurrentError.self) { try preparation.pictures(at: path) }
            #expect(error?.description.contains("7 x 5 pixels; the model reads 6 x 5") == true)
            #expect(try preparation.pictures(at: directory + "/t10k-images-idx3-ubyte").count == 30)
            var large = configuration
            large.batchSize = 67
            let few = #expect(throws: RecurrentError.self) {
                try TaskRun<ImagesTask>.begin(large) { try RunDirectory.create(at: directory + "/large") }
            }
            #expect(few?.description.contains("a batch needs 67") == true)
            var none = configuration
            none.data = nil
            #expect(throws: RecurrentError.self) { try ImagesTask.read(none) }
        }
    }
}
