import Recurrent

extension PenDrawings {
    /// Reads an archive of `{part}_data` [N, 3], rows of dx, dy (downwards) and 1 where the pen is lifted after the
    /// point, and `{part}_offsets` [drawings + 1], where each drawing's rows begin and the last one's end. Parts are
    /// `train`, `valid` and `test`, or there is one pair `data` and `offsets`.
    ///
    /// - Throws: `RecurrentError` naming the array and row of what is wrong.
    init(npz bytes: [UInt8], mostElements: Int = NPYArray.mostElements, name: String) throws {
        let archive = try ZipArchive(bytes, limit: NPYArray.largestSize, name: name)
        var elementsLeft = mostElements
        func array(_ key: String) throws -> NPYArray? {
            guard let entry = archive.entries.first(where: { $0.name == key + ".npy" }) else { return nil }
            let array = try NPYArray(
                bytes: archive.contents(entry), mostElements: elementsLeft, name: "\(name), \(key)")
            elementsLeft -= array.values.count
            return array
        }
        func part(_ prefix: String) throws -> [PenDrawing]? {
            guard let data = try array(prefix + "data") else { return nil }
            guard let offsets = try array(prefix + "offsets") else {
                throw RecurrentError("\(name): there is \(prefix)data and no \(prefix)offsets; expected both")
            }
            return try Self.drawings(data: data, offsets: offsets)
        }
        let parts = try ["train_", "valid_", "test_"].map(part)
        if let training = try parts[0] ?? part("") {
            self.init(training: training, validation: parts[1] ?? [], test: parts[2] ?? [])
            return
        }
        // The sketches of Ha and Eck (2017) come as `train`, `valid` and `test`, arrays of Python objects.
        if let entry = archive.entries.first(where: { $0.name == "train.npy" }) {
            _ = try NPYArray(bytes: archive.contents(entry), name: "\(name), train")
        }
        throw RecurrentError(
            "\(name): found \(archive.entries.prefix(10).map(\.name)); expected train_data.npy [N, 3] and "
                + "train_offsets.npy [drawings + 1], or data.npy and offsets.npy")
    }

    private static func drawings(data: NPYArray, offsets: NPYArray) throws -> [PenDrawing] {
        let rows = try PenStep.rows(data)
        guard offsets.shape.count == 1, offsets.values.first == 0, offsets.values.last == Double(rows.count) else {
            throw RecurrentError(
                "\(offsets.name): the shape is \(offsets.shape), from \(offsets.values.first ?? .nan) to "
                    + "\(offsets.values.last ?? .nan); expected one axis, from 0 to \(rows.count), the rows of data")
        }
        var places: [Int] = []
        for (index, value) in offsets.values.enumerated() {
            guard value >= Double(places.last ?? 0), value <= Double(rows.count), value == value.rounded() else {
                throw RecurrentError(
                    "\(offsets.name), row \(index): \(value); expected a whole number from \(places.last ?? 0) to "
                        + "\(rows.count)")
            }
            places.append(Int(value))
        }
        return zip(places, places.dropFirst()).filter { $0 < $1 }.map { start, end in
            PenDrawing(steps: Array(rows[start..<end])).withoutRestingSteps()
        }
    }
}

extension PenDrawing {
    /// Makes a drawing of offsets [N, 3], rows of dx, dy and 1 where the pen is lifted after the point.
    ///
    /// - Throws: `RecurrentError` with the first row that is wrong.
    init(offsets: NPYArray) throws {
        self = PenDrawing(steps: try PenStep.rows(offsets)).withoutRestingSteps()
    }
}

extension PenStep {
    /// The steps of an array [N, 3].
    ///
    /// - Throws: `RecurrentError` where the shape is another, or with the first row that is wrong.
    fileprivate static func rows(_ array: NPYArray) throws -> [PenStep] {
        guard array.shape.count == 2, array.shape[1] == 3 else {
            throw RecurrentError(
                "\(array.name): the shape is \(array.shape); expected [N, 3]: dx, dy, and 1 where the pen is lifted")
        }
        return try (0..<array.shape[0]).map { row in
            let (dx, dy, end) = (array.values[3 * row], array.values[3 * row + 1], array.values[3 * row + 2])
            guard abs(dx) <= PenDrawing.largestCoordinate, abs(dy) <= PenDrawing.largestCoordinate else {
                throw RecurrentError(
                    "\(array.name), row \(row): the offset is (\(dx), \(dy)); expected numbers of at most 1e9")
            }
            guard end == 0 || end == 1 else {
                throw RecurrentError("\(array.name), row \(row): the pen is \(end); expected 0 (down) or 1 (lifted)")
            }
            return PenStep(dx: Float(dx), dy: Float(dy), endsStroke: end == 1)
        }
    }
}
