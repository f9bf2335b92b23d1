import Recurrent

extension GreyPicture {
    /// Reads a portable grey map of one picture: `P2`, numbers in decimal digits, or `P5`, one byte or two for each.
    init(portableGreyMap bytes: [UInt8], name: String) throws {
        var position = 2
        /// The next number, which white space and comments may precede.
        func number(_ meaning: String) throws -> Int {
            while position < bytes.count, Self.isSpace(bytes[position]) || bytes[position] == UInt8(ascii: "#") {
                if bytes[position] == UInt8(ascii: "#") {
                    position = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                } else {
                    position += 1
                }
            }
            let digits = bytes[position...].prefix(10).prefix { (48...57).contains($0) }
            guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
                throw RecurrentError("\(name), byte \(position): no number; expected \(meaning)")
            }
            position += digits.count
            return number
        }
        let width = try number("the width")
        let height = try number("the height")
        let white = try number("the value of white")
        try Self.checkSize(width: width, height: height, name: name)
        guard (1...65_535).contains(white) else {
            throw RecurrentError("\(name): the value of white is \(white); expected 1 to 65535")
        }
        let isText = bytes[1] == UInt8(ascii: "2")
        if !isText, position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        let sampleSize = white < 256 ? 1 : 2
        let (left, needed) = (bytes.count - position, width * height * sampleSize)
        guard isText ? left >= 2 * width * height - 1 : left == needed else {
            throw RecurrentError(
                "\(name): \(left) bytes of pixels; expected \(isText ? "more" : "\(needed)") for \(width) x \(height)")
        }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height)
        for index in 0..<width * height {
            let place = position + index * sampleSize
            let value =
                isText
                ? try number("a grey value")
                : sampleSize == 1 ? Int(bytes[place]) : Int(bytes[place]) << 8 | Int(bytes[place + 1])
            guard value <= white else {
                throw RecurrentError("\(name): the grey value \(value) of pixel \(index); expected at most \(white)")
            }
            pixels.append(UInt8((value * 255 + white / 2) / white))
        }
        guard !isText || bytes[position...].allSatisfy(Self.isSpace) else {
            throw RecurrentError(
                "\(name), byte \(position): more than the \(width) x \(height) pixels that are expected")
        }
        self.init(width: width, height: height, pixels: pixels)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }
}
