import Recurrent
import RecurrentData

extension ImagesPreparation {
    /// The pictures of a file, each as its pixels from 0 to 255, row by row: one of a PNG or PGM file, all of an IDX
    /// file.
    ///
    /// - Throws: `RecurrentError` where the file is of no such kind, or its pictures have another size than the model's.
    package func pictures(at path: String) throws -> [ArraySlice<UInt8>] {
        let bytes = try FileContents.readInflated(path, limit: IDXFile.largestSize)
        func check(_ height: Int, _ width: Int) throws {
            guard height == rows, width == columns else {
                throw RecurrentError("\(path): \(height) x \(width) pixels; the model reads \(rows) x \(columns)")
            }
        }
        if bytes.starts(with: [0, 0]) {
            let file = try IDXFile(bytes: bytes, name: path)
            guard file.shape.count == 3 else {
                throw RecurrentError("\(path): the shape is \(file.shape); expected pictures [count, rows, columns]")
            }
            try check(file.shape[1], file.shape[2])
            let size = rows * columns
            return (0..<file.shape[0]).map { file.values[$0 * size..<($0 + 1) * size] }
        }
        let picture = try GreyPicture(bytes: bytes, name: path)
        try check(picture.height, picture.width)
        return [picture.pixels[...]]
    }
}
