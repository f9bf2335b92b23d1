import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData

@Suite struct LabelledImagesTests {
    private func idx(_ shape: [Int], _ values: [UInt8], type: UInt8 = 8) -> [UInt8] {
        let extents = shape.flatMap { extent in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) } }
        return [0, 0, type, UInt8(shape.count)] + extents + values
    }

    private func file(_ shape: [Int], _ values: [UInt8], name: String = "x") throws -> IDXFile {
        try IDXFile(bytes: idx(shape, values), name: name)
    }

    private func refusal(_ bytes: [UInt8]) -> String { message { _ = try IDXFile(bytes: bytes, name: "x") } }

    @Test func readsWhatNumPyWrote() throws {
        let files = try DataFiles.read()
        let read = try IDXFile(bytes: Array(files.idx), name: "x")
        #expect(read.shape == [3, 2, 4] && read.values == Array(files.idx.suffix(24)))
        try withTemporaryDirectory { directory in
            try files.idxGzip.write(to: URL(fileURLWithPath: directory + "/x"))
            #expect(try IDXFile(path: directory + "/x").values == read.values)
        }
    }

    @Test func everyLieIsRefused() {
        #expect(refusal(idx([2, 2], [1, 2, 3])) == "x: the header says 2 x 2 elements, which are 4; found 3 after it")
        #expect(refusal(idx([2, 2], [1, 2, 3, 4, 5])).hasSuffix("which are 4; found 5 after it"))
        #expect(refusal(idx([Int(UInt32.max), Int(UInt32.max), Int(UInt32.max)], [])).contains("too many to count"))
        #expect(refusal(idx([2], [1, 2], type: 0x0D)).contains("byte 2: the elements are 32-bit floating-point"))
        #expect(refusal(idx([2], [1, 2], type: 7)).contains("unknown type 7"))
        #expect(refusal(idx([], [1])).contains("byte 3: a header with 0 axes"))
        #expect(refusal([0, 0, 8, 255, 0]).contains("255 axes in a file of 5 bytes"))
        #expect(refusal([]).contains("the file is empty"))
        #expect(refusal([1, 2, 3, 4, 5]).contains("byte 0: found 1 2 3 4"))
    }

    @Test func damagedFilesNeverTrap() throws {
        let file = Array(try DataFiles.read().idx)
        let refused = try readDamaged(file, name: "x") { _ = try IDXFile(bytes: $0, name: "x") }
        #expect(refused >= file.count + 16 * 4)
    }

    @Test func rowsOfPixelsBecomeTimeSteps() throws {
        let images = try LabelledImages(
            images: file([2, 2, 3], [0, 51, 102, 153, 204, 255, 255, 0, 0, 0, 0, 51]), labels: file([2], [4, 1]))
        #expect(images.count == 2 && images.rows == 2 && images.columns == 3 && images.classCount == 5)
        #expect(images.picture(1) == [255, 0, 0, 0, 0, 51])
        let batch = images.batch([1, 0, 1])
        #expect(batch.inputs.shape == [2, 3, 3] && batch.labels == IntegerTensor([1, 4, 1]))
        #expect(batch.inputs.values == [1, 0, 0, 0, 0.2, 0.4, 1, 0, 0, 0, 0, 0.2, 0.6, 0.8, 1, 0, 0, 0.2])
    }

    @Test func picturesAndLabelsMustAgree() throws {
        let images = try file([2, 1, 1], [7, 8], name: "images")
        let three = try file([3], [0, 1, 2], name: "labels")
        #expect(
            message { _ = try LabelledImages(images: images, labels: three) }
                .hasPrefix("labels has 3 labels and images has 2 pictures"))
        #expect(
            message { _ = try LabelledImages(images: images, labels: images) }.contains("2 x 1 x 1; expected labels"))
        #expect(message { _ = try LabelledImages(images: three, labels: three) }.contains("expected pictures"))
        let empty = try file([0, 28, 28], [])
        #expect(throws: RecurrentError.self) { try LabelledImages(images: empty, labels: file([0], [])) }
    }

    @Test(arguments: ["-", "."])
    func aDirectoryIsRead(mark: String) throws {
        try withTemporaryDirectory { directory in
            func write(_ name: String, _ bytes: [UInt8]) throws {
                try Data(bytes).write(to: URL(fileURLWithPath: directory + "/" + name))
            }
            func refusal() -> String { message { _ = try ImageDataSet(directory: directory) } }
            #expect(
                refusal()
                    == "\(directory): there is no file of train-images; looked for train-images-idx3-ubyte, "
                    + "train-images.idx3-ubyte, also after the name of a set, with or without .gz; found nothing")
            try DataFiles.read().idxGzip.write(
                to: URL(fileURLWithPath: directory + "/train-images\(mark)idx3-ubyte.gz"))
            try write("train-labels\(mark)idx1-ubyte", idx([3], [0, 2, 1]))
            #expect(refusal().contains("no file of t10k-images"))
            try write("t10k-images\(mark)idx3-ubyte", idx([1, 2, 4], Array(1...8)))
            try write("t10k-labels\(mark)idx1-ubyte", idx([1], [3]))
            #expect(refusal().contains("the test labels reach 3 and the training labels 2"))
            try write("t10k-labels\(mark)idx1-ubyte", idx([1], [2]))
            let set = try ImageDataSet(directory: directory)
            #expect(set.training.count == 3 && set.training.classCount == 3 && set.test.picture(0).last == 8)
            try write("t10k-images\(mark)idx3-ubyte", idx([1, 4, 2], Array(1...8)))
            #expect(refusal().contains("2 x 4 pixels and the test pictures 4 x 2"))
        }
    }

    /// Writes a set of pictures of 1 x 2 pixels under the names that a function makes of MNIST's.
    private func writeSet(
        to directory: String, training: [UInt8] = [0, 1, 2], test: [UInt8] = [1], pixel: UInt8 = 7,
        _ name: (String) -> String = { $0 }
    ) throws {
        for (part, labels) in [("train", training), ("t10k", test)] {
            let pixels = [UInt8](repeating: pixel, count: 2 * labels.count)
            for (kind, bytes) in [
                ("images-idx3", idx([labels.count, 1, 2], pixels)), ("labels-idx1", idx([labels.count], labels)),
            ] {
                let path = directory + "/" + name("\(part)-\(kind)-ubyte")
                try Data(bytes).write(to: URL(filePath: path))
            }
        }
    }

    @Test(arguments: [
        "emnist-letters-train-images-idx3-ubyte.gz", "TRAIN-IMAGES.IDX3-UBYTE", "Train-Images-idx3-ubyte.GZ",
        "kmnist_train-images-idx3-ubyte",
    ])
    func namesOfOtherSets(_ example: String) throws {
        try withTemporaryDirectory { directory in
            try writeSet(to: directory) { name in
                let isTest = name.hasPrefix("t10k")
                var made = example
                if isTest {
                    made = made.replacing("train", with: "test").replacing("TRAIN", with: "TEST")
                    made = made.replacing("Train", with: "Test")
                }
                guard name.contains("labels") else { return made }
                made = made.replacing("images", with: "labels").replacing("IMAGES", with: "LABELS")
                return made.replacing("Images", with: "Labels").replacing("idx3", with: "idx1").replacing(
                    "IDX3", with: "IDX1")
            }
            try writeSet(to: directory, pixel: 9) { "._" + $0 }
            let data = try ImageDataSet(directory: directory)
            #expect(data.training.count == 3 && data.test.count == 1 && data.training.pixels[0] == 7)
        }
    }

    @Test func oneOfSeveralSetsIsChosen() throws {
        try withTemporaryDirectory { directory in
            try writeSet(to: directory, pixel: 1) { "emnist-letters-" + $0 }
            try writeSet(to: directory, pixel: 2) { "emnist-digits-" + $0 }
            #expect(
                message { _ = try ImageDataSet(directory: directory) }
                    == "\(directory): there are 2 sets of pictures: emnist-digits, emnist-letters; expected one, as in "
                    + "\(directory)/emnist-digits")
            #expect(try ImageDataSet(directory: directory + "/emnist-letters").training.pixels[0] == 1)
            #expect(try ImageDataSet(directory: directory + "/emnist-digits/").training.pixels[0] == 2)
            #expect(
                message { _ = try ImageDataSet(directory: directory + "/letters") }.hasSuffix(
                    "or a set: \(directory)/emnist-digits, \(directory)/emnist-letters"))
            // What was read before sets had names is read still.
            try writeSet(to: directory, pixel: 3)
            #expect(try ImageDataSet(directory: directory).training.pixels[0] == 3)
        }
        #expect(message { _ = try ImageDataSet(directory: "/nonexistent/mnist") }.contains("no such directory"))
    }

    @Test func aMissingFileIsToldWithWhatIsThere() throws {
        try withTemporaryDirectory { directory in
            try writeSet(to: directory) { $0.hasPrefix("t10k-labels") ? "labels.txt" : "letters-" + $0 }
            #expect(
                message { _ = try ImageDataSet(directory: directory) }
                    == "\(directory): there is no file of letters-t10k-labels; looked for letters-t10k-labels-idx1-ubyte, "
                    + "letters-t10k-labels.idx1-ubyte, letters-test-labels-idx1-ubyte, letters-test-labels.idx1-ubyte with "
                    + "or without .gz; found labels.txt, letters-t10k-images-idx3-ubyte, letters-train-images-idx3-ubyte, "
                    + "letters-train-labels-idx1-ubyte")
            for number in 0..<20 { try Data().write(to: URL(filePath: "\(directory)/\(number)")) }
            #expect(message { _ = try ImageDataSet(directory: directory) }.hasSuffix(" and 14 more"))
        }
        // A directory of a file's name, as one of Kaggle's has, is none of the files.
        try withTemporaryDirectory { directory in
            try writeSet(to: directory) { $0.replacing("-idx", with: ".idx") }
            try FileManager.default.createDirectory(
                atPath: directory + "/train-images-idx3-ubyte", withIntermediateDirectories: false)
            #expect(try ImageDataSet(directory: directory).training.count == 3)
            try FileManager.default.removeItem(atPath: directory + "/train-images.idx3-ubyte")
            #expect(message { _ = try ImageDataSet(directory: directory) }.contains(", train-images-idx3-ubyte/, "))
        }
    }

    @Test(arguments: [
        (training: [1, 2, 3], test: [3], first: 1), (training: [1, 2, 3], test: [0], first: 0),
        (training: [0, 1, 2], test: [1], first: 0), (training: [1, 3], test: [1], first: 0),
        (training: [1, 1], test: [1], first: 0), (training: [2, 3], test: [2], first: 0),
    ])
    func labelsMayBeginAtOne(training: [UInt8], test: [UInt8], first: Int) throws {
        try withTemporaryDirectory { directory in
            try writeSet(to: directory, training: training, test: test)
            let data = try ImageDataSet(directory: directory)
            #expect(data.firstLabel == first && data.training.labels == training)
            #expect(data.training.counted(from: first).labels == training.map { $0 - UInt8(first) })
            #expect(data.training.counted(from: first).classCount == Int(training.max()!) + 1 - first)
        }
    }
}
