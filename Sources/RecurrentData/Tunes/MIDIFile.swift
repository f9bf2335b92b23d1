import Foundation
import Recurrent

/// Writes a tune as a standard MIDI file of format 0 (one track), which any player reads.
///
/// A pitch that sounds in steps one after another is one note, held: a piano roll does not say where it is struck anew.
public struct MIDIFile: Sendable {
    /// The number of ticks of a quarter note.
    public static let ticksPerQuarter = 480
    /// How loud every note is struck, of 127.
    private static let velocity: UInt8 = 80

    /// The whole file.
    public let bytes: [UInt8]

    /// Makes the file.
    ///
    /// - Parameters:
    ///   - tune: What sounds.
    ///   - ticksPerStep: The length of a time step; by default it is an eighth note.
    ///   - quartersPerMinute: The speed, 4 to 60,000,000: the format keeps the microseconds of a quarter note in 24 bits.
    public init(_ tune: Tune, ticksPerStep: Int = ticksPerQuarter / 2, quartersPerMinute: Int = 120) {
        require(ticksPerStep >= 1, "a step of \(ticksPerStep) ticks has no length")
        require((4...60_000_000).contains(quartersPerMinute), "a speed of \(quartersPerMinute) cannot be written")
        var track = Track()
        let tempo = 60_000_000 / quartersPerMinute
        track.add([0xFF, 0x51, 0x03, UInt8(tempo >> 16), UInt8(tempo >> 8 & 0xFF), UInt8(tempo & 0xFF)], at: 0)
        var sounding: Set<Int> = []
        for (step, pitches) in (tune.steps + [[]]).enumerated() {
            let (tick, next) = (step * ticksPerStep, Set(pitches))
            for pitch in sounding.subtracting(next).sorted() { track.add([0x80, UInt8(pitch), 0], at: tick) }
            for pitch in next.subtracting(sounding).sorted() {
                track.add([0x90, UInt8(pitch), Self.velocity], at: tick)
            }
            sounding = next
        }
        track.add([0xFF, 0x2F, 0x00], at: tune.steps.count * ticksPerStep)
        bytes =
            Array("MThd".utf8) + Self.bigEndian(6, bytes: 4) + Self.bigEndian(0, bytes: 2) + Self.bigEndian(1, bytes: 2)
            + Self.bigEndian(Self.ticksPerQuarter, bytes: 2) + Array("MTrk".utf8)
            + Self.bigEndian(track.bytes.count, bytes: 4) + track.bytes
    }

    /// Writes the file at a path.
    ///
    /// - Throws: `RecurrentError` where it cannot be written.
    public func write(to path: String) throws { try AtomicFile.writeOutput(Data(bytes), to: path) }

    /// Events, each after the ticks since the one before.
    private struct Track {
        var bytes: [UInt8] = []
        var tick = 0

        mutating func add(_ event: [UInt8], at tick: Int) {
            // Seven bits a byte, the highest first; all bytes but the last are marked.
            var rest = tick - self.tick
            var digits = [UInt8(rest & 0x7F)]
            while rest > 0x7F {
                rest >>= 7
                digits.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            }
            bytes += digits + event
            self.tick = tick
        }
    }

    private static func bigEndian(_ value: Int, bytes count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(value >> (8 * $0) & 0xFF) }
    }
}
