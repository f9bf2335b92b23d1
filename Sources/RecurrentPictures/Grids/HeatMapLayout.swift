/// Where the parts of a heat map lie: row labels, cells and the colours' scale from left to right, column labels below.
struct HeatMapLayout {
    let map: HeatMap
    let title: [String]
    /// The side of a cell, in pixels.
    let cell: Double
    /// Where the cells are.
    let table: Rectangle
    /// The texts in the cells; none where there is no room.
    let cellLettering: Lettering?
    let rowTexts: [String]
    let columnTexts: [String]
    /// Every how manieth row and column has its label printed.
    let labelStride: Int
    /// How column labels are turned: 0, -45 or -90 degrees.
    let columnAngle: Int
    let scaleTicks: Ticks
    let scaleAxis: PlotAxis
    let scaleLength: Double
    /// How far from the left the name of the colours' numbers stands.
    let scaleNamePlace: Double
    package let width: Double
    let height: Double

    /// How many colours there are.
    static let levels = 64

    init(of map: HeatMap) {
        self.map = map
        let small = Lettering.small
        let (rows, columns) = (map.values.count, map.values.first?.count ?? 0)
        let cell = min(max((620 / Double(max(rows, columns, 1))).rounded(.down), 3), 64)
        self.cell = cell
        rowTexts = map.rowLabels.map { small.cut($0, to: 150) }
        columnTexts = map.columnLabels.map { small.cut($0, to: 150) }
        labelStride = Int((small.lineHeight / cell).rounded(.up))
        let widest = columnTexts.map(small.width).max() ?? 0
        columnAngle = widest + 6 <= cell * Double(labelStride) ? 0 : cell >= 22 ? -45 : -90
        // A text turned by 45 degrees reaches as far to the left as down.
        let drop =
            columnTexts.isEmpty
            ? 0 : columnAngle == 0 ? small.lineHeight : columnAngle == -45 ? widest * 0.71 + 8 : widest
        let overhang = columnAngle == -45 ? widest * 0.71 - cell / 2 : 0

        let rowsWidth = (rowTexts.map(small.width).max() ?? 0) + (map.rowAxis.isEmpty ? 24 : 46)
        let left = max(rowsWidth, overhang + 16).rounded(.up)
        let tableWidth = Double(columns) * cell
        let tableHeight = Double(rows) * cell

        scaleAxis = PlotAxis(.linear, showing: [map.range.lowerBound, map.range.upperBound], margin: 0)
        scaleLength = max(tableHeight, 60)
        scaleTicks = Ticks(linear: scaleAxis.range, atMost: min(6, Int(scaleLength / 20)), areWhole: false)
        let scaleWidth = 42 + (scaleTicks.labels.map(small.width).max() ?? 0)
        scaleNamePlace = left + tableWidth + scaleWidth + 14
        width = max(scaleNamePlace + (map.valueName.isEmpty ? 2 : 18), 320)
        title = Lettering.title.wrap(map.title, to: width - 32, lines: 3)
        let top = 12 + Double(title.count) * Lettering.title.lineHeight + 10
        table = Rectangle(left: left, top: top, width: tableWidth, height: tableHeight)
        height = top + scaleLength + 10 + drop + (map.columnAxis.isEmpty ? 8 : 28)
        cellLettering = HeatMapLayout.lettering(for: map.cellTexts.joined(), in: cell)
    }

    /// The greatest letters in which every text fits into a cell.
    private static func lettering(for texts: some Sequence<String>, in cell: Double) -> Lettering? {
        let widest = texts.map { Lettering(size: 1).width(of: $0) }.max() ?? 0
        let size = min(13, (cell - 4) / max(widest, 1), cell / 1.5).rounded(.down)
        return size >= 8 ? Lettering(size: size) : nil
    }

    /// The colour of a number, counted from the first; none where it has no colour.
    func level(of value: Double) -> Int? {
        guard value.isFinite else { return nil }
        let fraction = min(max(scaleAxis.fraction(of: value), 0), 1)
        return Int((fraction * Double(HeatMapLayout.levels - 1)).rounded())
    }

    /// The style rules of the colours.
    func rules(_ scheme: ColorScheme) -> [String] {
        let ramp = map.range.lowerBound < 0 && map.range.upperBound > 0 ? scheme.diverging : scheme.sequential
        let used = Set(map.values.joined().compactMap(level)).sorted()
        return (0..<HeatMapLayout.levels).map { level in
            let color = ramp.color(at: Double(level) / Double(HeatMapLayout.levels - 1))
            return ".level\(level){fill:\(color.css)}"
        }
            + used.map { level in
                let color = ramp.color(at: Double(level) / Double(HeatMapLayout.levels - 1))
                return ".on\(level){fill:\(color.readableText.css)}"
            }
            + [
                ".frame{fill:none;stroke:\(scheme.axis.css)}",
                ".cells{fill:none;stroke:\(scheme.grid.css);stroke-width:.5}",
                ".missing{fill:none;stroke:\(scheme.axis.css)}",
            ]
    }
}
