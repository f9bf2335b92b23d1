import Recurrent

extension GreyPicture {
    /// Makes the pixels of a PNG file grey.
    init(_ file: PNGFile) throws {
        let rows = try file.rows()
        let channels = file.color.channels
        var pixels: [UInt8] = []
        pixels.reserveCapacity(file.width * file.height)
        var samples = [Int](repeating: 0, count: channels)
        for row in 0..<file.height {
            let start = row * file.rowSize
            for column in 0..<file.width {
                for channel in 0..<channels {
                    samples[channel] = file.sample(rows, start, column * channels + channel)
                }
                pixels.append(try file.grey(samples))
            }
        }
        self.init(width: file.width, height: file.height, pixels: pixels)
    }
}

extension PNGFile {
    /// The rows without their filters, [height, rowSize].
    fileprivate func rows() throws -> [UInt8] {
        let expected = height * (rowSize + 1)
        let filtered = try Inflation.inflate(compressed, .zlib, limit: expected, name: name)
        guard filtered.count == expected else {
            throw RecurrentError(
                "\(name): the rows have \(filtered.count) bytes; expected \(expected) for \(width) x \(height) pixels")
        }
        var rows = [UInt8](repeating: 0, count: height * rowSize)
        let step = max(1, color.channels * depth / 8)
        for row in 0..<height {
            let source = row * (rowSize + 1)
            let start = row * rowSize
            for place in 0..<rowSize {
                let left = place < step ? 0 : rows[start + place - step]
                let above = row == 0 ? 0 : rows[start - rowSize + place]
                let corner = row == 0 || place < step ? 0 : rows[start - rowSize + place - step]
                let prediction: UInt8
                switch filtered[source] {
                case 0: prediction = 0
                case 1: prediction = left
                case 2: prediction = above
                case 3: prediction = UInt8((Int(left) + Int(above)) / 2)
                case 4: prediction = Self.paeth(left, above, corner)
                default:
                    throw RecurrentError("\(name): the filter \(filtered[source]) of row \(row); expected 0 to 4")
                }
                rows[start + place] = filtered[source + 1 + place] &+ prediction
            }
        }
        return rows
    }

    /// The neighbour that is nearest to left + above - corner.
    private static func paeth(_ left: UInt8, _ above: UInt8, _ corner: UInt8) -> UInt8 {
        let estimate = Int(left) + Int(above) - Int(corner)
        let distances = (abs(estimate - Int(left)), abs(estimate - Int(above)), abs(estimate - Int(corner)))
        if distances.0 <= distances.1, distances.0 <= distances.2 { return left }
        return distances.1 <= distances.2 ? above : corner
    }

    /// A sample of a row, from 0 to 2^depth - 1.
    fileprivate func sample(_ rows: [UInt8], _ start: Int, _ index: Int) -> Int {
        switch depth {
        case 8: return Int(rows[start + index])
        case 16: return Int(rows[start + 2 * index]) << 8 | Int(rows[start + 2 * index + 1])
        default:
            let bit = index * depth
            return Int(rows[start + bit / 8]) >> (8 - depth - bit % 8) & ((1 << depth) - 1)
        }
    }

    /// The grey value of a pixel.
    fileprivate func grey(_ samples: [Int]) throws -> UInt8 {
        func eightBits(_ sample: Int) -> Int { depth == 16 ? sample >> 8 : sample * 255 / ((1 << depth) - 1) }
        switch color {
        case .grey:
            return Self.grey(repeatElement(eightBits(samples[0]), count: 3), alpha: isTransparent(samples) ? 0 : 255)
        case .color:
            return Self.grey(samples.map(eightBits), alpha: isTransparent(samples) ? 0 : 255)
        case .greyAlpha:
            return Self.grey(repeatElement(eightBits(samples[0]), count: 3), alpha: eightBits(samples[1]))
        case .colorAlpha:
            return Self.grey(samples[..<3].map(eightBits), alpha: eightBits(samples[3]))
        case .palette:
            let index = samples[0]
            guard index < palette.count / 3 else {
                throw RecurrentError("\(name): the color \(index) of a palette of \(palette.count / 3)")
            }
            let alpha = index < transparency.count ? Int(transparency[index]) : 255
            return Self.grey(palette[3 * index..<3 * index + 3].map(Int.init), alpha: alpha)
        }
    }

    /// Whether samples are the one colour that `tRNS` names.
    private func isTransparent(_ samples: [Int]) -> Bool {
        !transparency.isEmpty
            && samples.indices.allSatisfy {
                samples[$0] == Int(transparency[2 * $0]) << 8 | Int(transparency[2 * $0 + 1])
            }
    }

    /// The luminance of a colour that lies on white; of a grey it is the grey.
    private static func grey(_ color: some Collection<Int>, alpha: Int) -> UInt8 {
        let composed = color.map { ($0 * alpha + 255 * (255 - alpha) + 127) / 255 }
        return UInt8((19_595 * composed[0] + 38_470 * composed[1] + 7_471 * composed[2] + 32_768) >> 16)
    }
}
