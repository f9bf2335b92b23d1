/// Series of numbers drawn as lines over a common axis, such as losses by the step.
public struct LineChart: SVGPicture {
    /// A named line.
    public struct Series: Sendable {
        /// How a line is drawn.
        public enum Style: Sendable {
            /// Thin, with the dashes that tell this series from the others without its colour.
            case plain
            /// With long dashes, for what the others are compared with.
            case dashed
            /// Thick and without dashes, for the one that matters most.
            case thick
        }

        /// What the legend says.
        public var name: String
        /// Where the points lie from left to right; need not be in order.
        public var x: [Double]
        /// How high the points lie; where a number is not finite, the line has a gap.
        public var y: [Double]
        /// How the line is drawn.
        public var style: Style

        /// A line through the points, of which there are as many `x` as `y`.
        public init(_ name: String, x: [Double], y: [Double], style: Style = .plain) {
            require(x.count == y.count, "series '\(name)' has \(x.count) x but \(y.count) y")
            self.name = name
            self.x = x
            self.y = y
            self.style = style
        }
    }

    /// A height that the lines are compared with, such as chance; its label stands beside the plot.
    public struct ReferenceLine: Sendable {
        /// What is said beside the line.
        public var label: String
        /// How high the line lies.
        public var y: Double

        /// A level line.
        public init(_ label: String, y: Double) {
            self.label = label
            self.y = y
        }
    }

    /// A part of the horizontal axis with a name, such as the points of the test set; its label stands above the plot.
    public struct Band: Sendable {
        /// What is said above the band.
        public var label: String
        /// From where to where it goes; what lies beyond the points is not shown.
        public var x: ClosedRange<Double>

        /// A shaded band.
        public init(_ label: String, x: ClosedRange<Double>) {
            self.label = label
            self.x = x
        }
    }

    /// What stands above the chart.
    public var title: String
    /// What lies along the horizontal axis, with its unit.
    public var xAxis: String
    /// What lies along the vertical axis, with its unit.
    public var yAxis: String
    /// How the horizontal axis is spread.
    public var xScale: AxisScale
    /// How the vertical axis is spread.
    public var yScale: AxisScale
    /// The lines, the first painted first.
    public var series: [Series]
    /// The heights to compare with.
    public var references: [ReferenceLine]
    /// The shaded parts.
    public var bands: [Band]

    /// A chart of the series.
    public init(
        title: String, xAxis: String, yAxis: String, xScale: AxisScale = .linear, yScale: AxisScale = .linear,
        series: [Series], references: [ReferenceLine] = [], bands: [Band] = []
    ) {
        self.title = title
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.xScale = xScale
        self.yScale = yScale
        self.series = series
        self.references = references
        self.bands = bands
    }

    /// The chart as an SVG document, 720 pixels wide.
    public func svg() -> String {
        var drawing = Drawing()
        let layout = LineChartLayout(of: self)
        layout.drawFrame(&drawing)
        layout.drawReferences(&drawing)
        for index in series.indices { layout.drawSeries(index, &drawing) }
        layout.drawLegend(&drawing)
        let names = series.map(\.name).joined(separator: ", ")
        return drawing.document(
            title: title, description: "Line chart of \(yAxis) by \(xAxis): \(names).", width: LineChartLayout.width,
            height: layout.height, rules: rules)
    }

    /// Dashes by the place of a series among the others; the first has none.
    static let dashes = ["", "8 4", "2 4", "12 4 2 4", "5 2"]

    private func rules(_ scheme: ColorScheme) -> [String] {
        var rules = [
            ".grid{stroke:\(scheme.grid.css);fill:none}",
            ".axis{stroke:\(scheme.axis.css);fill:none}",
            ".reference{stroke:\(scheme.mutedText.css);stroke-width:1.2;stroke-dasharray:1 3;stroke-linecap:round}",
            ".band0{fill:\(scheme.bands[0].css)}",
            ".band1{fill:\(scheme.bands[1].css)}",
        ]
        for index in series.indices {
            let color = scheme.series[index % scheme.series.count].css
            rules.append(
                ".series\(index){fill:none;stroke:\(color);stroke-width:\(series[index].style == .thick ? 3.5 : 1.8);"
                    + "stroke-linejoin:round}")
            rules.append(".marker\(index){fill:\(color);stroke:\(scheme.background.css)}")
            rules.append(".dots\(index){fill:none;stroke:\(color);stroke-width:4;stroke-linecap:round}")
        }
        return rules
    }
}
