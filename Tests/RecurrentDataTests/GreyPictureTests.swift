import Foundation
import TestSupport
import Testing

@testable import RecurrentData

@Suite struct GreyPictureTests {
    private func read(_ bytes: some Sequence<UInt8>) throws -> GreyPicture {
        try GreyPicture(bytes: Array(bytes), name: "x.png")
    }

    private func refusal(_ bytes: some Sequence<UInt8>) -> String { message { _ = try read(bytes) } }

    private func bigEndian(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// A chunk with its checksum.
    private func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + content
        var checksum = UInt32.max
        for byte in body {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
        }
        return bigEndian(UInt32(content.count)) + body + bigEndian(~checksum)
    }

    /// A file of stored, not compressed, rows of one grey pixel each.
    private func png(width: UInt32, height: UInt32, _ kind: [UInt8], rows: [UInt8], more: [UInt8] = []) -> [UInt8] {
        var (low, high) = (UInt32(1), UInt32(0))
        for byte in rows {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        let size = UInt8(rows.count)
        let stream = [0x78, 0x01, 0x01, size, 0, ~size, 0xFF] + rows + bigEndian(high << 16 | low)
        let header = bigEndian(width) + bigEndian(height) + kind
        return PNGFile.signature + chunk("IHDR", header) + more + chunk("IDAT", stream) + chunk("IEND", [])
    }

    @Test func everyKindIsReadAsItsPeersDo() throws {
        for picture in try DataFiles.read().pictures {
            let read = try read(picture.file)
            #expect(read.width == picture.width && read.height == picture.height, "\(picture.name)")
            #expect(read.pixels == Array(picture.pixels), "\(picture.name)")
        }
    }

    @Test func aColorMayBeTransparent() throws {
        let plain = png(width: 2, height: 1, [8, 0, 0, 0, 0], rows: [0, 7, 8])
        #expect(try read(plain).pixels == [7, 8])
        let grey = png(width: 2, height: 1, [8, 0, 0, 0, 0], rows: [0, 7, 8], more: chunk("tRNS", [0, 7]))
        #expect(try read(grey).pixels == [255, 8])
        let color = png(
            width: 1, height: 1, [8, 2, 0, 0, 0], rows: [0, 1, 2, 3], more: chunk("tRNS", [0, 1, 0, 2, 0, 3]))
        #expect(try read(color).pixels == [255])
    }

    @Test func everyFailureIsNamed() throws {
        let files = try DataFiles.read()
        #expect(refusal(files.interlaced).contains("the picture is interlaced (1), which is not read"))
        #expect(refusal([]).contains("neither a PNG file nor a PGM file"))
        func oddity(_ kind: [UInt8], rows: [UInt8] = [0, 7], width: UInt32 = 1, more: [UInt8] = []) -> String {
            message { _ = try read(png(width: width, height: 1, kind, rows: rows, more: more)) }
        }
        #expect(oddity([8, 0, 0, 0, 0], width: 0).contains("a picture of 0 x 1 pixels"))
        #expect(oddity([8, 0, 0, 0, 0], width: .max).contains("a picture of 4294967295 x 1 pixels"))
        #expect(oddity([8, 0, 0, 0, 0], width: 2).contains("the rows have 2 bytes; expected 3"))
        #expect(oddity([8, 0, 0, 0, 0], rows: [0, 7, 7]).contains("larger than 2 bytes"))
        #expect(oddity([8, 0, 0, 0, 0], rows: [5, 7]).contains("the filter 5 of row 0; expected 0 to 4"))
        #expect(oddity([3, 0, 0, 0, 0]).contains("the color type 0 with 3 bits"))
        #expect(oddity([8, 1, 0, 0, 0]).contains("the color type 1 with 8 bits"))
        #expect(oddity([8, 0, 1, 0, 0]).contains("the compression 1"))
        #expect(oddity([8, 3, 0, 0, 0]).contains("a palette of 0 bytes"))
        #expect(oddity([8, 3, 0, 0, 0], more: chunk("PLTE", [1, 2, 3])).contains("the color 7 of a palette of 1"))
        #expect(oddity([8, 0, 0, 0, 0], more: chunk("tRNS", [0])).contains("tRNS has 1 bytes; expected 2"))
        #expect(oddity([8, 0, 0, 0, 0], more: chunk("XYZW", [])).contains("the chunk XYZW is needed and not known"))
        #expect(oddity([8, 0, 0, 0, 0], more: chunk("IHDR", [])).contains("expected IHDR at the beginning, once"))
    }

    @Test func damagedPicturesNeverTrap() throws {
        let files = try DataFiles.read()
        for picture in files.pictures where ["one pixel", "palette with alpha"].contains(picture.name) {
            let file = Array(picture.file)
            let refused = try readDamaged(file, name: "x.png") { _ = try read($0) }
            // Every byte is under a checksum or a checksum itself, and every prefix lacks its end.
            #expect(refused >= file.count * 5)
        }
        // Damage that the checksums do not show.
        try readDamaged(Array(repeating: 3, count: 13) + [0, 1, 2, 200], name: "x.png") { bytes in
            let rows = bytes.dropFirst(13)
            _ = try read(png(width: 3, height: 1, Array(bytes.prefix(13).suffix(5)), rows: Array(rows)))
        }
        try readDamaged(Array("P2 # c\n2 2\n9\n1 2\n3 9\n".utf8), name: "x.png") { _ = try read($0) }
        try readDamaged(Array("P5 2 2 255\nabcd".utf8), name: "x.png") { _ = try read($0) }
    }

    @Test func greyMaps() throws {
        let text = try read("P2 # comment\n2 2\n9\n0 9\n3 # more\n 4\n".utf8)
        #expect(text == GreyPicture(width: 2, height: 2, pixels: [0, 255, 85, 113]))
        #expect(try read(Array("P5\n2 1\n255\n".utf8) + [32, 200]).pixels == [32, 200])
        #expect(try read(Array("P5 2 1 65535\n".utf8) + [0, 0, 255, 255]).pixels == [0, 255])
        #expect(refusal("P5 2 2 255\nabc".utf8).contains("3 bytes of pixels; expected 4 for 2 x 2"))
        #expect(refusal("P2 99999999 99999999 255\n".utf8).contains("a picture of 99999999 x 99999999 pixels"))
        #expect(refusal("P2 4000 4000 255\n1".utf8).contains("2 bytes of pixels; expected more for 4000 x 4000"))
        #expect(refusal("P2 1 1 9\n10".utf8).contains("the grey value 10 of pixel 0; expected at most 9"))
        #expect(refusal("P2 1 1 9\n1 2".utf8).contains("more than the 1 x 1 pixels"))
        #expect(refusal("P2 1 1 0\n0".utf8).contains("the value of white is 0"))
        #expect(refusal("P2 1".utf8).contains("byte 4: no number; expected the height"))
    }
}
