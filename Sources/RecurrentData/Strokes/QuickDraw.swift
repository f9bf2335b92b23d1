import Foundation
import Recurrent

/// One line of QuickDraw's files: `drawing` is a list of strokes, each a list of all x, a list of all y, and, where the
/// drawing is raw, a list of times.
private struct QuickDrawLine: Decodable {
    let drawing: [[[Double]]]
}

/// Reads QuickDraw's drawings, a JSON object on each line. What is drawn (`word`) is not written text and is not kept.
///
/// - Throws: `RecurrentError` with the first line that is wrong.
func quickDraw(_ bytes: [UInt8], name: String) throws -> [PenDrawing] {
    let decoder = JSONDecoder()
    return try TextLines(bytes, name: name).lines.compactMap { line in
        let place = "\(name), line \(line.number)"
        let strokes: [[[Double]]]
        do {
            strokes = try decoder.decode(QuickDrawLine.self, from: Data(line.text.utf8)).drawing
        } catch {
            throw RecurrentError(
                "\(place): no drawing; expected a JSON object with \"drawing\": [[[x, ...], [y, ...]], ...]")
        }
        let points = try strokes.enumerated().map { index, stroke in
            guard (2...3).contains(stroke.count), stroke.allSatisfy({ $0.count == stroke[0].count }) else {
                throw RecurrentError(
                    "\(place), stroke \(index + 1): lists of \(stroke.map(\.count)) numbers; expected x and y, or x, y "
                        + "and times, of one length")
            }
            return try zip(stroke[0], stroke[1]).map { x, y in
                guard abs(x) <= PenDrawing.largestCoordinate, abs(y) <= PenDrawing.largestCoordinate else {
                    throw RecurrentError(
                        "\(place), stroke \(index + 1): the point (\(x), \(y)); expected numbers of at most 1e9")
                }
                return SIMD2(x, y)
            }
        }
        let drawing = PenDrawing(strokes: points)
        return drawing.steps.isEmpty ? nil : drawing
    }
}
