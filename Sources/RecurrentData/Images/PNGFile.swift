import CZlib
import Recurrent

/// The parts of a PNG file that say what its pixels are (W3C, "Portable Network Graphics", third edition).
struct PNGFile {
    /// What the samples of a pixel mean; the number of the format.
    enum Color: UInt8 {
        case grey = 0
        case color = 2
        case palette = 3
        case greyAlpha = 4
        case colorAlpha = 6

        /// The samples of a pixel.
        var channels: Int {
            switch self {
            case .grey, .palette: 1
            case .greyAlpha: 2
            case .color: 3
            case .colorAlpha: 4
            }
        }

        /// The bits that a sample may have.
        var depths: [Int] {
            switch self {
            case .grey: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            case .color, .greyAlpha, .colorAlpha: [8, 16]
            }
        }
    }

    /// The bytes every PNG file begins with.
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    let name: String
    private(set) var width = 0
    private(set) var height = 0
    private(set) var depth = 0
    private(set) var color = Color.grey
    /// Red, green and blue of every colour of the palette, one after another.
    private(set) var palette: [UInt8] = []
    /// Alpha of the palette's first colours, or the one colour that is transparent, as 16 bits for each sample.
    private(set) var transparency: [UInt8] = []
    /// The compressed rows.
    private(set) var compressed: [UInt8] = []

    /// The bytes of a row without its filter.
    var rowSize: Int { (width * color.channels * depth + 7) / 8 }

    /// Reads the chunks.
    ///
    /// - Throws: `RecurrentError` with the byte where a chunk is cut short, corrupt, missing or unknown.
    init(_ bytes: [UInt8], name: String) throws {
        self.name = name
        var position = Self.signature.count
        var isFirst = true
        while true {
            guard bytes.count - position >= 12 else { throw Self.cut(name, position) }
            let size = Self.number(bytes, position)
            guard size <= bytes.count - position - 12 else { throw Self.cut(name, position) }
            let type = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
            let content = bytes[position + 8..<position + 8 + size]
            let checksum = bytes.withUnsafeBufferPointer { buffer in
                crc32(0, buffer.baseAddress.map { $0 + position + 4 }, UInt32(size + 4))
            }
            guard Int(checksum) == Self.number(bytes, position + 8 + size) else {
                throw RecurrentError("\(name), byte \(position): the chunk is corrupt (its checksum differs)")
            }
            guard isFirst == (type == "IHDR") else {
                throw RecurrentError("\(name), byte \(position): found \(type); expected IHDR at the beginning, once")
            }
            isFirst = false
            switch type {
            case "IHDR": try readHeader(Array(content))
            case "PLTE": palette = Array(content)
            case "tRNS": transparency = Array(content)
            case "IDAT": compressed += content
            case "IEND":
                guard position + 12 + size == bytes.count else {
                    throw RecurrentError("\(name), byte \(position + 12 + size): bytes after the end of the picture")
                }
                try checkPalette()
                return
            default:
                // A small first letter says that the picture can be shown without the chunk.
                guard bytes[position + 4] & 0x20 != 0 else {
                    throw RecurrentError("\(name), byte \(position): the chunk \(type) is needed and not known")
                }
            }
            position += 12 + size
        }
    }

    private mutating func readHeader(_ header: [UInt8]) throws {
        guard header.count == 13 else {
            throw RecurrentError("\(name): IHDR has \(header.count) bytes; expected 13")
        }
        width = Self.number(header, 0)
        height = Self.number(header, 4)
        try GreyPicture.checkSize(width: width, height: height, name: name)
        guard let color = Color(rawValue: header[9]), color.depths.contains(Int(header[8])) else {
            throw RecurrentError(
                "\(name): the color type \(header[9]) with \(header[8]) bits; expected one of the format's 15 kinds")
        }
        self.color = color
        depth = Int(header[8])
        guard header[10] == 0, header[11] == 0 else {
            throw RecurrentError(
                "\(name): the compression \(header[10]) and filter method \(header[11]); expected 0 for both")
        }
        guard header[12] == 0 else {
            throw RecurrentError(
                "\(name): the picture is interlaced (\(header[12])), which is not read; save it without")
        }
    }

    private func checkPalette() throws {
        let hasColors = palette.count % 3 == 0 && (3...768).contains(palette.count)
        guard color != .palette || hasColors && transparency.count <= palette.count / 3 else {
            throw RecurrentError(
                "\(name): a palette of \(palette.count) bytes and \(transparency.count) of alpha; expected 3 and at most "
                    + "1 for each of 1 to 256 colors")
        }
        let keySize = color == .grey ? 2 : color == .color ? 6 : transparency.count
        guard transparency.isEmpty || transparency.count == keySize else {
            throw RecurrentError("\(name): tRNS has \(transparency.count) bytes; expected \(keySize)")
        }
    }

    private static func number(_ bytes: [UInt8], _ place: Int) -> Int {
        bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func cut(_ name: String, _ position: Int) -> RecurrentError {
        RecurrentError("\(name), byte \(position): the file is cut short; expected a whole chunk, and IEND as the last")
    }
}
