import Recurrent

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
