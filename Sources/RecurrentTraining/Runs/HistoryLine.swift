import Foundation

/// One evaluation of a run: a line of its `history.jsonl`.
public struct HistoryLine: Codable, Equatable, Sendable {
    /// How many updates had been made.
    public var step: Int
    /// How many passes over the data had been completed, with the part of the one under way.
    public var epoch: Double
    /// The mean loss of the training steps since the line before.
    public var trainLoss: Double
    /// The mean loss on the validation data, where there is some.
    public var validationLoss: Double?
    /// What else tells how good the model is on the validation data, such as "accuracy", by name.
    public var measures: [String: Double]?
    /// The global norm of the last gradient, before clipping.
    public var gradientNorm: Double
    /// How many items (tokens, rows, sequences) were learned from in a second.
    public var itemsPerSecond: Double
    /// The seconds since the run began, those before a resume included.
    public var seconds: Double

    /// Makes a line.
    package init(
        step: Int, epoch: Double, trainLoss: Double, validationLoss: Double? = nil,
        measures: [String: Double]? = nil, gradientNorm: Double, itemsPerSecond: Double, seconds: Double
    ) {
        self.step = step
        self.epoch = epoch
        self.trainLoss = trainLoss
        self.validationLoss = validationLoss
        self.measures = measures
        self.gradientNorm = gradientNorm
        self.itemsPerSecond = itemsPerSecond
        self.seconds = seconds
    }

    /// The line as JSON, without a newline. Numbers that JSON does not have are the strings "nan", "inf" and "-inf".
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads a line that `json()` wrote.
    ///
    /// - Throws: `DecodingError` where it is something else.
    package init(json: some Sequence<UInt8>) throws {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        self = try decoder.decode(HistoryLine.self, from: Data(json))
    }
}
