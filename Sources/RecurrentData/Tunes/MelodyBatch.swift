import Recurrent

/// Parts of pieces side by side, the shorter ones filled up with rests at their ends.
package struct MelodyBatch: Sendable {
    /// The notes before each time step, `[time, batch, 128]`; before a piece's first there are none.
    package let inputs: Tensor
    /// The notes of each time step, `[time, batch, 128]`.
    package let targets: Tensor
    /// The number of steps of each part.
    package let lengths: [Int]

    /// A part of a piece: its steps from the first on, so many.
    package struct Part: Sendable {
        let piece: Tune
        let first: Int
        package let count: Int
    }

    /// The pieces cut into parts of at most so many steps.
    package static func parts(of pieces: [Tune], limit: Int) -> [Part] {
        pieces.flatMap { piece in
            stride(from: 0, to: piece.steps.count, by: limit).map { first in
                Part(piece: piece, first: first, count: min(limit, piece.steps.count - first))
            }
        }
    }

    /// Puts parts side by side.
    package init(_ parts: [Part]) {
        lengths = parts.map(\.count)
        let (time, batch, width) = (lengths.max() ?? 0, parts.count, Tune.pitchCount)
        func sideBySide(_ shift: Int) -> Tensor {
            var values = [Float](repeating: 0, count: time * batch * width)
            for (place, part) in parts.enumerated() {
                let roll = part.piece.roll(from: part.first + shift, count: part.count)
                for step in 0..<part.count {
                    let row = (step * batch + place) * width
                    values.replaceSubrange(row..<row + width, with: roll[step * width..<(step + 1) * width])
                }
            }
            return Tensor(values, shape: [time, batch, width])
        }
        (inputs, targets) = (sideBySide(-1), sideBySide(0))
    }
}
