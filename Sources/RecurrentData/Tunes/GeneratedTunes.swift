import Recurrent

/// Tunes from a small grammar: a key, phrases of four chords, and for every phrase a way to play them.
///
/// A tune has 2 to 4 phrases of four bars and ends on its key's chord. A bar is one chord over four steps: struck and held,
/// broken up, or as a bass note under a run of the scale. Major keys and natural minor ones have chords of their own scale.
package enum GeneratedTunes {
    private static let scales = [[0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10]]
    private static let progressions = [[0, 3, 4, 0], [0, 5, 3, 4], [0, 4, 5, 3], [5, 3, 0, 4]]
    private static let stepsPerBar = 4

    private enum Figure: CaseIterable {
        case chord, arpeggio, risingScale, fallingScale
    }

    /// Draws tunes.
    package static func tunes(_ count: Int, random: inout RandomSource) -> [Tune] {
        (0..<count).map { _ in tune(&random) }
    }

    private static func tune(_ random: inout RandomSource) -> Tune {
        func pick<Element>(_ choices: [Element]) -> Element { choices[Int(random.next()) % choices.count] }
        let (tonic, scale) = (48 + pick(Array(0..<12)), pick(scales))
        /// The pitch of a degree of the scale, 7 degrees to the octave.
        func pitch(_ degree: Int) -> Int { tonic + scale[degree % 7] + 12 * (degree / 7) }
        var steps: [[Int]] = []
        for _ in 0..<pick([2, 3, 4]) {
            let (chords, figure) = (pick(progressions), pick(Figure.allCases))
            for root in chords {
                for step in 0..<stepsPerBar {
                    switch figure {
                    case .chord: steps.append([pitch(root), pitch(root + 2), pitch(root + 4)])
                    case .arpeggio: steps.append([pitch(root), pitch(root + 7 + [0, 2, 4, 2][step])])
                    case .risingScale: steps.append([pitch(root), pitch(root + 7 + step)])
                    case .fallingScale: steps.append([pitch(root), pitch(root + 11 - step)])
                    }
                }
            }
        }
        steps += Array(repeating: [pitch(0), pitch(2), pitch(4), pitch(7)], count: stepsPerBar)
        return Tune(steps: steps)
    }
}
