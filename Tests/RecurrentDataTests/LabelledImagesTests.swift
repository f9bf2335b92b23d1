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
                    + "train-images-idx3-ubyte.gz, train-images.idx3-ubyte, train-images.idx3-ubyte.gz")
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
}
