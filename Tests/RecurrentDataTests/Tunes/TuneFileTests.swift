import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct TuneFileTests {
    private func read(_ json: String) throws -> TuneFile { try TuneFile(Array(json.utf8), name: "x.json") }

    @Test func piecesAreRead() throws {
        let file = try read(" [[[67, 60, 67], [], [62]], [[0, 127]]]\n")
        #expect(file.pieces.map(\.steps) == [[[60, 67], [], [62]], [[0, 127]]] && file.heldBack == nil)
        let divided = try read(#"{"train": [[[1]]], "valid": [[[2]]], "test": []}"#)
        #expect(divided.pieces == [Tune(steps: [[1]])])
        #expect(divided.heldBack == TuneFile.HeldBack(validation: [Tune(steps: [[2]])], test: []))
    }

    /// As Python and JavaScript write what they keep as floating-point numbers.
    @Test func wholeNumbersMayHaveDecimalsOfZeros() throws {
        let file = try read("[[[73.0, 60, 127.000], [0.0]]]")
        #expect(file.pieces.map(\.steps) == [[[60, 73, 127], [0]]])
    }

    @Test(arguments: [
        ("[[[60]], [[60], [62, 300]]]", "x.json, piece 2, step 2: byte 16 of the file: the pitch is 300; expected"),
        ("[[[-1]]]", "x.json, piece 1, step 1: byte 3 of the file: this is no whole number from 0"),
        ("[[[60]], []]", "x.json, piece 2: byte 11 of the file: it has no steps"),
        ("[]", "x.json: there are no pieces"),
        (#"{"train": [], "valid": [], "test": []}"#, "x.json: there are no pieces"),
        (
            #"{"train": [[[1]]], "valid": [[]], "test": []}"#,
            "x.json, \"valid\", piece 1: byte 31 of the file: it has no steps"
        ),
        (#"{"train": [[[1]]], "valid": []}"#, "x.json: \"test\" is missing"),
        (#"{"train": [[[1]]], "train": []}"#, "x.json: byte 19 of the file: \"train\" is no part, or the second"),
        (#"{"training": [[[1]]]}"#, "x.json: byte 1 of the file: \"training\" is no part"),
        ("[[60, 62]]", "x.json, piece 1, step 1: byte 2 of the file: \"[\" is missing"),
        ("[[[60]], [[60], [61.5]]]", "x.json, piece 2, step 2: byte 17 of the file: this is no whole number from 0"),
        ("[[[60, 61.05]]]", "x.json, piece 1, step 1: byte 7 of the file: this is no whole number from 0"),
        ("[[[60, 61.]]]", "x.json, piece 1, step 1: byte 7 of the file: this is no whole number from 0"),
        ("[[[300.0]]]", "x.json, piece 1, step 1: byte 2 of the file: the pitch is 300"),
        ("[[[60, true]]]", "x.json, piece 1, step 1: byte 7 of the file: this is no whole number"),
        ("[[[60, NaN]]]", "x.json, piece 1, step 1: byte 7 of the file: this is no whole number"),
        ("[[[60, \"C\"]]]", "x.json, piece 1, step 1: byte 7 of the file: this is no whole number"),
        ("[[[60, 1e999]]]", "x.json, piece 1, step 1: byte 8 of the file: \",\" is missing"),
        ("[[[60, 99999999999999999999]]]", "x.json, piece 1, step 1: byte 7 of the file: the number is too large"),
        ("[[[60]]", "x.json, piece 1: byte 7 of the file: \",\" is missing"),
        ("", "x.json: the file is empty"), (" ", "x.json: byte 1 of the file: \"[\" is missing"),
        ("60", "x.json: byte 0 of the file: "), ("[[[60]]] x", "x.json: byte 9 of the file: something follows"),
    ])
    func whatIsWrongIsNamedWithItsPlace(json: String, start: String) {
        let refusal = message { _ = try read(json) }
        #expect(refusal.hasPrefix(start), "\(refusal)")
        #expect(refusal.contains("expected") && refusal.utf8.count < 320)
    }

    @Test func damagedFilesAreRefusedOrRead() throws {
        let file = Array(#"{"train":[[[60,64],[]]],"valid":[[[1]]],"test":[]}"#.utf8)
        let refused = try readDamaged(file, name: "x.json") { _ = try TuneFile($0, name: "x.json") }
        #expect(refused > file.count)
        let deep = String(repeating: "[", count: 100_000)
        #expect(message { _ = try read(deep) }.hasPrefix("x.json, piece 1, step 1: byte 3 of the file: "))
        #expect(throws: RecurrentError.self) { try TuneFile([0x5B, 0xFF, 0x5D], name: "x.json") }
    }

    @Test func compressedFilesAreReadAndMissingOnesNamed() throws {
        #expect(message { _ = try TuneFile(path: "/no/tunes.json") }.hasPrefix("/no/tunes.json: "))
        try withTemporaryDirectory { directory in
            let path = directory + "/a.json"
            try Data("[[[60]]]".utf8).write(to: URL(filePath: path))
            #expect(try TuneFile(path: path).pieces == [Tune(steps: [[60]])])
        }
    }

    @Test func theGrammarMakesTunesOfItsKeys() {
        var random = RandomSource(seed: 1)
        let tunes = GeneratedTunes.tunes(200, random: &random)
        #expect(Set(tunes.map { "\($0.steps)" }).count > 190)
        for tune in tunes {
            #expect([36, 52, 68].contains(tune.steps.count) && tune.steps.allSatisfy { !$0.isEmpty })
            let last = tune.steps[tune.steps.count - 1]
            let (tonic, isMajor) = (last[0], last[1] - last[0] == 4)
            let scale = isMajor ? [0, 2, 4, 5, 7, 9, 11] : [0, 2, 3, 5, 7, 8, 10]
            #expect(last.map { $0 - tonic } == [0, isMajor ? 4 : 3, 7, 12])
            #expect(tune.steps.joined().allSatisfy { scale.contains(($0 - tonic) % 12) && (48...96).contains($0) })
        }
    }

    @Test func pitchesHaveNames() {
        #expect([60, 54, 0, 127].map(Tune.name(ofPitch:)) == ["C4", "F#3", "C-1", "G9"])
    }
}
