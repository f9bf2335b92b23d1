import Recurrent

/// Grey pictures of one size, each with the number of its class.
public struct LabelledImages: Equatable, Sendable {
    /// The grey values, picture by picture and row by row: [count, rows, columns], 0 to 255.
    public let pixels: [UInt8]
    /// The class of every picture, from 0, or from 1 in some sets.
    public let labels: [UInt8]
    /// The height of a picture in pixels, at least 1.
    public let rows: Int
    /// The width of a picture in pixels, at least 1.
    public let columns: Int

    /// The number of pictures, at least 1.
    public var count: Int { labels.count }

    /// The number of classes: one more than the largest label.
    public let classCount: Int

    /// Puts pictures and labels together.
    ///
    /// - Parameters:
    ///   - images: The pictures, of shape [count, rows, columns].
    ///   - labels: Their classes, of shape [count].
    /// - Throws: `RecurrentError` where the shapes are others, the counts differ, or there are no pixels.
    package init(images: IDXFile, labels: IDXFile) throws {
        func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " x ") }
        guard images.shape.count == 3, images.shape.allSatisfy({ $0 > 0 }) else {
            throw RecurrentError(
                "\(images.name): the shape is \(text(images.shape)); expected pictures: count x rows x columns, "
                    + "none of them 0")
        }
        guard labels.shape.count == 1 else {
            throw RecurrentError(
                "\(labels.name): the shape is \(text(labels.shape)); expected labels, which have one axis")
        }
        guard labels.values.count == images.shape[0] else {
            throw RecurrentError(
                "\(labels.name) has \(labels.values.count) labels and \(images.name) has \(images.shape[0]) pictures; "
                    + "expected as many labels as pictures")
        }
        self.pixels = images.values
        self.labels = labels.values
        self.rows = images.shape[1]
        self.columns = images.shape[2]
        self.classCount = Int(labels.values.max() ?? 0) + 1
    }

    /// Reads a file of pictures and a file of labels.
    ///
    /// - Throws: `RecurrentError` where one of them is no IDX file or they do not belong together.
    public init(imagesPath: String, labelsPath: String) throws {
        // The small file first: where it is wrong, the large one need not be read.
        let labels = try IDXFile(path: labelsPath)
        try self.init(images: IDXFile(path: imagesPath), labels: labels)
    }

    /// The same pictures with classes that are counted from 0, where the labels are counted from another number, which is
    /// the smallest of them or less.
    package func counted(from first: Int) -> LabelledImages {
        first == 0 ? self : LabelledImages(self, labels: labels.map { $0 - UInt8(first) })
    }

    private init(_ images: LabelledImages, labels: [UInt8]) {
        (pixels, rows, columns) = (images.pixels, images.rows, images.columns)
        self.labels = labels
        classCount = Int(labels.max() ?? 0) + 1
    }

    /// The pixels of a picture, row by row.
    public func picture(_ index: Int) -> ArraySlice<UInt8> {
        require(index >= 0 && index < count, "picture \(index) of \(count)")
        return pixels[index * rows * columns..<(index + 1) * rows * columns]
    }

    /// Some of the pictures as sequences, a row of pixels at each time step.
    ///
    /// - Parameter indices: Which pictures, from 0 to `count` - 1.
    /// - Returns: The pixels from 0 to 1, [rows, batch, columns], and the labels, [batch].
    public func batch(_ indices: some Collection<Int>) -> (inputs: Tensor, labels: IntegerTensor) {
        let size = indices.count
        require(indices.allSatisfy { $0 >= 0 && $0 < count }, "a picture that is none of \(count)")
        let values = [Float](unsafeUninitializedCapacity: rows * size * columns) { values, filled in
            pixels.withUnsafeBufferPointer { pixels in
                for (place, index) in indices.enumerated() {
                    for row in 0..<rows {
                        let source = (index * rows + row) * columns
                        let target = (row * size + place) * columns
                        for column in 0..<columns { values[target + column] = Float(pixels[source + column]) / 255 }
                    }
                }
            }
            filled = rows * size * columns
        }
        return (Tensor(values, shape: [rows, size, columns]), IntegerTensor(indices.map { Int32(labels[$0]) }))
    }
}
