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
}
