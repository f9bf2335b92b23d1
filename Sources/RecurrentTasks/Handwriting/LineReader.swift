import Foundation
import Recurrent
import RecurrentData
import RecurrentTraining

/// Reads composed lines, and lines of a network that learnt from them, from their pictures: a judge of whether what a
/// network writes is legible.
///
/// The line is drawn into a raster, whose columns a bidirectional LSTM goes through. Around the middle of each letter it
/// is to give the letter, and a space in the middle of the gap between words; elsewhere nothing. What it gives in a run
/// of columns is read once. It sees no pen: neither the order of strokes nor the speed.
///
///     let reader = try LineReader(composer: LineComposer(), texts: texts, seed: 1)
///     let share = reader.legibleShare(of: drawings)       // those read as the text that they have
public struct LineReader: Sendable {
    /// The pixels of the height of an x.
    static let scale = 8.0
    /// The height of the raster in pixels.
    static let height = 32
    /// The width of lines in pixels.
    static let lineWidth = 1.6

    /// What it can read; class 0 is nothing, and class n the character n - 1.
    package let characters: [Character]
    private let model: Model<LineReaderNetwork>

    /// Trains a reader on lines that are composed for it.
    ///
    /// - Parameters:
    ///   - composer: What writes the lines.
    ///   - texts: What is written.
    ///   - lineCount: How many lines are written; every one is used in each pass.
    ///   - passes: How many passes over the lines are made.
    ///   - seed: What everything follows from.
    /// - Throws: `RecurrentError` where a text cannot be written or the training diverges.
    public init(
        composer: LineComposer, texts: LineTexts, lineCount: Int = 2000, passes: Int = 8, seed: UInt64
    ) throws {
        let characters = composer.font.characters
        let lines = try composer.lines(lineCount, of: texts, seed: seed).map { line in
            LabelledRaster(line, characters, as: Self.raster(line.drawing), scale: Self.scale)
        }
        let task = try LineReaderTask(lines)
        let steps = passes * task.stepsPerEpoch
        let warmUp = max(1, steps / 20)
        var trainer = Trainer(
            model: Model(seed: seed) { LineReaderNetwork(classes: characters.count + 1, &$0) },
            optimizer: Adam(learningRate: 0.01),
            schedule: LearningRateSchedule(.cosine(steps: max(1, steps - warmUp)), warmUpSteps: warmUp),
            clipping: .globalNorm(5), task: task, seed: seed)
        while trainer.epoch < passes { try trainer.advance() }
        self.characters = characters
        model = trainer.model
    }

    /// What stands in drawings, whose unit must be the height of an x.
    public func read(_ drawings: [PenDrawing]) -> [String] {
        // A few at a time: one that is very wide widens those beside it.
        stride(from: 0, to: drawings.count, by: 16).flatMap { start in
            readBatch(drawings[start..<min(start + 16, drawings.count)])
        }
    }

    private func readBatch(_ drawings: ArraySlice<PenDrawing>) -> [String] {
        let rasters = drawings.map(Self.raster)
        let columns = StrokeRaster.columns(rasters)
        let best = model.evaluate { $0(columns.values, columns.lengths).argmax() }.values
        return rasters.enumerated().map { place, raster in
            var text = ""
            var (last, runLength): (Int32, Int) = (0, 0)
            for column in 0..<raster.width {
                let found = best[column * rasters.count + place]
                runLength = found == last ? runLength + 1 : 1
                last = found
                // A letter has three columns in training; one alone is a doubt.
                if runLength == 2, found != 0 { text.append(characters[Int(found) - 1]) }
            }
            return text
        }
    }

    /// The share of drawings that are read as the text that they have, letter by letter and in order; spaces around the
    /// text do not count.
    public func legibleShare(of drawings: [PenDrawing]) -> Double {
        let legible = zip(drawings, read(drawings)).count { drawing, found in
            drawing.text?.trimmingCharacters(in: .whitespaces) == found
        }
        return drawings.isEmpty ? 0 : Double(legible) / Double(drawings.count)
    }

    static func raster(_ drawing: PenDrawing) -> StrokeRaster {
        StrokeRaster(drawing, scale: scale, height: height, lineWidth: lineWidth)
    }
}

/// Training of a reader: lines of like widths side by side.
struct LineReaderTask: BatchedTask {
    typealias Network = LineReaderNetwork

    private let lines: [LabelledRaster]
    var plan: BatchPlan

    init(_ lines: [LabelledRaster]) throws {
        self.lines = lines
        plan = try BatchPlan(lengths: lines.map(\.raster.width), batchSize: 8, groupedBatches: 8)
    }

    /// The mean cross-entropy of the columns.
    func loss(of network: LineReaderNetwork, position: Int) -> Tensor {
        let batch = plan[position].map { lines[$0] }
        let columns = StrokeRaster.columns(batch.map(\.raster))
        let targets = PaddedBatch(batch.map(\.classes)).tokens
        let weights = runningSteps(columns.lengths, time: columns.values.shape[0]).reshaped(targets.shape)
        return sequenceLoss(logits: network(columns.values, columns.lengths), targets: targets, weights: weights)
    }
}

/// One bidirectional LSTM and a dense layer.
struct LineReaderNetwork: Sendable {
    private static let hiddenSize = 64
    private let layer: Bidirectional<LSTMCell, LSTMCell>
    private let output: Dense

    init(classes: Int, _ binder: inout Binder) {
        layer = Bidirectional(
            forward: LSTMCell(inputSize: LineReader.height, hiddenSize: Self.hiddenSize, &binder["forward"]),
            backward: LSTMCell(inputSize: LineReader.height, hiddenSize: Self.hiddenSize, &binder["backward"]))
        output = Dense(inputSize: 2 * Self.hiddenSize, outputSize: classes, &binder["output"])
    }

    /// The logits [time, batch, classes] of columns [time, batch, height].
    func callAsFunction(_ columns: Tensor, _ lengths: [Int]) -> Tensor { output(layer(columns, lengths: lengths)) }
}

/// Whether what a trained network writes can be read: short texts that it has not learned, written, and read from their
/// pictures by a reader that was trained on composed lines.
package struct HandwritingLegibility: Sendable {
    /// A text that was written.
    package struct Line: Sendable {
        /// What was written, with the text that was asked for.
        package let sample: HandwritingWriter.Sample
        /// What was read.
        package let read: String

        /// Whether the letters were read in order, and nothing beside them.
        package var isLegible: Bool { sample.drawing.text == read }
    }

    /// The texts that were written.
    package let lines: [Line]

    /// The number of texts that were read as what was asked for.
    package var legible: Int { lines.count(where: \.isLegible) }

    /// The fifty texts that are written. No line that a network is trained on has one of them.
    package static let texts = """
        house water light green jumps quick brown apple zebra lazy hello world swift paper pencil garden winter summer \
        yellow forest bridge window music voyage dozen kitchen market object quiet river simple travel under valley \
        wonder extra young zone a_tree my_cat red_sun no_way go_on big_box we_sing old_hat in_time fly_me six_keys \
        on_a_map
        """.split(separator: " ").map { word in String(word.map { $0 == "_" ? " " : $0 }) }

    /// How neatly the texts are written.
    package static let bias: Float = 1

    /// Writes the texts with a network that was trained on composed lines, and reads them.
    ///
    /// - Throws: `RecurrentError` where the network was trained on other data, or lacks a character.
    package init(
        of network: HandwritingNetwork, _ configuration: HandwritingConfiguration, _ preparation: HandwritingPreparation
    ) throws {
        guard configuration.writesText, configuration.data == nil else {
            throw RecurrentError("the reader knows composed letters only; expected a model of composed lines")
        }
        let samples = try HandwritingWriter(network, preparation, bias: Self.bias, seed: configuration.seed)
            .write(Self.texts)
        let reader = try LineReader(
            composer: HandwritingSource.composer(configuration), texts: HandwritingSource.texts,
            lineCount: min(configuration.lines, 2000), seed: configuration.seed)
        lines = zip(samples, reader.read(samples.map(\.drawing))).map { Line(sample: $0, read: $1) }
    }
}
