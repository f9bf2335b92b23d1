/// Where the parts of a line chart lie: title, legend, labels of bands, plot, axes, from top to bottom.
struct LineChartLayout {
    /// The width of every chart, in pixels.
    package static let width = 720.0

    let chart: LineChart
    let horizontal: PlotAxis
    let vertical: PlotAxis
    let verticalTicks: Ticks
    let horizontalTicks: Ticks
    let title: [String]
    let legend: [LegendItem]
    /// The labels of the bands and of the reference lines, cut to fit.
    let bandLabels: [PlacedLabel]
    let referenceLabels: [PlacedLabel]
    /// Where the data are.
    let plot: Rectangle
    let height: Double

    /// A name in the legend, and its place.
    struct LegendItem: Equatable {
        let series: Int
        let text: String
        /// Sample and name together.
        let frame: Rectangle
    }

    /// A text in lines, the room that it takes, and what it belongs to.
    struct PlacedLabel: Equatable {
        let index: Int
        let lines: [String]
        let frame: Rectangle
    }

    init(of chart: LineChart) {
        self.chart = chart
        let shown = chart.series.map { LineChartLayout.points(of: $0, in: chart) }
        horizontal = PlotAxis(chart.xScale, showing: shown.flatMap { $0.map(\.x) }, margin: 0.01)
        let vertical = PlotAxis(
            chart.yScale, showing: shown.flatMap { $0.map(\.y) } + chart.references.map(\.y), margin: 0.05)
        self.vertical = vertical

        let small = Lettering.small
        let references = chart.references.indices.filter { vertical.shows(chart.references[$0].y) }
        let referenceTexts = references.map { small.wrap(chart.references[$0].label, to: 130, lines: 2) }
        let referenceHeights = referenceTexts.map { Double($0.count) * small.lineHeight }
        // All labels beside the plot have room there.
        let plotHeight = max(300, referenceHeights.reduce(0, +))
        verticalTicks = vertical.ticks(length: plotHeight, atMost: 7) { _ in small.lineHeight + 8 }
        let tickWidth = verticalTicks.labels.map(small.width).max() ?? 0
        let left = (tickWidth + (chart.yAxis.isEmpty ? 18 : 42)).rounded(.up)
        let right = max(28, (referenceTexts.joined().map(small.width).max() ?? 0) + 19).rounded(.up)
        let plotWidth = LineChartLayout.width - left - right
        horizontalTicks = horizontal.ticks(length: plotWidth, atMost: 10) { small.width(of: $0) + 12 }

        title = Lettering.title.wrap(chart.title, to: LineChartLayout.width - 32, lines: 2)
        var top = 12 + Double(title.count) * Lettering.title.lineHeight + 4
        legend = LineChartLayout.legend(of: chart, from: Point(left, top), width: LineChartLayout.width - left - 16)
        top = (legend.last.map { $0.frame.bottom } ?? top) + 6
        let bands = LineChartLayout.bandLabels(of: chart, on: horizontal, from: Point(left, top), width: plotWidth)
        top = (bands.map(\.frame.bottom).max() ?? top) + 4
        bandLabels = bands
        plot = Rectangle(left: left, top: top, width: plotWidth, height: plotHeight)
        height = plot.bottom + (chart.xAxis.isEmpty ? 32 : 54)

        let wishes = references.map { top + plotHeight * (1 - vertical.fraction(of: chart.references[$0].y)) }
        let order = wishes.indices.sorted { (wishes[$0], $0) < (wishes[$1], $1) }
        let heights = order.map { referenceHeights[$0] }
        let distances = heights.indices.map { $0 == 0 ? 0 : (heights[$0 - 1] + heights[$0]) / 2 }
        let bounds = (top + (heights.first ?? 0) / 2)...(plot.bottom - (heights.last ?? 0) / 2)
        let places = spaced(order.map { wishes[$0] }, distances: distances, within: bounds)
        referenceLabels = order.indices.map { place in
            let lines = referenceTexts[order[place]]
            let width = lines.map(small.width).max() ?? 0
            let frame = Rectangle(
                left: left + plotWidth + 11, top: places[place] - heights[place] / 2, width: width,
                height: heights[place])
            return PlacedLabel(index: references[order[place]], lines: lines, frame: frame)
        }
    }

    /// The points of a series that both axes can show.
    private static func points(of series: LineChart.Series, in chart: LineChart) -> [Point] {
        zip(series.x, series.y).map { Point($0, $1) }.filter { point in
            PlotAxis.canShow(point.x, on: chart.xScale) && PlotAxis.canShow(point.y, on: chart.yScale)
        }
    }

    /// Names in rows, as many in each as fit.
    private static func legend(of chart: LineChart, from start: Point, width: Double) -> [LegendItem] {
        var items: [LegendItem] = []
        var place = start
        for (index, series) in chart.series.enumerated() where !series.name.isEmpty {
            let text = Lettering.label.cut(series.name, to: min(width - 44, 300))
            let needed = 38 + Lettering.label.width(of: text)
            if place.x > start.x, place.x + needed > start.x + width {
                place = Point(start.x, place.y + 20)
            }
            let frame = Rectangle(left: place.x, top: place.y, width: needed, height: 20)
            items.append(LegendItem(series: index, text: text, frame: frame))
            place.x += needed + 16
        }
        return items
    }

    /// Labels above the middle of their bands, in more rows than one where they would touch.
    private static func bandLabels(
        of chart: LineChart, on axis: PlotAxis, from start: Point, width: Double
    ) -> [PlacedLabel] {
        var labels: [PlacedLabel] = []
        let lettering = Lettering.small
        for (index, band) in chart.bands.enumerated() {
            guard let extent = extent(of: band, on: axis), !band.label.isEmpty else { continue }
            let text = lettering.cut(band.label, to: width)
            let needed = lettering.width(of: text)
            let middle = start.x + width * (extent.lowerBound + extent.upperBound) / 2
            let left = min(max(middle - needed / 2, start.x), start.x + width - needed)
            var frame = Rectangle(left: left, top: start.y, width: needed, height: lettering.lineHeight)
            while labels.contains(where: { $0.frame.overlaps(frame) }) { frame.top += lettering.lineHeight }
            labels.append(PlacedLabel(index: index, lines: [text], frame: frame))
        }
        return labels
    }

    /// The part of the axis that a band takes, 0 to 1, if any.
    static func extent(of band: LineChart.Band, on axis: PlotAxis) -> ClosedRange<Double>? {
        let range = band.x.clamped(to: axis.range)
        guard band.x.overlaps(axis.range), range.lowerBound < range.upperBound else { return nil }
        return axis.fraction(of: range.lowerBound)...axis.fraction(of: range.upperBound)
    }

    /// The place of a point in the picture; none where the axes cannot show it.
    func place(x: Double, y: Double) -> Point? {
        guard horizontal.shows(x), vertical.shows(y) else { return nil }
        return Point(
            plot.left + plot.width * horizontal.fraction(of: x),
            plot.bottom - plot.height * vertical.fraction(of: y))
    }
}
