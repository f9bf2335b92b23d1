import Recurrent

/// Which notes sound at each time step of a piece of music: a piano roll.
public struct Tune: Equatable, Sendable {
    /// The number of MIDI's pitches, 0 to 127; 60 is middle C.
    public static let pitchCount = 128

    /// The pitches of every time step, in rising order; none where there is a rest.
    public let steps: [[Int]]

    /// Makes a tune. A pitch that is named twice in a step sounds once.
    public init(steps: [[Int]]) {
        for pitch in steps.joined() {
            require((0..<Self.pitchCount).contains(pitch), "the pitch \(pitch) is not one of \(Self.pitchCount)")
        }
        self.steps = steps.map { Set($0).sorted() }
    }

    /// The name of a pitch, as "C4" for 60 and "F#3" for 54.
    public static func name(ofPitch pitch: Int) -> String {
        let names = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
        return names[pitch % 12] + String(pitch / 12 - 1)
    }

    /// Some of the steps side by side as ones and zeros: `[count * pitchCount]`, from step `first`, where the step before
    /// the tune's first is silent.
    package func roll(from first: Int, count: Int) -> [Float] {
        var values = [Float](repeating: 0, count: count * Self.pitchCount)
        for step in 0..<count where first + step >= 0 {
            for pitch in steps[first + step] { values[step * Self.pitchCount + pitch] = 1 }
        }
        return values
    }
}
