import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentPictures

@Suite struct LineChartTests {
    private func chart(_ series: [LineChart.Series], yScale: AxisScale = .linear) -> LineChart {
        LineChart(title: "Loss", xAxis: "step", yAxis: "nats a character", yScale: yScale, series: series)
    }

    @Test func gapsDivideALine() {
        let trace = LineTrace([Point(0, 1), Point(1, 1), nil, nil, Point(4, 1), nil, Point(6, 1)])
        #expect(trace.runs.map(\.count) == [2, 1, 1])
        #expect(LineTrace([nil, nil]).runs.isEmpty)
    }

    /// In each column of pixels the first, lowest, highest and last point stay, and no others.
    @Test func thinningKeepsExtremes() {
        var random = RandomSource(seed: 2, operation: 1)
        let heights = random.normal(count: 40_000).map { Double($0) * 40 }
        let points = heights.enumerated().map { Point(Double($0.offset) / 100, $0.element) }
        let whole = LineTrace(points)
        let thin = whole.thinned()
        #expect(thin.pointCount <= 4 * 400)
        let columns = Dictionary(grouping: points) { Int($0.x) }
        let kept = Dictionary(grouping: thin.runs[0]) { Int($0.x) }
        for (column, points) in columns {
            let left = kept[column] ?? []
            #expect(left.first == points.first)
            #expect(left.last == points.last)
            #expect(left.map(\.y).min() == points.map(\.y).min())
            #expect(left.map(\.y).max() == points.map(\.y).max())
        }
        #expect(thin.thinned() == thin)
        let few = LineTrace([Point(0.1, 3), Point(0.2, 5), Point(7, 1)])
        #expect(few.thinned() == few)
    }

    /// A single spike among many points is seen, and the file stays small.
    @Test func manyPoints() throws {
        let x = (0..<20_000).map(Double.init)
        let y = x.map { $0 == 11_234 ? 9 : 1 + 0.1 * sin($0) }
        let picture = chart([.init("training", x: x, y: y)])
        let document = picture.svg()
        #expect(document.utf8.count < 60_000)
        let layout = LineChartLayout(of: picture)
        let top = try #require(layout.place(x: 11_234, y: 9))
        let path = try #require(try PictureReader(document).values("d", of: "series0").first)
        #expect(path.contains(" \(Drawing.number(top.y))L"))
    }

    @Test func missingNumbersLeaveGaps() throws {
        let x = (0..<100).map(Double.init)
        let y = x.map { $0 == 50 ? .nan : $0 == 70 ? .infinity : $0 }
        let path = try PictureReader(chart([.init("a", x: x, y: y)]).svg()).values("d", of: "series0")[0]
        #expect(path.filter { $0 == "M" }.count == 3)
        // On a logarithmic axis zero has no place either.
        let logarithmic = chart([.init("a", x: x, y: y)], yScale: .logarithmic)
        let other = try PictureReader(logarithmic.svg()).values("d", of: "series0")[0]
        #expect(other.filter { $0 == "M" }.count == 3)
        #expect(LineChartLayout(of: logarithmic).place(x: 0, y: 0) == nil)
    }

    @Test func lonePointsAreSeen() throws {
        let x = (0..<100).map(Double.init)
        let alternating = x.map { Int($0) % 2 == 0 ? $0 : .nan }
        let reader = try PictureReader(
            chart([.init("many", x: x, y: alternating), .init("one", x: [3], y: [4])]).svg())
        #expect(reader.values("d", of: "dots0").first?.filter { $0 == "M" }.count == 50)
        // In the plot and in the legend.
        #expect(reader.values("d", of: "marker1").count == 2)
    }

    @Test func linesDifferNotOnlyByColour() throws {
        let x = (0..<50).map(Double.init)
        let series = (0..<5).map { LineChart.Series("series \($0)", x: x, y: x.map { $0 * 2 }) }
        let reader = try PictureReader(chart(series).svg())
        let dashes = (0..<5).map { reader.values("stroke-dasharray", of: "series\($0)").first ?? "" }
        #expect(Set(dashes).count == 5)
        let styled = try PictureReader(
            chart([.init("a", x: x, y: x, style: .dashed), .init("b", x: x, y: x, style: .thick)]).svg())
        #expect(styled.values("stroke-dasharray", of: "series0") == ["6 6", "6 6"])
        #expect(styled.texts(of: "style")[0].contains("stroke-width:3.5"))
    }

    /// Pictures of different style can stand in one page.
    @Test func rulesArePrivate() throws {
        func scope(_ style: LineChart.Series.Style, x: Double = 0) throws -> String? {
            let picture = chart([.init("a", x: [x, 1], y: [0, 1], style: style)])
            return try PictureReader(picture.svg()).elements[0].attributes["class"]
        }
        let thin = try scope(.plain)
        #expect(try scope(.thick) != thin)
        #expect(try scope(.plain, x: 5) == thin)
    }

    @Test func textIsEscaped() throws {
        let name = "loss <train> & \"test\" \u{1}"
        let picture = LineChart(
            title: name, xAxis: name, yAxis: name, series: [.init(name, x: [1, 2], y: [1, 2])],
            references: [.init("a < b", y: 1)], bands: [.init("c & d", x: 0...2)])
        try checkPicture(picture)
        let reader = try PictureReader(picture.svg())
        #expect(reader.texts(of: "title") == ["loss <train> & \"test\" \u{FFFD}"])
        #expect(reader.texts(of: "text").contains("a < b"))
        #expect(reader.texts(of: "text").contains("c & d"))
    }

    /// Nothing overlaps, whatever the names are as long as and however many there are.
    @Test(arguments: [0, 1, 2, 4, 20]) func nothingOverlaps(count: Int) throws {
        let names = (0..<count).map { "series \($0) " + String(repeating: "with a long name ", count: $0 % 4 * 3) }
        let picture = LineChart(
            title: String(repeating: "A very long title ", count: 20), xAxis: String(repeating: "step ", count: 60),
            yAxis: "loss", yScale: .logarithmic,
            series: names.enumerated().map { .init($0.element, x: [0, 1e6], y: [1e-9, Double($0.offset + 1)]) },
            references: names.map { .init("reference \($0)", y: 0.5) },
            bands: names.enumerated().map {
                .init($0.element, x: Double($0.offset) * 1000...Double($0.offset + 1) * 1000)
            })
        try checkPicture(picture)
        let layout = LineChartLayout(of: picture)
        let picturePlace = Rectangle(left: 0, top: 0, width: LineChartLayout.width, height: layout.height)
        let tickLabels = zip(layout.horizontalTicks.values, layout.horizontalTicks.labels).map { value, label in
            let width = Lettering.small.width(of: label)
            let x = layout.plot.left + layout.plot.width * layout.horizontal.fraction(of: value)
            return Rectangle(left: x - width / 2, top: layout.plot.bottom + 7, width: width, height: 16)
        }
        let titleBottom = 12 + Double(layout.title.count) * Lettering.title.lineHeight
        let all =
            layout.legend.map(\.frame) + layout.bandLabels.map(\.frame) + layout.referenceLabels.map(\.frame)
            + tickLabels
            + [layout.plot, Rectangle(left: 0, top: 0, width: LineChartLayout.width, height: titleBottom)]
        checkApart(all, "\(count) series")
        for rectangle in layout.legend.map(\.frame) + layout.bandLabels.map(\.frame) + tickLabels {
            #expect(rectangle.left >= 0 && rectangle.right <= picturePlace.right, "\(rectangle)")
        }
        for label in layout.referenceLabels {
            #expect(label.frame.right <= picturePlace.right && label.frame.bottom <= picturePlace.bottom)
        }
        #expect(layout.legend.count == count)
        #expect(layout.title.count == 2)
    }

    @Test func bandsEndWithTheData() {
        let picture = LineChart(
            title: "", xAxis: "", yAxis: "", series: [.init("a", x: [0, 100], y: [0, 1])],
            bands: [.init("test", x: 50...Double.infinity), .init("beyond", x: 200...300)])
        let layout = LineChartLayout(of: picture)
        #expect(layout.bandLabels.map(\.lines) == [["test"]])
        #expect(LineChartLayout.extent(of: picture.bands[0], on: layout.horizontal)?.upperBound == 1)
    }

    @Test(
        arguments: [
            [], [.nan], [0], [5, 5, 5], [1e300, -1e300], [1e-300, 2e-300], [1e12, 1e12 + 1], [.infinity, 1],
        ] as [[Double]])
    func anyNumbersAreDrawn(_ y: [Double]) throws {
        for scale in [AxisScale.linear, .logarithmic] {
            let x = y.indices.map(Double.init)
            let picture = LineChart(
                title: "Any", xAxis: "x", yAxis: "y", xScale: scale, yScale: scale,
                series: [.init("a", x: x, y: y), .init("b", x: y, y: x), .init("none", x: [], y: [])],
                references: [.init("here", y: 0)], bands: [.init("all", x: 0...1)])
            try checkPicture(picture)
        }
    }

    @Test func anEmptyChartSaysSo() throws {
        try checkPicture(chart([]))
        #expect(try PictureReader(chart([]).svg()).texts(of: "text").contains("no data"))
        #expect(!(try PictureReader(chart([.init("a", x: [1], y: [1])]).svg()).texts(of: "text").contains("no data")))
    }
}
