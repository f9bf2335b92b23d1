import Recurrent
import RecurrentData
import RecurrentPictures

/// Draws movements from a trained network, each from the density that those before it lead to.
public struct HandwritingWriter {
    private let network: HandwritingNetwork
    private let preparation: HandwritingPreparation
    private let bias: Float
    private let seed: UInt64

    /// What was written.
    public struct Sample: Sendable {
        /// The drawing, in the size of the training data, with its text where there is one.
        public let drawing: PenDrawing
        /// How strongly the window rested after each step on the characters and, last, on the place after them,
        /// `[steps][characters + 1]`; empty without a text, and without the last step where the writing was cut off.
        package let windowWeights: [[Float]]
        /// Whether the window has left the text: otherwise the writing was cut off.
        public let isComplete: Bool
    }

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - bias: How neatly it writes: 0 as the data is, above it nearer to what is most likely (Graves 2013, section 5.4).
    ///   - seed: The seed of all that is random.
    /// - Throws: `RecurrentError` where the bias is negative or not finite.
    public init(
        _ network: HandwritingNetwork, _ preparation: HandwritingPreparation, bias: Float, seed: UInt64
    ) throws {
        guard bias >= 0, bias.isFinite else {
            throw RecurrentError("the bias is \(bias); expected 0 (as the data is) or more (neater)")
        }
        self.network = network
        self.preparation = preparation
        self.bias = bias
        self.seed = seed
    }

    /// Draws so many drawings of so many movements each, side by side.
    ///
    /// - Throws: `RecurrentError` where the network's outputs are not finite.
    public func draw(_ count: Int, movements: Int) throws -> [Sample] {
        try write(Array(repeating: nil, count: count), over: nil, longest: movements)
    }

    /// Writes texts, side by side. A text is done when the window rests more on the place after it than on any of its
    /// characters (Graves 2013, section 5.3) and the stroke under way has ended.
    ///
    /// - Parameter stepsPerCharacter: After how many steps a text is cut off, for each of its characters and one more.
    /// - Throws: `RecurrentError` with the first character that was not learned, or where outputs are not finite.
    public func write(_ texts: [String], stepsPerCharacter: Int = 60) throws -> [Sample] {
        let encoded = try texts.map(preparation.encode)
        let longest = (encoded.map(\.count).max() ?? 0) + 1
        return try write(
            texts, over: WindowTexts(encoded, symbols: preparation.symbols), longest: longest * stepsPerCharacter)
    }

    /// A text being written.
    private struct Page {
        var steps = [PenStep(dx: 0, dy: 0, endsStroke: false)]
        var windowWeights: [[Float]] = []
        var isComplete = false
        var random: RandomSource
    }

    private func write(_ texts: [String?], over window: WindowTexts?, longest: Int) throws -> [Sample] {
        var pages = texts.indices.map { Page(random: RandomSource(seed: seed, operation: 0x7772_6974 + UInt64($0))) }
        var state: HandwritingNetwork.State?
        for _ in 0..<longest where pages.contains(where: { !$0.isComplete }) {
            let last = PenBatch(pages.map { PenDrawing(steps: $0.steps.suffix(1)) }).steps
            let (outputs, next) = network(last, writing: window, from: state)
            state = next
            let rows = outputs.values
            let width = outputs.shape[2]
            let places = window.map { $0.characters.shape[1] + 1 } ?? 0
            let weights = network.windowWeights(next, places: places)?.values
            for page in pages.indices where !pages[page].isComplete {
                if let weights, let count = window?.lengths[page] {
                    let rests = Array(weights[page * places..<page * places + count + 1])
                    pages[page].windowWeights.append(rests)
                    let hasLeft = rests.dropLast().allSatisfy { $0 < rests[count] }
                    pages[page].isComplete = hasLeft && pages[page].steps.last?.endsStroke == true
                }
                guard !pages[page].isComplete else { continue }
                let density = MixtureDensity(outputs: rows[page * width..<(page + 1) * width], bias: bias)
                let drawn = try density.draw(&pages[page].random)
                pages[page].steps.append(
                    PenStep(dx: drawn.movement.x, dy: drawn.movement.y, endsStroke: drawn.endsStroke))
            }
        }
        return zip(texts, pages).map { text, page in
            var drawing = PenDrawing(steps: page.steps, text: text)
            drawing.steps[drawing.steps.count - 1].endsStroke = true
            return Sample(
                drawing: preparation.scaler.inverse(drawing), windowWeights: page.windowWeights,
                isComplete: page.isComplete)
        }
    }
}

extension HandwritingWriter.Sample {
    /// How the window moved over the text: characters from top to bottom, steps from left to right.
    public var windowPath: HeatMap {
        let characters = (drawing.text ?? "").map { $0 == " " ? "space" : String($0) } + ["end"]
        return HeatMap(
            title: "The window over \"\(drawing.text ?? "")\"", rowAxis: "character", columnAxis: "step",
            rowLabels: characters,
            values: characters.indices.map { place in windowWeights.map { Double($0[place]) } }, valueName: "weight")
    }
}
