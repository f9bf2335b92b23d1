import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTasks

extension DataInspection {
    /// Pictures with classes: their size, how many of each class, and the first.
    init(images path: String) throws {
        let images = try ImageDataSet(directory: path)
        let (training, first) = (images.training.counted(from: images.firstLabel), images.firstLabel)
        var counts = [Int](repeating: 0, count: training.classCount)
        for label in training.labels { counts[Int(label)] += 1 }
        var configuration = ImagesConfiguration()
        configuration.data = path
        var describe = DescribeConfiguration()
        describe.data = path
        self.init(
            lines: [
                "\(Console.grouped(training.count)) pictures of \(training.columns) x \(training.rows) for training, "
                    + "\(Console.grouped(images.test.count)) for the test, \(counts.count) classes"
            ] + Self.bars(counts.enumerated().map { (name: String(first + $0), count: $1) })
                + Self.drawn(training.picture(0).map { $0 }, width: training.columns),
            fields: [
                "training": training.count, "test": images.test.count, "rows": training.rows,
                "columns": training.columns, "classes": counts, "firstClass": first,
            ],
            outlooks: [
                TrainingOutlook(of: ImagesTask.self, configuration), TrainingOutlook(of: DescribeTask.self, describe),
            ],
            drawing: Self.grid(training, firstLabel: first))
    }

    /// One file of a set of pictures with classes.
    init(imageFile path: String) throws {
        let file = try IDXFile(path: path)
        let shape = file.shape.map(String.init).joined(separator: " x ")
        let first = file.shape.count == 3 && file.shape[0] > 0 ? file.shape[2] : 0
        let pixels = first > 0 ? Array(file.values.prefix(file.shape[1] * first)) : []
        self.init(
            lines: ["one IDX file of a set: \(shape) bytes; the training takes the directory that it is in"]
                + Self.drawn(pixels, width: first),
            fields: ["shape": file.shape], outlooks: [],
            drawing: ImageGrid(
                title: path,
                images: first > 0 ? [.init(pixels: pixels.map { Double($0) / 255 }, width: first, caption: "")] : []))
    }

    /// One picture.
    init(picture path: String) throws {
        let picture = try GreyPicture(path: path)
        self.init(
            lines: [
                "a picture of \(picture.width) x \(picture.height); `rnn predict RUN \(path)` gives it to a model that was "
                    + "trained on pictures of this size"
            ] + Self.drawn(picture.pixels, width: picture.width),
            fields: ["columns": picture.width, "rows": picture.height], outlooks: [],
            drawing: ImageGrid(
                title: path,
                images: [
                    .init(pixels: picture.pixels.map { Double($0) / 255 }, width: picture.width, caption: "")
                ]))
    }

    /// Drawings by a pen: how many, how long, and with which texts.
    init(drawings path: String) throws {
        let drawings = try PenDrawings(path: path)
        let all = drawings.training + drawings.validation + drawings.test
        let lengths = all.map(\.steps.count)
        let hasTexts = all.contains { $0.text?.isEmpty == false }
        var configuration = hasTexts ? HandwritingConfiguration.synthesis : HandwritingConfiguration()
        configuration.data = path
        self.init(
            lines: [
                "\(Console.counted(all.count, "drawing")) of \(Self.range(of: lengths, "step"))"
                    + (hasTexts ? ", with texts" : "")
            ] + all.compactMap(\.text).prefix(Self.shownItems).map(Self.excerpt),
            fields: [
                "training": drawings.training.count, "validation": drawings.validation.count,
                "test": drawings.test.count, "shortest": lengths.min() ?? 0, "longest": lengths.max() ?? 0,
                "hasTexts": hasTexts,
            ],
            outlooks: [
                TrainingOutlook(of: HandwritingTask.self, configuration, options: hasTexts ? " --text" : "")
            ],
            drawing: StrokePicture(
                title: "The first drawings",
                drawings: all.prefix(12).map { StrokePicture.Item(strokes: $0.strokes, caption: $0.text ?? "") }))
    }

    /// A picture in characters, the darker the lower its values; nothing of one that is wider than a terminal.
    private static func drawn(_ pixels: [UInt8], width: Int) -> [String] {
        guard width > 0, width <= 72, pixels.count <= 72 * 72 else { return [] }
        let shades = Array(" .:-=+*#%@")
        return stride(from: 0, to: pixels.count, by: width).map { start in
            String(pixels[start..<start + width].map { shades[Int($0) * (shades.count - 1) / 255] })
                .trimmingTrailingBlanks()
        }
    }

    /// The first pictures of every class.
    private static func grid(_ images: LabelledImages, firstLabel: Int) -> ImageGrid {
        let classes = (0..<min(10, images.classCount)).map { label in
            images.labels.indices.lazy.filter { images.labels[$0] == UInt8(label) }.prefix(4)
        }
        return ImageGrid(
            title: "The first pictures of the classes",
            images: classes.enumerated().flatMap { label, places in
                places.map { place in
                    ImageGrid.Image(
                        pixels: images.picture(place).map { Double($0) / 255 }, width: images.columns,
                        caption: String(firstLabel + label))
                }
            })
    }
}
