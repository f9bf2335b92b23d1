import Recurrent
import RecurrentPictures

extension HeatMap {
    /// Where a decoder looked while it wrote: a row for every token that it wrote and the end, a column for every token
    /// of the source.
    /// - Parameters:
    ///   - hypothesis: What was written, with its attention.
    ///   - source: The source's tokens as they are read.
    ///   - target: The written tokens as they are read, without the end.
    package init(title: String, attention hypothesis: Hypothesis, source: [String], target: [String]) {
        let rows = Array((target + [SpecialToken.names[Int(SpecialToken.end)]]).prefix(hypothesis.attention.count))
        self.init(
            title: title, rowAxis: "written", columnAxis: "read", rowLabels: rows, columnLabels: source,
            values: hypothesis.attention.map { $0.map(Double.init) }, valueName: "attention weight", range: 0...1)
        // Hundredths say enough, and what rounds to nothing would only hide the others.
        cellTexts = values.map { $0.map { $0 < 0.005 ? "" : (($0 * 100).rounded() / 100).briefly } }
    }
}
