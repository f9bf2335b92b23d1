/// A table of numbers drawn as colours, such as a confusion matrix or attention weights.
public struct HeatMap: SVGPicture {
    /// What stands above the table.
    public var title: String
    /// What the rows are.
    public var rowAxis: String
    /// What the columns are.
    public var columnAxis: String
    /// The names of the rows, from top to bottom; none where there are none to say.
    public var rowLabels: [String]
    /// The names of the columns, from left to right; none where there are none to say.
    public var columnLabels: [String]
    /// The numbers that give the colours `[rows][columns]`; those that are not finite are left out.
    public var values: [[Double]]
    /// What the colours mean, with its unit.
    public var valueName: String
    /// The numbers of the first and of the last colour.
    public var range: ClosedRange<Double>
    /// What is printed in the cells where there is room `[rows][columns]`.
    public var cellTexts: [[String]]

    /// A table of numbers.
    ///
    /// Colours go from white (or black, on a dark screen) to blue; where numbers are negative, zero is in the middle
    /// and these are orange.
    ///
    /// - Parameters:
    ///   - values: The numbers `[rows][columns]`, all rows of a length.
    ///   - range: The numbers of the first and of the last colour; without it, the least and the greatest.
    public init(
        title: String, rowAxis: String = "", columnAxis: String = "", rowLabels: [String] = [],
        columnLabels: [String] = [], values: [[Double]], valueName: String = "", range: ClosedRange<Double>? = nil
    ) {
        let columns = values.first?.count ?? 0
        require(
            values.allSatisfy { $0.count == columns },
            "a heat map's rows have \(values.map(\.count)) columns: one number expected")
        require(
            rowLabels.isEmpty || rowLabels.count == values.count,
            "a heat map has \(values.count) rows but \(rowLabels.count) row labels")
        require(
            columnLabels.isEmpty || columnLabels.count == columns,
            "a heat map has \(columns) columns but \(columnLabels.count) column labels")
        self.title = title
        self.rowAxis = rowAxis
        self.columnAxis = columnAxis
        self.rowLabels = rowLabels
        self.columnLabels = columnLabels
        self.values = values
        self.valueName = valueName
        self.range = range ?? HeatMap.range(of: values.joined().filter(\.isFinite))
        cellTexts = values.map { $0.map(\.briefly) }
    }

    /// A confusion matrix: how often each class (row) was taken for each (column).
    ///
    /// The counts are printed; the colour is the count's share of its row, so that rare classes show as well.
    ///
    /// - Parameters:
    ///   - counts: How often `[actual][predicted]`, as many rows as columns.
    ///   - labels: The names of the classes.
    public init(title: String, counts: [[Int]], labels: [String]) {
        require(
            counts.allSatisfy { $0.count == counts.count },
            "a confusion matrix has \(counts.count) rows and \(counts.map(\.count)) columns: as many expected")
        let shares = counts.map { row in
            let total = Double(row.reduce(0, +))
            return row.map { total == 0 ? 0 : Double($0) / total }
        }
        self.init(
            title: title, rowAxis: "actual", columnAxis: "predicted", rowLabels: labels, columnLabels: labels,
            values: shares, valueName: "share of the row", range: 0...1)
        cellTexts = counts.map { $0.map(String.init) }
    }

    /// The table as an SVG document.
    public func svg() -> String {
        let layout = HeatMapLayout(of: self)
        var drawing = Drawing()
        layout.draw(&drawing)
        let description =
            "Heat map with \(values.count) rows (\(rowAxis)) and \(values.first?.count ?? 0) columns (\(columnAxis));"
            + " \(valueName) from \(range.lowerBound.briefly) to \(range.upperBound.briefly)."
        return drawing.document(
            title: title, description: description, width: layout.width, height: layout.height, rules: layout.rules)
    }

    /// The least to the greatest number; as far below zero as above it, if any is below.
    private static func range(of values: [Double]) -> ClosedRange<Double> {
        let (least, greatest) = (values.min() ?? 0, values.max() ?? 1)
        if least < 0 {
            let size = max(-least, greatest)
            return -size...size
        }
        return least < greatest ? least...greatest : min(0, least)...max(least, 1)
    }
}
