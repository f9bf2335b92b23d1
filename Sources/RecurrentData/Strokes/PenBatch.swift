import Recurrent

/// Drawings of different lengths side by side, the shorter ones filled up with zeros at their ends.
public struct PenBatch: Sendable {
    /// The steps, [time, batch, 3]: dx, dy, and 1 where the pen is lifted after the point. There are as many time steps as
    /// the longest drawing has, and at least one.
    public let steps: Tensor
    /// The number of steps of every drawing. Layers that are given it never look at the padding.
    public let lengths: [Int]

    /// Puts drawings side by side.
    public init(_ drawings: [PenDrawing]) {
        lengths = drawings.map(\.steps.count)
        let (time, batch) = (max(1, lengths.max() ?? 1), drawings.count)
        var values = [Float](repeating: 0, count: time * batch * 3)
        for (place, drawing) in drawings.enumerated() {
            for (index, step) in drawing.steps.enumerated() {
                let start = (index * batch + place) * 3
                values[start] = step.dx
                values[start + 1] = step.dy
                values[start + 2] = step.endsStroke ? 1 : 0
            }
        }
        steps = Tensor(values, shape: [time, batch, 3])
    }
}
