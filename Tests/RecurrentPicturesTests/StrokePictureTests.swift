import TestSupport
import Testing

@testable import RecurrentPictures

@Suite struct StrokePictureTests {
    private let cross: [[SIMD2<Double>]] = [[[0, 0], [10, 5], [20, 10]], [[20, 0], [0, 10]], [[10, 10]]]

    private func picture(
        _ drawings: [[[SIMD2<Double>]]], coloring: StrokePicture.Coloring = .plain, seconds: Double? = nil
    ) -> StrokePicture {
        StrokePicture(
            title: "Strokes", drawings: drawings.map { .init(strokes: $0, caption: "a cross") }, coloring: coloring,
            seconds: seconds)
    }

    /// The numbers of a path.
    private func numbers(_ path: String) -> [Double] {
        path.split { !$0.isNumber && $0 != "." && $0 != "-" }.compactMap { Double($0) }
    }

    @Test func strokesFillTheirCell() throws {
        let reader = try PictureReader(picture([cross]).svg())
        let paths = reader.values("d", of: "pen").map(numbers)
        #expect(paths.map(\.count) == [6, 4, 3])
        // 96 pixels wide, 48 high; the last stroke is a dot.
        let (left, top) = (paths[0][0], paths[0][1])
        #expect(paths[0] == [left, top, left + 48, top + 24, left + 96, top + 48])
        #expect(paths[1] == [left + 96, top, left, top + 48])
        #expect(paths[2] == [left + 48, top + 48, 0])
        #expect(reader.texts(of: "text").contains("a cross"))
    }

    @Test func colors() throws {
        let strokes = try PictureReader(picture([cross], coloring: .strokes).svg())
        #expect(
            strokes.elements.compactMap { $0.attributes["class"] }.filter { $0.hasPrefix("pen") } == [
                "pen0", "pen1", "pen2",
            ])
        // Parts of different colours join.
        let line = [(0..<17).map { SIMD2(Double($0), Double($0 % 2)) }]
        let time = try PictureReader(picture([line], coloring: .time).svg())
        let parts = (0..<8).map { time.values("d", of: "pen\($0)").map(numbers) }
        #expect(parts.allSatisfy { $0.count == 1 })
        for (first, second) in zip(parts, parts.dropFirst()) { #expect(first[0].suffix(2) == second[0].prefix(2)) }
    }

    /// Each stroke begins when the one before has ended, the last ends with the animation, and without animation
    /// nothing is hidden.
    @Test func animation() throws {
        let reader = try PictureReader(picture([cross], seconds: 2).svg())
        let animations = reader.elements.filter { $0.name == "animate" }.map(\.attributes)
        #expect(animations.map { $0["dur"] } == ["2s", "2s", "2s"])
        #expect(
            animations.map { $0["keyTimes"] } == ["0;0;0.5000;1", "0;0.5000;0.8333;1", "0;0.8333;0.8333;1"])
        #expect(animations.map { $0["attributeName"] } == ["stroke-dashoffset", "stroke-dashoffset", "opacity"])
        #expect(
            reader.elements.allSatisfy { $0.attributes["stroke-dashoffset"] == nil && $0.attributes["opacity"] == nil })
        try checkPicture(picture([cross], seconds: 2))
    }

    @Test func strangeDrawings() throws {
        let broken: [[SIMD2<Double>]] = [[[1, 1], [.nan, 1]], [[.infinity, 1]]]
        let dot: [[SIMD2<Double>]] = [[[3, 3]]]
        let level: [[SIMD2<Double>]] = [[[0, 0], [1, 0]]]
        let huge: [[SIMD2<Double>]] = [[[0, 0], [1e9, 1e-9]]]
        for coloring in [.plain, .strokes, .time] as [StrokePicture.Coloring] {
            for seconds in [nil, 0, 3] as [Double?] {
                try checkPicture(picture([], coloring: coloring, seconds: seconds))
                try checkPicture(picture([broken, [], dot, level, huge], coloring: coloring, seconds: seconds))
                try checkPicture(picture([level, huge, cross], coloring: coloring, seconds: seconds))
            }
        }
    }
}
