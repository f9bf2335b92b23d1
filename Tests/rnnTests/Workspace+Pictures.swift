import Foundation

extension Workspace {
    /// Writes MNIST's four files with pictures of 3 x 4 pixels whose class is the row that is bright.
    func writeRows(to directory: String, firstLabel: UInt8 = 0) throws {
        try FileManager.default.createDirectory(atPath: path + "/" + directory, withIntermediateDirectories: true)
        for (part, count) in [("train", 72), ("t10k", 30)] {
            let labels = (0..<count).map { UInt8($0 % 3) }
            var pixels: [UInt8] = []
            for (index, label) in labels.enumerated() {
                for place in 0..<12 {
                    let noise = UInt8((index * 31 + place * 17) % 100)
                    pixels.append(place / 4 == Int(label) ? noise + 120 : noise)
                }
            }
            try write(Self.idx([count, 3, 4], pixels), to: "\(directory)/\(part)-images-idx3-ubyte")
            try write(Self.idx([count], labels.map { $0 + firstLabel }), to: "\(directory)/\(part)-labels-idx1-ubyte")
        }
    }

    private static func idx(_ shape: [Int], _ values: [UInt8]) -> Data {
        let extents = shape.flatMap { extent in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) } }
        return Data([0, 0, 8, UInt8(shape.count)] + extents + values)
    }
}
