extension LineChartLayout {
    /// Draws what stands still: bands, grid, axes and all letters but the legend's.
    func drawFrame(_ drawing: inout Drawing) {
        drawing.lines(title, at: Point(16, 24), .title)
        for (index, band) in chart.bands.enumerated() {
            guard let extent = LineChartLayout.extent(of: band, on: horizontal) else { continue }
            let left = plot.left + plot.width * extent.lowerBound
            let width = plot.width * (extent.upperBound - extent.lowerBound)
            drawing.rectangle(
                Rectangle(left: left, top: plot.top, width: width, height: plot.height), style: "band\(index % 2)")
        }
        var grid = PathData()
        var marks = PathData()
        let columns = horizontalTicks.values.map { plot.left + plot.width * horizontal.fraction(of: $0) }
        let rows = verticalTicks.values.map { plot.bottom - plot.height * vertical.fraction(of: $0) }
        for (x, label) in zip(columns, horizontalTicks.labels) {
            grid.line(through: [Point(x, plot.top), Point(x, plot.bottom)])
            marks.line(through: [Point(x, plot.bottom), Point(x, plot.bottom + 5)])
            drawing.text(label, at: Point(x, plot.bottom + 15), .small, anchor: .middle, style: "muted")
        }
        for (y, label) in zip(rows, verticalTicks.labels) {
            grid.line(through: [Point(plot.left, y), Point(plot.right, y)])
            marks.line(through: [Point(plot.left - 5, y), Point(plot.left, y)])
            drawing.text(label, at: Point(plot.left - 9, y), .small, anchor: .end, style: "muted")
        }
        for value in horizontalTicks.minor {
            let x = plot.left + plot.width * horizontal.fraction(of: value)
            marks.line(through: [Point(x, plot.bottom), Point(x, plot.bottom + 3)])
        }
        for value in verticalTicks.minor {
            let y = plot.bottom - plot.height * vertical.fraction(of: value)
            marks.line(through: [Point(plot.left - 3, y), Point(plot.left, y)])
        }
        marks.line(through: [
            Point(plot.left, plot.top), Point(plot.left, plot.bottom), Point(plot.right, plot.bottom),
        ])
        drawing.path(grid, style: "grid")
        drawing.path(marks, style: "axis")
        for label in bandLabels {
            drawing.lines(label.lines, at: label.frame.center, .small, anchor: .middle, style: "muted")
        }
        let horizontalName = Lettering.label.cut(chart.xAxis, to: plot.width)
        drawing.text(horizontalName, at: Point(plot.center.x, plot.bottom + 38), .label, anchor: .middle)
        let verticalName = Lettering.label.cut(chart.yAxis, to: plot.height)
        drawing.text(verticalName, at: Point(18, plot.center.y), .label, anchor: .middle, angle: -90)
    }

    /// Draws the reference lines, with a leader to each label that had to move aside.
    func drawReferences(_ drawing: inout Drawing) {
        for label in referenceLabels {
            let y = plot.bottom - plot.height * vertical.fraction(of: chart.references[label.index].y)
            var path = PathData()
            path.line(through: [
                Point(plot.left, y), Point(plot.right, y), Point(plot.right + 7, label.frame.center.y),
            ])
            drawing.path(path, style: "reference", attributes: " fill=\"none\"")
            let first = Point(label.frame.left, label.frame.top + Lettering.small.lineHeight / 2)
            drawing.lines(label.lines, at: first, .small, style: "muted")
        }
        if chart.series.allSatisfy({ series in zip(series.x, series.y).allSatisfy { place(x: $0, y: $1) == nil } }) {
            drawing.text("no data", at: plot.center, .label, anchor: .middle, style: "muted")
        }
    }

    /// Draws a series: its line, its lone points as dots, and markers where it has few points.
    func drawSeries(_ index: Int, _ drawing: inout Drawing) {
        let series = chart.series[index]
        let trace = LineTrace(zip(series.x, series.y).map { place(x: $0, y: $1) })
        var line = PathData()
        var dots = PathData()
        for run in trace.thinned().runs {
            if run.count == 1 { dots.line(through: run) } else { line.line(through: run) }
        }
        drawing.path(line, style: "series\(index)", attributes: dashes(of: index))
        if trace.pointCount <= LineChartLayout.markerLimit {
            for point in trace.runs.joined() { drawMarker(index, at: point, &drawing) }
        } else {
            drawing.path(dots, style: "dots\(index)")
        }
    }

    /// Draws the names of the series, each with a sample of its line.
    func drawLegend(_ drawing: inout Drawing) {
        for item in legend {
            let y = item.frame.center.y
            var sample = PathData()
            sample.line(through: [Point(item.frame.left, y), Point(item.frame.left + 32, y)])
            drawing.path(sample, style: "series\(item.series)", attributes: dashes(of: item.series))
            let series = chart.series[item.series]
            let points = zip(series.x, series.y).count { place(x: $0, y: $1) != nil }
            if (1...LineChartLayout.markerLimit).contains(points) {
                drawMarker(item.series, at: Point(item.frame.left + 16, y), &drawing)
            }
            drawing.text(item.text, at: Point(item.frame.left + 38, y), .label)
        }
    }

    /// As many points as this have markers.
    private static let markerLimit = 30

    private func dashes(of index: Int) -> String {
        let dashes =
            switch chart.series[index].style {
            case .plain: LineChart.dashes[index % LineChart.dashes.count]
            case .dashed: "6 6"
            case .thick: ""
            }
        return dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\""
    }

    /// Draws a circle, a square, a triangle or a diamond, by the place of the series among the others.
    private func drawMarker(_ index: Int, at point: Point, _ drawing: inout Drawing) {
        let (x, y) = (point.x, point.y)
        var path = PathData()
        switch index % 4 {
        case 0:
            let (r, k) = (4.0, 2.2)
            path.move(to: Point(x - r, y))
            path.curve(Point(x - r, y - k), Point(x - k, y - r), to: Point(x, y - r))
            path.curve(Point(x + k, y - r), Point(x + r, y - k), to: Point(x + r, y))
            path.curve(Point(x + r, y + k), Point(x + k, y + r), to: Point(x, y + r))
            path.curve(Point(x - k, y + r), Point(x - r, y + k), to: Point(x - r, y))
            path.close()
        case 1: path.rectangle(Rectangle(left: x - 3.5, top: y - 3.5, width: 7, height: 7))
        case 2: path.polygon([Point(x, y - 5), Point(x + 4.5, y + 3.5), Point(x - 4.5, y + 3.5)])
        default: path.polygon([Point(x, y - 5), Point(x + 5, y), Point(x, y + 5), Point(x - 5, y)])
        }
        drawing.path(path, style: "marker\(index)")
    }
}
