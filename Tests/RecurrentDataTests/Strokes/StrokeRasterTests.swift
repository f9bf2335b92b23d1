import Testing

@testable import RecurrentData

@Suite struct StrokeRasterTests {
    /// The ink of a line is its length times its width, wherever it lies and however it leans.
    @Test(arguments: [SIMD2(10.0, 0.0), SIMD2(0, 9), SIMD2(7, 5), SIMD2(-6.3, 8.1)])
    func inkIsLengthTimesWidth(_ end: SIMD2<Double>) {
        let drawing = PenDrawing(strokes: [[SIMD2(0, 0), end]])
        let raster = StrokeRaster(drawing, scale: 2, height: 40, lineWidth: 2)
        // Round ends are one disc more.
        let expected = 2 * (2 * end.length) + .pi
        let ink = Double(raster.ink.reduce(0, +))
        #expect(abs(ink - expected) < 0.05 * expected)
        #expect(raster.ink.allSatisfy { (0...1).contains($0) })
    }

    @Test func pixelsOfALevelLine() {
        let drawing = PenDrawing(strokes: [[SIMD2(0, 0), SIMD2(4, 0)]])
        let raster = StrokeRaster(drawing, scale: 1, height: 4, lineWidth: 2)
        #expect(raster.width == 8)
        #expect(raster.origin == SIMD2(2, 2))
        #expect(Array(raster.column(4)) == [0, 1, 1, 0])
        #expect(raster.column(0).reduce(0, +) == 0)
    }

    @Test func theMiddleOfTheInk() {
        // A long line above and a short one below: the middle is nearer to the long one.
        let drawing = PenDrawing(strokes: [[SIMD2(0, 0), SIMD2(9, 0)], [SIMD2(0, 10), SIMD2(3, 10)]])
        let raster = StrokeRaster(drawing, scale: 1, height: 20, lineWidth: 1)
        #expect(abs(raster.origin.y - (10 - 2.5)) < 1e-9)
        // What lies beyond the edges is cut off.
        let low = StrokeRaster(drawing, scale: 1, height: 4, lineWidth: 1)
        #expect(low.ink.count == low.width * 4)
        #expect(low.ink.reduce(0, +) < 10)
    }

    @Test func strangeDrawings() {
        func raster(_ drawing: PenDrawing) -> StrokeRaster {
            StrokeRaster(drawing, scale: 8, height: 8, lineWidth: 1.5)
        }
        #expect(raster(PenDrawing(steps: [])).ink.allSatisfy { $0 == 0 })
        let dot = raster(PenDrawing(steps: [PenStep(dx: 5, dy: 5, endsStroke: true)]))
        // A disc of 1.5 pixels on the corner of four.
        #expect(abs(Double(dot.ink.reduce(0, +)) - 0.5625 * .pi) < 0.5)
        let broken = raster(
            PenDrawing(steps: [
                PenStep(dx: .nan, dy: 0, endsStroke: true), PenStep(dx: .infinity, dy: 1, endsStroke: false),
            ]))
        #expect(broken.width == 4 && broken.ink.allSatisfy { $0 == 0 })
        let huge = raster(PenDrawing(strokes: [[SIMD2(0, 0), SIMD2(1e8, 1e8)]]))
        #expect(huge.width == StrokeRaster.mostColumns)
    }
}
