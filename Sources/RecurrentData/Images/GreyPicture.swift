import Recurrent

/// A grey picture from a PNG or PGM file.
package struct GreyPicture: Equatable, Sendable {
    /// The largest file that is read, in bytes, and inflated where it is gzipped.
    package static let largestSize = 1 << 28
    /// The most pixels that are read.
    package static let mostPixels = 1 << 24

    /// The width in pixels, at least 1.
    package let width: Int
    /// The height in pixels, at least 1.
    package let height: Int
    /// The grey values row by row, 0 (black) to 255 (white): [height, width].
    package let pixels: [UInt8]

    init(width: Int, height: Int, pixels: [UInt8]) {
        require(pixels.count == width * height, "\(pixels.count) pixels for a picture of \(width) x \(height)")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Reads a file, which is known by its first bytes.
    ///
    /// Colours become their luminance, (19595 R + 38470 G + 7471 B + 32768) >> 16 (ITU-R BT.601). What is transparent
    /// lies on white. Of 16 bits the upper 8 are kept; fewer than 8 are spread over 0 to 255. Gamma and colour profiles
    /// are ignored.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, is neither format, is damaged, or has an interlaced or
    ///   too large a picture.
    package init(path: String) throws {
        try self.init(bytes: FileContents.readInflated(path, limit: Self.largestSize), name: path)
    }

    /// Reads the bytes of a file. `name` stands for the file in errors.
    ///
    /// - Throws: `RecurrentError` as `init(path:)`.
    package init(bytes: [UInt8], name: String) throws {
        if bytes.starts(with: PNGFile.signature) {
            try self.init(PNGFile(bytes, name: name))
        } else if bytes.starts(with: Array("P2".utf8)) || bytes.starts(with: Array("P5".utf8)) {
            try self.init(portableGreyMap: bytes, name: name)
        } else {
            throw RecurrentError("\(name), byte 0: neither a PNG file nor a PGM file (P2 or P5); expected one of them")
        }
    }

    /// Checks the size of a picture before anything of that size is made.
    ///
    /// - Throws: `RecurrentError` where it has no pixels or too many.
    static func checkSize(width: Int, height: Int, name: String) throws {
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, count <= mostPixels else {
            throw RecurrentError(
                "\(name): a picture of \(width) x \(height) pixels; expected at least 1 and at most \(mostPixels)")
        }
    }
}
