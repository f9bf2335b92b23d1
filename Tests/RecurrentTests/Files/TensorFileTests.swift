import Foundation
import TestSupport
import Testing

@testable import Recurrent

@Suite struct TensorFileTests {
    private let sample = TensorFile(
        metadata: ["b": "\"\\\n\u{1}é", "a": ""],
        entries: [
            .init(name: "z", shape: [2, 2], values: [1, -0.0, .infinity, Float(bitPattern: 714)]),
            .init(name: "empty", shape: [0, 3], values: []), .init(name: "scalar", shape: [], values: [7]),
        ])

    private func file(_ header: String, _ data: [UInt8] = []) -> Data {
        var bytes = Data()
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
        return bytes + Data(header.utf8) + Data(data)
    }

    private func message(_ data: Data) -> String {
        do {
            _ = try TensorFile(data: data, file: "x.safetensors")
            return "read"
        } catch {
            return "\(error)"
        }
    }

    @Test func layoutIsThatOfTheFormat() throws {
        let data = try sample.encoded()
        let size = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(size % 8 == 0)
        let header = String(decoding: data[8..<(8 + size)], as: UTF8.self)
        let metadata = try #require(header.firstMatch(of: /"checksum":"([0-9a-f]{8})"/)).1
        #expect(
            header.trimmingCharacters(in: .whitespaces)
                == #"{"__metadata__":{"a":"","b":"\"\\\n\u0001é","checksum":"\#(metadata)"},"#
                + #""empty":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]},"#
                + #""scalar":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"#
                + #""z":{"dtype":"F32","shape":[2,2],"data_offsets":[4,20]}}"#)
        #expect(Array(data[(8 + size)...].prefix(8)) == [0, 0, 0xE0, 0x40, 0, 0, 0x80, 0x3F])
        #expect(data.count == 8 + size + 20)
    }

    @Test func roundTripAndSameBytes() throws {
        let data = try sample.encoded()
        let read = try TensorFile(verified: data, file: "x")
        #expect(read.metadata == sample.metadata)
        #expect(read.entries == [sample.entries[1], sample.entries[2], sample.entries[0]])
        #expect(read.entries[2].values[1].sign == .minus)
        #expect(try read.encoded() == data)
        #expect(try TensorFile(verified: TensorFile().encoded(), file: "x") == TensorFile())
    }

    @Test func everyChangedByteIsFound() throws {
        let data = try sample.encoded()
        for index in data.indices {
            for change: UInt8 in [1, 0x20, 0x80, 0xFF] {
                var changed = data
                changed[index] ^= change
                let error = #expect(throws: RecurrentError.self) {
                    try TensorFile(verified: changed, file: "x.safetensors")
                }
                #expect(error?.description.hasPrefix("x.safetensors: ") == true)
            }
        }
    }

    @Test func everyTruncationIsFound() throws {
        let data = try sample.encoded()
        for length in 0..<data.count {
            #expect(throws: RecurrentError.self) { try TensorFile(data: data.prefix(length), file: "x") }
        }
        #expect(throws: RecurrentError.self) { try TensorFile(data: data + Data([0]), file: "x") }
    }

    @Test func filesOfOtherWritersAreRead() throws {
        let header =
            #"{ "w" : {"shape":[1],"data_offsets":[0,4],"dtype":"F32"}, "\u00e9\ud83d\ude00":"#
            + #"{"dtype":"F32","shape":[],"data_offsets":[4,8]},"__metadata__":{"format":"pt"}}   "#
        let read = try TensorFile(data: file(header, [0, 0, 128, 63, 0, 0, 0, 64]), file: "x")
        #expect(read.metadata == ["format": "pt"])
        #expect(read.entries == [.init(name: "w", shape: [1], values: [1]), .init(name: "é😀", shape: [], values: [2])])
        #expect(throws: RecurrentError.self) {
            try TensorFile(verified: file(header, [0, 0, 128, 63, 0, 0, 0, 64]), file: "x")
        }
    }

    @Test func dataSliceIsRead() throws {
        let data = try sample.encoded()
        let padded = Data([1, 2, 3]) + data
        #expect(try TensorFile(data: padded.dropFirst(3), file: "x").entries.count == 3)
    }

    /// A tensor with all of four bytes of data.
    private static let one = #"{"dtype":"F32","shape":[],"data_offsets":[0,4]}"#

    /// Headers with the part of the message they must lead to; all with four bytes of data.
    static let hostile: [(String, String)] = [
        ("", "is missing"), ("[]", "is missing"), ("{}", "something was added"), ("{} x", "something follows"),
        ("{\"a\":1}", "is missing"), ("{\"a", "does not end"), ("{\"a\\x\":1}", "unknown escape"),
        ("{\"\\ud800\":{}}", "half a character"), ("{\"\\udc00\":{}}", "half a character"),
        ("{\"a\n\":{}}", "control character"), ("{\"\\u00g0\":{}}", "hexadecimal"),
        (#"{"a":{}}"#, "needs a dtype"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, "needs a dtype"),
        (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "there twice"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}"#, "unknown"),
        (#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, "no whole number"),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "no whole number"),
        (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, "is missing"),
        (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, "too large"),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, "not the size"),
        (#"{"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,4]}}"#, "not the size"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "not the size"),
        (#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,4]}}"#, "not the size"),
        (#"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, "only F32"),
        (#"{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}"#, "unknown dtype"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "expected them to begin at 0"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "expected them to begin"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "cut off"),
        (#"{"a":\#(one),"b":\#(one)}"#, "expected them to begin at 4"),
        (#"{"a":\#(one),"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#, "\"a\" is there twice"),
        (#"{"__metadata__":{"a":"1","a":"2"},"a":\#(one)}"#, "there twice"),
        (#"{"__metadata__":{"a":1},"a":\#(one)}"#, "is missing"),
        (#"{"__metadata__":{},"__metadata__":{},"a":\#(one)}"#, "there twice"),
        (#"{"__metadata__":{"checksum":"00000000"},"a":\#(one)}"#, "damaged"),
        (#"{"__metadata__":{"checksum":"0"},"a":\#(one)}"#, "missing or damaged"),
    ]

    @Test func hostileHeadersAreRefused() {
        for (header, expected) in Self.hostile {
            let text = message(file(header, [0, 0, 0, 0]))
            #expect(text.hasPrefix("x.safetensors: ") && text.contains(expected), "\(header) gives: \(text)")
        }
    }

    @Test func hostileSizesAreRefused() {
        #expect(message(Data()).contains("has 0 bytes"))
        #expect(message(Data([2, 0, 0, 0, 0, 0, 0, 0, 0x7B])).contains("cut off"))
        #expect(message(Data([255, 255, 255, 255, 255, 255, 255, 255, 0x7B, 0x7D])).contains("at most 100000000"))
        #expect(message(Data([1, 0, 0, 0, 0, 0, 0, 0, 0xFF])).contains("not UTF-8"))
        #expect(message(Data([2, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D])) == "read")
    }

    @Test func unusableContentsAreNotWritten() {
        let bad: [TensorFile] = [
            TensorFile(metadata: ["checksum": "x"]),
            TensorFile(entries: [.init(name: "a", shape: [2], values: [1])]),
            TensorFile(entries: [.init(name: "a", shape: [-1, -1], values: [1])]),
            TensorFile(entries: [.init(name: "a", shape: [Int.max, 2, 0], values: [])]),
            TensorFile(entries: [.init(name: "__metadata__", shape: [], values: [1])]),
            TensorFile(entries: [.init(name: "a", shape: [], values: [1]), .init(name: "a", shape: [], values: [1])]),
        ]
        for file in bad { #expect(throws: RecurrentError.self) { try file.encoded() } }
    }
}
