/// The tokens that stand for no word: every vocabulary of an encoder and decoder begins with them.
public enum SpecialToken {
    /// Fills a batch up where a sequence is over; never read.
    public static let padding: Int32 = 0
    /// What a decoder reads first.
    public static let begin: Int32 = 1
    /// What a decoder writes last.
    public static let end: Int32 = 2
    /// Stands for everything that the vocabulary does not have.
    public static let unknown: Int32 = 3

    /// How the tokens are written, in the order of their numbers.
    package static let names = ["<pad>", "<bos>", "<eos>", "<unk>"]
}
