import Foundation
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct MIDIFileTests {
    /// A file of format 0 as a player reads it.
    struct Player {
        var format = 0, tracks = 0, ticksPerQuarter = 0, microseconds = 0
        /// The tick, whether a note begins, and its pitch.
        var notes: [(tick: Int, isOn: Bool, pitch: Int)] = []
        var end = 0

        init(_ bytes: [UInt8]) throws {
            var rest = bytes[...]
            func number(_ count: Int) throws -> Int {
                try #require(rest.count >= count)
                defer { rest = rest.dropFirst(count) }
                return rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            }
            func chunk(_ name: String) throws -> Int {
                #expect(try number(4) == name.utf8.reduce(0) { $0 << 8 | Int($1) })
                return try number(4)
            }
            #expect(try chunk("MThd") == 6)
            (format, tracks, ticksPerQuarter) = (try number(2), try number(2), try number(2))
            let length = try chunk("MTrk")
            #expect(length == rest.count)
            var tick = 0
            while true {
                var delta = 0
                while true {
                    let byte = try number(1)
                    delta = delta << 7 | byte & 0x7F
                    if byte < 0x80 { break }
                }
                tick += delta
                let status = try number(1)
                switch status {
                case 0xFF:
                    let (kind, size) = (try number(1), try number(1))
                    let value = try number(size)
                    if kind == 0x51 { microseconds = value }
                    guard kind == 0x2F else { continue }
                    end = tick
                    #expect(rest.isEmpty)
                    return
                case 0x80, 0x90:
                    let (pitch, velocity) = (try number(1), try number(1))
                    #expect(pitch < 128 && velocity < 128 && (status == 0x80 || velocity > 0))
                    notes.append((tick, status == 0x90, pitch))
                default: Issue.record("the event \(status) was not written")
                }
            }
        }

        /// The pitches that sound during each step.
        func steps(ticksPerStep: Int) -> [[Int]] {
            var sounding: Set<Int> = []
            var rest = notes[...]
            return (0..<end / ticksPerStep).map { step in
                while let note = rest.first, note.tick <= step * ticksPerStep {
                    if note.isOn {
                        #expect(sounding.insert(note.pitch).inserted)
                    } else {
                        #expect(sounding.remove(note.pitch) != nil)
                    }
                    rest = rest.dropFirst()
                }
                return sounding.sorted()
            }
        }
    }

    @Test(arguments: [1, 240, 20_000])
    func tunesAreReadBack(_ ticksPerStep: Int) throws {
        var random = RandomSource(seed: 2)
        let tunes =
            GeneratedTunes.tunes(5, random: &random)
            + [
                Tune(steps: []), Tune(steps: [[], [60, 64], [60], [], [0, 127], []]),
                Tune(steps: [[60]] + Array(repeating: [], count: 200) + [[61]]),
            ]
        for tune in tunes {
            let player = try Player(MIDIFile(tune, ticksPerStep: ticksPerStep).bytes)
            #expect(player.format == 0 && player.tracks == 1 && player.ticksPerQuarter == 480)
            #expect(player.microseconds == 500_000)
            #expect(player.steps(ticksPerStep: ticksPerStep) == tune.steps)
            #expect(player.notes.count(where: \.isOn) * 2 == player.notes.count, "every note ends")
        }
    }

    @Test func notesAreHeldAndTheSpeedIsWritten() throws {
        let player = try Player(MIDIFile(Tune(steps: [[60], [60, 64], [64]]), quartersPerMinute: 90).bytes)
        #expect(player.notes.map(\.tick) == [0, 240, 480, 720] && player.notes.map(\.pitch) == [60, 64, 60, 64])
        #expect(player.notes.map(\.isOn) == [true, true, false, false] && player.microseconds == 666_666)
    }
}
