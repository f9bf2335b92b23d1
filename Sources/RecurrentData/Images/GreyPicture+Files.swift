import Recurrent

extension GreyPicture {
    /// The pictures of a file, each as its pixels from 0 to 255, row by row, and their size: one of a PNG or PGM file, all
    /// of an IDX file.
    ///
    /// - Throws: `RecurrentError` where the file cannot be read, or is of no such kind.
    package static func pictures(
        at path: String
    ) throws -> (height: Int, width: Int, pictures: [ArraySlice<UInt8>]) {
        let bytes = try FileContents.readInflated(path, limit: IDXFile.largestSize)
        guard bytes.starts(with: [0, 0]) else {
            let picture = try GreyPicture(bytes: bytes, name: path)
            return (picture.height, picture.width, [picture.pixels[...]])
        }
        let file = try IDXFile(bytes: bytes, name: path)
        guard file.shape.count == 3 else {
            throw RecurrentError("\(path): the shape is \(file.shape); expected pictures [count, rows, columns]")
        }
        let size = file.shape[1] * file.shape[2]
        let pictures = (0..<file.shape[0]).map { file.values[$0 * size..<($0 + 1) * size] }
        return (file.shape[1], file.shape[2], pictures)
    }
}
