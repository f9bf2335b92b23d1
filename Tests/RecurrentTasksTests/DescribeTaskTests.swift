import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentPictures
@testable import RecurrentTasks
@testable import RecurrentTraining

@Suite struct DescribeTaskTests {
    /// Pictures of 3 x 4 pixels whose class is the row that is bright, in noise.
    static func images(_ count: Int, seed: UInt64) throws -> LabelledImages {
        var random = RandomSource(seed: seed)
        let labels = (0..<count).map { UInt8($0 % 3) }
        var pixels: [UInt8] = []
        for label in labels {
            for place in 0..<12 {
                let noise = UInt8(random.next() % 100)
                pixels.append(place / 4 == Int(label) ? noise + 120 : noise)
            }
        }
        func file(_ shape: [Int], _ values: [UInt8]) throws -> IDXFile {
            try IDXFile(bytes: Array(idx(shape, values)), name: "x")
        }
        return try LabelledImages(images: file([count, 3, 4], pixels), labels: file([count], labels))
    }

    private static func idx(_ shape: [Int], _ values: [UInt8]) -> Data {
        let extents = shape.flatMap { extent in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) } }
        return Data([0, 0, 8, UInt8(shape.count)] + extents + values)
    }

    private static func source() throws -> ImagesSource {
        let data = try ImageDataSet(training: images(72, seed: 1), test: images(30, seed: 2), name: "rows")
        return ImagesSource(data, name: "rows", fingerprint: "0")
    }

    private static var configuration: DescribeConfiguration {
        var configuration = DescribeConfiguration()
        configuration.hiddenSize = 16
        configuration.batchSize = 10
        configuration.optimization = Optimization(learningRate: 1e-2)
        return configuration
    }

    @Test(arguments: [CellKind.gru, .lstm, .rnn])
    func rowsAreNamed(_ cell: CellKind) throws {
        var configuration = Self.configuration
        configuration.cell = cell
        let source = try Self.source()
        let preparation = try DescribeTask.prepare(source, configuration)
        let task = try DescribeTask(configuration, preparation: preparation, source: source)
        #expect(task.stepsPerEpoch == 6)
        var trainer = Trainer<DescribeTask>(
            configuration, model: DescribeTask.makeModel(configuration, preparation), task: task)
        let before = try #require(try trainer.validation())
        for _ in 0..<150 { try trainer.advance() }
        let after = try #require(try trainer.validation())
        #expect(after.measures["exact"] == 1 && after.loss < before.loss / 10)
        let found = try trainer.model.evaluate {
            try DescribeTask.evaluate($0, on: source.data.test, 0..<30, names: preparation.names)
        }
        #expect(found.evaluation.measures["exact"] == 1)
        let written = found.written.map { preparation.names.text(of: $0.tokens) }
        #expect(written == (0..<30).map { ["zero", "one", "two"][$0 % 3] })
        let pictures = try trainer.model.evaluate { try task.pictures(of: $0) }
        #expect(pictures.map(\.name) == ["named"])
        try checkPicture(try #require(pictures[0].picture as? ImageGrid))
    }

    /// What is written letter by letter is what reading one's own letters makes most likely, and wrong names are marked.
    @Test func anUntrainedNetworkWritesWhatItFindsLikely() throws {
        let source = try Self.source()
        let preparation = try DescribeTask.prepare(source, Self.configuration)
        let names = preparation.names
        let model = DescribeTask.makeModel(Self.configuration, preparation)
        let batch = SpelledPictures(source.data.test, 0..<8, names: names)
        try model.evaluate { network in
            let written = try network.spellings(of: batch.pictures, longest: 9)
            for (place, hypothesis) in written.enumerated() {
                let spelling = hypothesis.tokens + (hypothesis.isComplete ? [names.endToken] : [])
                #expect(spelling.count == 9 || hypothesis.isComplete)
                #expect(!hypothesis.tokens.contains(names.endToken))
                let read = [names.endToken] + spelling.dropLast()
                let logits = network(
                    batch.pictures.slice(place..<place + 1), reading: IntegerTensor(read, shape: [read.count, 1]))
                #expect(logits.argmax().values == spelling)
            }
        }
        let task = try DescribeTask(Self.configuration, preparation: preparation, source: source)
        let pictures = try model.evaluate { try task.pictures(of: $0) }
        #expect(pictures.map(\.name) == ["named", "misnamed"])
        let grid = try #require(pictures[1].picture as? ImageGrid)
        #expect(grid.images.count == 21 && grid.images.allSatisfy { $0.caption.contains(", not ") })
    }

    @Test func theLossIsThatOfTheNamesAlone() throws {
        let source = try Self.source()
        let preparation = try DescribeTask.prepare(source, Self.configuration)
        let batch = SpelledPictures(source.data.training, [0, 1], names: preparation.names)
        #expect(batch.written.shape == [5, 2] && batch.weights.values == [1, 1, 1, 1, 1, 1, 1, 1, 1, 0])
        #expect(batch.read.values[..<2] == [preparation.names.endToken, preparation.names.endToken])
        let pixels = source.data.training.picture(1).map { Float($0) / 255 }
        #expect(batch.pictures.shape == [2, 12] && Array(batch.pictures.values[12...]) == pixels)
    }

    @Test func aTrainingIsTakenUpAgainToTheBit() throws {
        try withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory + "/rows", withIntermediateDirectories: true)
            for (part, count) in [("train", 72), ("t10k", 30)] {
                let images = try Self.images(count, seed: 1)
                let files = [("images-idx3", [count, 3, 4], images.pixels), ("labels-idx1", [count], images.labels)]
                for (kind, shape, values) in files {
                    try Self.idx(shape, values).write(
                        to: URL(fileURLWithPath: "\(directory)/rows/\(part)-\(kind)-ubyte"))
                }
            }
            var configuration = Self.configuration
            configuration.data = directory + "/rows"
            let isTheSame = try leadsToTheSameBits(DescribeTask.self, configuration, in: directory)
            #expect(isTheSame)
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let source = try Self.source()
        try withTemporaryDirectory { directory in
            var configuration = Self.configuration
            configuration.names = directory + "/names.txt"
            try Data("top\nmiddle\n".utf8).write(to: URL(fileURLWithPath: directory + "/names.txt"))
            #expect(
                message { _ = try DescribeTask.prepare(source, configuration) }
                    == "\(directory)/names.txt: there are 2 names; rows has 3 classes; expected "
                    + "`names`: a file with a name for each, one a line")
            try Data("top\nmiddle\nbottom\n".utf8).write(to: URL(fileURLWithPath: directory + "/names.txt"))
            #expect(try DescribeTask.prepare(source, configuration).names.names == ["top", "middle", "bottom"])
        }
        let preparation = try DescribeTask.prepare(source, Self.configuration)
        var large = Self.configuration
        large.batchSize = 67
        #expect(
            message { _ = try DescribeTask(large, preparation: preparation, source: source) }
                .hasPrefix("rows has 72 training pictures, of which 6 are held back"))
        #expect(message { _ = try DescribeTask.read(Self.configuration) }.contains("expected `data`: a directory"))
        large.validationFraction = 1
        #expect(message { try large.validate() } == "`validationFraction` is 1.0; expected 0 or more and less than 1")
    }
}
