import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct PenDrawingsTests {
    private func read(_ file: String, _ bytes: some Sequence<UInt8>) throws -> PenDrawings {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/\(file)"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            return try PenDrawings(path: path)
        }
    }

    private func refusal(_ file: String, _ bytes: some Sequence<UInt8>) -> String {
        message { _ = try read(file, bytes) }
    }

    private func offsets(_ rows: [[Double]], _ offsets: [Double]) -> [UInt8] {
        storedArchive([
            ("data.npy", numpyFile(rows.flatMap { $0 }, shape: [rows.count, 3])),
            ("offsets.npy", numpyFile(offsets, shape: [offsets.count])),
        ])
    }

    private let expected = PenDrawings(
        training: [
            PenDrawing(steps: [
                PenStep(dx: 0, dy: 0, endsStroke: false), PenStep(dx: 3, dy: -4, endsStroke: false),
                PenStep(dx: 5, dy: 6, endsStroke: true), PenStep(dx: -7, dy: 8, endsStroke: true),
            ]),
            PenDrawing(steps: [
                PenStep(dx: 0, dy: 0, endsStroke: false), PenStep(dx: 10, dy: 20, endsStroke: true),
            ]),
        ],
        validation: [
            PenDrawing(steps: [PenStep(dx: 0, dy: 0, endsStroke: false), PenStep(dx: 1, dy: 2, endsStroke: true)])
        ])

    @Test func offsetsByPart() throws {
        let files = try NumpyFiles.read()
        #expect(try read("a.npz", files.stored) == expected)
        #expect(try read("a.npz", files.deflated) == expected)
    }

    @Test func offsetsWithoutParts() throws {
        let drawings = try read("a.npz", offsets([[0, 0, 0], [1, 2, 1], [5, 5, 1]], [0, 2, 2, 3]))
        #expect(drawings.training.map(\.steps.count) == [2, 1])
        let one = try read("a.npy", numpyFile([0, 0, 0, 4, 5, 0], shape: [2, 3]))
        #expect(one.training == [PenDrawing(strokes: [[SIMD2(0, 0), SIMD2(4, 5)]])])
    }

    @Test func offsetsThatAreNone() throws {
        #expect(
            refusal("a.npz", try NumpyFiles.read().sketches).contains("a.npz, train: the elements are Python objects"))
        #expect(
            refusal("a.npz", offsets([[0, 0, 0], [1, .nan, 1]], [0, 2])).contains(
                "data, row 1: the offset is (1.0, nan)"))
        #expect(refusal("a.npz", offsets([[.infinity, 0, 0]], [0, 1])).contains("data, row 0: the offset"))
        #expect(refusal("a.npz", offsets([[1e30, 0, 0]], [0, 1])).contains("data, row 0: the offset"))
        #expect(refusal("a.npz", offsets([[0, 0, 0.5]], [0, 1])).contains("data, row 0: the pen is 0.5"))
        for places in [[1, 2], [0, 1], [0, 3], [0, 2, 1, 2], [0, 0.5, 2], [0, .nan, 2], []] as [[Double]] {
            #expect(refusal("a.npz", offsets([[0, 0, 0], [1, 1, 1]], places)).contains("offsets"))
        }
        #expect(refusal("a.npz", offsets([], [0])).contains("there are no drawings"))
        #expect(refusal("a.npz", storedArchive([("data.npy", numpyFile([1, 2], shape: [2]))])).contains("no offsets"))
        #expect(refusal("a.npz", storedArchive([("x.npy", [])])).contains("expected train_data.npy"))
        #expect(refusal("a.npy", numpyFile([1, 2], shape: [2])).contains("expected [N, 3]"))
    }

    /// The arrays of an archive count together.
    @Test func tooManyElementsInAllAreRefused() throws {
        let archive = offsets([[0, 0, 0], [1, 2, 1]], [0, 2])
        #expect(try PenDrawings(npz: archive, mostElements: 8, name: "a.npz").training.count == 1)
        let refusal = message { _ = try PenDrawings(npz: archive, mostElements: 7, name: "a.npz") }
        #expect(refusal == "a.npz, offsets: the array has 2 elements; expected at most 1, the most that are read")
    }

    @Test func quickDraw() throws {
        let text = """
            {"word":"cat","drawing":[[[10,13],[20,24]],[[13],[30]]]}

            {"drawing":[[[0.5,1.5],[2,2],[0,17]]],"recognized":false}
            {"drawing":[]}
            """
        let drawings = try read("cat.ndjson", text.utf8).training
        #expect(
            drawings == [
                PenDrawing(steps: [
                    PenStep(dx: 0, dy: 0, endsStroke: false), PenStep(dx: 3, dy: 4, endsStroke: true),
                    PenStep(dx: 0, dy: 6, endsStroke: true),
                ]),
                PenDrawing(steps: [PenStep(dx: 0, dy: 0, endsStroke: false), PenStep(dx: 1, dy: 0, endsStroke: true)]),
            ])
    }

    @Test(arguments: [
        "{}", "[]", "null", "{\"drawing\":[[1,2]]}", "{\"drawing\":[[[1,2]]]}", "{\"drawing\":[[[1,2],[1]]]}",
        "{\"drawing\":[[[1],[1],[1],[1]]]}", "{\"drawing\":[[[1e999],[1]]]}", "{\"drawing\":[[[1e300],[1]]]}",
        "{\"drawing\":[[[NaN],[1]]]}", "{\"drawing\":[[[\"1\"],[1]]]}", "{\"drawing\":[[[1],[1]]]", "\u{1}",
        String(repeating: "[", count: 100_000), "{\"drawing\":" + String(repeating: "[", count: 100_000),
    ])
    func quickDrawLinesThatAreNone(_ line: String) {
        let file = "{\"drawing\":[[[1,2],[1,2]]]}\n" + line
        #expect(refusal("a.ndjson", file.utf8).contains("a.ndjson, line 2"))
    }

    @Test func directories() throws {
        try withTemporaryDirectory { directory in
            func write(_ name: String, _ text: String) throws {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
            }
            #expect(message { _ = try PenDrawings(path: directory) }.contains("there are no drawings"))
            try write("b.ndjson", "{\"drawing\":[[[0,2],[0,0]]]}")
            try write("a.ndjson", "{\"drawing\":[[[0,1],[0,0]]]}")
            try write(".c.ndjson", "damaged")
            try write("README", "text")
            let drawings = try PenDrawings(path: directory)
            #expect(drawings.training.map { $0.steps[1].dx } == [1, 2])
            try write("c.npy", "")
            #expect(message { _ = try PenDrawings(path: directory) }.contains("files of different kinds"))
        }
        #expect(message { _ = try PenDrawings(path: "/nowhere/a.npz") }.contains("no such file"))
        #expect(refusal("a.txt", []).contains("expected one of .npz"))
    }

    @Test func parts() throws {
        let drawings = PenDrawings(
            training: (0..<10).map { PenDrawing(strokes: [[SIMD2(0, 0), SIMD2(Double($0 + 1), 0)]]) })
        let parts = try drawings.divided(by: Division(validationFraction: 0.3, seed: 1))
        #expect(parts.training.count == 7)
        #expect(parts.validation.count == 3)
        #expect(Set((parts.training + parts.validation).map { $0.steps[1].dx }).count == 10)
        let again = try drawings.divided(by: Division(validationFraction: 0.3, seed: 1))
        #expect(again == parts)
        #expect(parts.fingerprint == again.fingerprint)
        let other = try drawings.divided(by: Division(validationFraction: 0.3, seed: 2))
        #expect(other != parts)
        #expect(other.fingerprint != parts.fingerprint)
        // What the files keep for validation is kept.
        let kept = try parts.divided(by: Division(validationFraction: 0.9, seed: 3))
        #expect(kept == parts)
        #expect(try drawings.divided(by: Division(validationFraction: 0.999, seed: 1)).training.count == 1)
        for fraction in [-0.1, 1, .nan] {
            #expect(throws: RecurrentError.self) {
                try drawings.divided(by: Division(validationFraction: fraction, seed: 1))
            }
        }
    }
}
