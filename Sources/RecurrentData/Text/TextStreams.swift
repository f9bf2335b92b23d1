import Recurrent

/// A text cut into parallel streams, read in windows, so that a recurrent state can be carried from window to window.
///
/// With N tokens and a batch of B, every stream has L = (N - 1) / B tokens: stream b has the inputs b*L to (b+1)*L - 1
/// and, as targets, the tokens one place later. A window is `sequenceLength` steps of every stream; an epoch is the
/// whole windows in order. The tokens that fill no window at the end of a stream are left out.
public struct TextStreams: Equatable, Sendable {
    private let tokens: TokenSequence
    /// How many streams run side by side.
    public let batchSize: Int
    /// How many steps a window has.
    public let sequenceLength: Int
    /// How many tokens a stream has.
    package let streamLength: Int

    /// How many windows an epoch has: at least 1.
    public var windowsPerEpoch: Int { streamLength / sequenceLength }

    /// Cuts tokens into streams.
    ///
    /// - Parameters:
    ///   - tokens: The text.
    ///   - batchSize: How many streams, at least 1.
    ///   - sequenceLength: How many steps a window has, at least 1.
    ///   - name: What errors call the text: the path of its file, or "the validation part of" it.
    /// - Throws: `RecurrentError` where a number is not positive or the text is shorter than one window of all
    ///   streams, with the number of tokens that are needed.
    public init(tokens: [Int32], batchSize: Int, sequenceLength: Int, name: String = "the text") throws {
        try self.init(
            tokens: TokenSequence(tokens), batchSize: batchSize, sequenceLength: sequenceLength, name: name)
    }

    /// Cuts tokens into streams as the other initialiser does.
    package init(tokens: TokenSequence, batchSize: Int, sequenceLength: Int, name: String) throws {
        guard batchSize >= 1 else {
            throw RecurrentError("the batch size is \(batchSize); expected 1 or more")
        }
        guard sequenceLength >= 1 else {
            throw RecurrentError("the sequence length is \(sequenceLength); expected 1 or more")
        }
        let (window, overflow) = batchSize.multipliedReportingOverflow(by: sequenceLength)
        guard !overflow, tokens.count > window else {
            let needed = overflow ? "far more" : "at least \(window.addingReportingOverflow(1).partialValue)"
            throw RecurrentError(
                "\(name) has \(tokens.count) tokens; one window of \(batchSize) streams and \(sequenceLength) steps "
                    + "needs \(needed): use a longer text, a smaller batch or shorter sequences")
        }
        self.tokens = tokens
        self.batchSize = batchSize
        self.sequenceLength = sequenceLength
        self.streamLength = (tokens.count - 1) / batchSize
    }

    /// One window of all streams.
    ///
    /// - Parameter index: 0 to `windowsPerEpoch` - 1; another is a mistake of the programmer and stops the program.
    /// - Returns: The inputs and the targets, each [sequenceLength, batchSize], time-major.
    public func window(_ index: Int) -> (inputs: [Int32], targets: [Int32]) {
        require(
            (0..<windowsPerEpoch).contains(index), "window \(index) of a text that has \(windowsPerEpoch) windows")
        let start = index * sequenceLength
        return (batch(from: start), batch(from: start + 1))
    }

    private func batch(from start: Int) -> [Int32] {
        [Int32](unsafeUninitializedCapacity: sequenceLength * batchSize) { buffer, initialized in
            for step in 0..<sequenceLength {
                for stream in 0..<batchSize {
                    buffer.initializeElement(at: initialized, to: tokens[stream * streamLength + start + step])
                    initialized += 1
                }
            }
        }
    }
}
