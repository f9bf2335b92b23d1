import Recurrent
import RecurrentData
import RecurrentPictures

/// What a file or directory holds, and what can be made of it.
struct DataInspection {
    /// What there is to see, a line each.
    var lines: [String]
    /// The same for a program.
    var fields: [String: any Sendable]
    /// What each training that could read it would make of it.
    var outlooks: [TrainingOutlook]
    private let drawing: () -> any SVGPicture

    /// The data as a picture.
    var picture: any SVGPicture { drawing() }

    /// Reads a path as data of a kind; `options` say how it is written, as they would be typed.
    ///
    /// - Throws: `RecurrentError` where it is no such data.
    init(_ path: String, as kind: DataKind, _ format: TableFormat, options: String) throws {
        self =
            switch kind {
            case .table: try DataInspection(table: path, format, options: options)
            case .text: try DataInspection(text: path, format.encoding, options: options)
            case .pairs: try DataInspection(pairs: path, format.encoding, options: options)
            case .labelledTexts: try DataInspection(labelledTexts: path, format.encoding, options: options)
            case .stories: try DataInspection(stories: path)
            case .images where FileContents.isFile(path): try DataInspection(imageFile: path)
            case .images: try DataInspection(images: path)
            case .picture: try DataInspection(picture: path)
            case .drawings: try DataInspection(drawings: path)
            case .tunes: try DataInspection(tunes: path)
            }
        fields["file"] = path
        fields["kind"] = kind.rawValue
        fields["trainings"] = outlooks.map(\.fields)
    }

    init(
        lines: [String], fields: [String: any Sendable], outlooks: [TrainingOutlook],
        drawing: @escaping @autoclosure () -> any SVGPicture
    ) {
        (self.lines, self.fields, self.outlooks, self.drawing) = (lines, fields, outlooks, drawing)
    }

    // Cells and sentences that are shown.
    static var shownItems: Int { 3 }

    /// The beginning of a text, as a line.
    static func excerpt(_ text: String) -> String {
        let line = text.drop(while: \.isWhitespace).prefix { !$0.isNewline }
        return Console.shown(String(line.prefix(72))) + (line.count > 72 ? "..." : "")
    }

    /// The least and the largest of some lengths.
    static func range(of lengths: [Int], _ noun: String) -> String {
        let (least, most) = (lengths.min() ?? 0, lengths.max() ?? 0)
        return (least == most ? "" : "\(Console.grouped(least)) to ") + Console.counted(most, noun)
    }

    /// How many values have each size, as a chart of at most some forty steps.
    static func histogram(_ values: [Int], title: String, of axis: String, counting: String) -> LineChart {
        let (least, most) = (values.min() ?? 0, values.max() ?? 0)
        let width = max(1, (most - least + 40) / 40)
        var counts = [Double](repeating: 0, count: (most - least) / width + 1)
        for value in values { counts[(value - least) / width] += 1 }
        let places = counts.indices.map { Double(least + $0 * width) + Double(width - 1) / 2 }
        return LineChart(title: title, xAxis: axis, yAxis: counting, series: [.init(counting, x: places, y: counts)])
    }

    /// Lines with a bar each, the longest for the largest count.
    static func bars(_ counts: [(name: String, count: Int)]) -> [String] {
        let shown = counts.prefix(30)
        let widest = shown.map { Console.shown($0.name).count }.max() ?? 0
        let largest = max(1, shown.map(\.count).max() ?? 1)
        let rest = counts.count > shown.count ? ["and \(counts.count - shown.count) more"] : []
        return shown.map { name, count in
            let label = Console.shown(name)
            return label + String(repeating: " ", count: widest - label.count + 2)
                + String(repeating: "#", count: count == 0 ? 0 : max(1, 30 * count / largest)) + " "
                + Console.grouped(count)
        } + rest
    }
}
