import Recurrent

/// The 256 bytes as tokens, for texts in any encoding and for files that are no texts.
public struct ByteVocabulary: Equatable, Sendable {
    /// How many tokens there are: 256.
    public var size: Int { 256 }

    /// The byte that generated text begins after: an underscore.
    package static let startToken = Int32(UInt8(ascii: "_"))

    /// Makes the vocabulary, which is always the same.
    public init() {}

    /// Turns bytes into token numbers, which are their values.
    public func encode(_ bytes: some Sequence<UInt8>) -> [Int32] {
        bytes.map { Int32($0) }
    }

    /// Turns token numbers into text that any terminal can show: a byte that is neither printable ASCII nor a newline
    /// nor a tab becomes an underscore, one for each byte.
    ///
    /// - Throws: `RecurrentError` with the first number that is not from 0 to 255.
    public func decode(_ tokens: some Sequence<Int32>) throws -> String {
        var text = String.UnicodeScalarView()
        for token in tokens {
            guard let byte = UInt8(exactly: token) else {
                throw RecurrentError("token \(token) is not a byte; expected 0 to 255")
            }
            let isShown = (32...126).contains(byte) || byte == 9 || byte == 10
            text.append(Unicode.Scalar(isShown ? byte : UInt8(ascii: "_")))
        }
        return String(text)
    }
}
