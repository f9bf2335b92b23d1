import Foundation
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct PenDrawingTests {
    private func step(_ dx: Float, _ dy: Float, _ ends: Bool = false) -> PenStep {
        PenStep(dx: dx, dy: dy, endsStroke: ends)
    }

    @Test func pointsAndBack() {
        let drawing = PenDrawing(
            strokes: [[], [SIMD2(5, 5), SIMD2(6, 7)], [], [SIMD2(6, 7), SIMD2(6, 9)], [SIMD2(1, 1)]], text: "x")
        // A stroke may begin where the one before ends.
        #expect(
            drawing.steps == [step(0, 0), step(1, 2, true), step(0, 0), step(0, 2, true), step(-5, -8, true)])
        #expect(drawing.text == "x")
        #expect(drawing.strokes == [[SIMD2(0, 0), SIMD2(1, 2)], [SIMD2(1, 2), SIMD2(1, 4)], [SIMD2(-4, -4)]])
        #expect(PenDrawing(strokes: [[], []]).steps.isEmpty)
    }

    @Test func aRestingPen() {
        let drawing = PenDrawing(steps: [
            step(0, 0), step(0, 0), step(0, 0, true), step(1, 0), step(1, 0), step(0, 0, true), step(0, 0), step(1, 1),
        ])
        let expected = [step(0, 0, true), step(1, 0), step(1, 0, true), step(0, 0), step(1, 1, true)]
        #expect(drawing.withoutRestingSteps().steps == expected)
        #expect(PenDrawing(steps: []).withoutRestingSteps().steps.isEmpty)
    }

    @Test func pieces() {
        let steps = (0..<10).map { step(Float($0), 1, $0 == 3 || $0 == 9) }
        let drawing = PenDrawing(steps: steps, text: "ten")
        #expect(drawing.pieces(limit: 10) == [drawing])
        let pieces = drawing.pieces(limit: 5)
        // The stroke's end at 3 lies in the second half; the rest has none before its own end.
        #expect(pieces.map(\.steps.count) == [4, 5, 1])
        #expect(pieces[1].steps[0] == step(0, 0))
        #expect(pieces[1].steps[1] == steps[5])
        #expect(pieces.allSatisfy { $0.steps.last?.endsStroke == true && $0.text == nil })
        #expect(drawing.pieces(limit: 1).count == 10)
        #expect(drawing.pieces(limit: 9).map(\.steps.count) == [9, 1])
    }

    @Test func simplified() {
        let corner = PenDrawing(strokes: [
            (0...10).map { SIMD2(Double($0), 0.01 * Double($0 % 2)) } + (1...10).map { SIMD2(10, Double($0)) },
            [SIMD2(3, 3)],
        ])
        let drawing = corner.simplified(tolerance: 0.1)
        #expect(drawing.strokes == [[SIMD2(0, 0), SIMD2(10, 0), SIMD2(10, 10)], [SIMD2(3, 3)]])
        #expect(corner.simplified(tolerance: 0).steps.count > 12)
        var random = RandomSource(seed: 1)
        let long = PenDrawing(strokes: [
            random.uniform(count: 200_000).enumerated().map { SIMD2(Double($0), Double($1)) }
        ])
        #expect(long.simplified(tolerance: 2).steps.count == 2)
    }

    @Test func resampled() {
        let drawing = PenDrawing(strokes: [[SIMD2(0, 0), SIMD2(4, 0), SIMD2(4, 3)], [SIMD2(9, 9)]])
        let points = drawing.resampled(spacing: 1).strokes
        #expect(
            points == [
                [0, 1, 2, 3, 4].map { SIMD2($0, 0) } + [1, 2, 3].map { SIMD2(4, $0) }, [SIMD2(9, 9)],
            ])
        #expect(drawing.resampled(spacing: 100).steps.count == 3)
    }

    @Test func scaling() throws {
        let drawings = [
            PenDrawing(steps: [step(1000, 1000), step(3, -1), step(1, 1, true)]), PenDrawing(steps: [step(5, 5, true)]),
        ]
        let scaler = try PenScaler(fitting: drawings)
        // Of 3, -1, 1 and 1: the mean is 1 and the mean square 3.
        #expect(abs(scaler.deviation - 2.0.squareRoot()) < 1e-12)
        let scaled = scaler.transform(drawings[0])
        #expect(abs(scaled.steps[1].dx - 3 / Float(2).squareRoot()) < 1e-6)
        let back = scaler.inverse(scaled)
        for (value, expected) in zip(back.steps, drawings[0].steps) {
            #expect(abs(value.dx - expected.dx) < 1e-4 && abs(value.dy - expected.dy) < 1e-4)
        }
        let stored = try JSONDecoder().decode(PenScaler.self, from: JSONEncoder().encode(scaler))
        #expect(stored == scaler)
        #expect(throws: RecurrentError.self) { try PenScaler(fitting: []) }
        #expect(throws: RecurrentError.self) { try PenScaler(fitting: [drawings[1]]) }
        for text in ["{\"deviation\":0}", "{\"deviation\":-1}", "{\"deviation\":1e-300}"] {
            #expect(throws: RecurrentError.self) { try JSONDecoder().decode(PenScaler.self, from: Data(text.utf8)) }
        }
    }

    @Test func batches() {
        let batch = PenBatch([
            PenDrawing(steps: [step(1, 2), step(3, 4, true)]), PenDrawing(steps: [step(5, 6, true)]),
            PenDrawing(steps: []),
        ])
        #expect(batch.lengths == [2, 1, 0])
        #expect(batch.steps.shape == [2, 3, 3])
        #expect(
            batch.steps.doubles == [1, 2, 0, 5, 6, 1, 0, 0, 0, 3, 4, 1, 0, 0, 0, 0, 0, 0])
        #expect(PenBatch([]).steps.shape == [1, 0, 3])
    }
}
