/// Texts that a soft window moves over, side by side.
public struct WindowTexts: Sendable {
    /// The characters as numbers, `[batch, characters]`, filled up with 0.
    package let characters: IntegerTensor
    /// The number of each text's characters.
    package let lengths: [Int]
    /// The number of different characters.
    package let symbols: Int

    /// Puts texts side by side.
    ///
    /// - Parameters:
    ///   - texts: The characters of each text, numbers below `symbols`; at least one.
    ///   - symbols: The number of different characters.
    public init(_ texts: [[Int32]], symbols: Int) {
        for character in texts.joined() {
            require(character >= 0 && character < symbols, "a text has the character \(character) of \(symbols)")
        }
        let longest = texts.map(\.count).max() ?? 0
        characters = IntegerTensor(
            texts.flatMap { $0 + [Int32](repeating: 0, count: longest - $0.count) }, shape: [texts.count, longest])
        lengths = texts.map(\.count)
        self.symbols = symbols
    }

    /// One-hot characters `[batch, characters, symbols]`, zeros past a text's end.
    func oneHot(precision: Precision) -> Tensor {
        let (batch, longest) = (characters.shape[0], characters.shape[1])
        var values = [Float](repeating: 0, count: batch * longest * symbols)
        for row in 0..<batch {
            for place in 0..<lengths[row] {
                let index = row * longest + place
                values[index * symbols + Int(characters.values[index])] = 1
            }
        }
        return Tensor(values, shape: [batch, longest, symbols]).converted(to: precision)
    }
}
