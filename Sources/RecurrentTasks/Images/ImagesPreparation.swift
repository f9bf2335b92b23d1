import Recurrent
import RecurrentData
import RecurrentPictures

/// What an image model needs to know of its training data.
public struct ImagesPreparation: Codable, Sendable, Equatable {
    /// The number of rows of a picture: of time steps.
    package let rows: Int
    /// The number of columns: of features.
    package let columns: Int
    /// The number of classes.
    package let classes: Int

    /// The classes by their numbers.
    package var classNames: [String] { (0..<classes).map(String.init) }
}

extension ImagesPreparation {
    /// The size of pictures, and the number of their classes.
    init(of images: LabelledImages) {
        (rows, columns, classes) = (images.rows, images.columns, images.classCount)
    }

    /// - Throws: `RecurrentError` where sizes or classes are such as no data set has.
    func check() throws {
        try Setting("`rows`", rows).require(in: 1...65_536)
        try Setting("`columns`", columns).require(in: 1...65_536)
        try Setting("`classes`", classes).require(in: 1...256)
    }

    /// - Throws: `RecurrentError` where pictures do not fit the model.
    package func check(_ images: LabelledImages, name: String) throws {
        guard images.rows == rows, images.columns == columns else {
            throw RecurrentError(
                "\(name): the pictures have \(images.rows) x \(images.columns) pixels; the model reads "
                    + "\(rows) x \(columns)")
        }
        guard images.classCount <= classes else {
            throw RecurrentError(
                "\(name): the labels reach \(images.classCount - 1); the model knows classes 0 to \(classes - 1)")
        }
    }

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
