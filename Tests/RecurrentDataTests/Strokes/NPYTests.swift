import TestSupport
import Testing

@testable import RecurrentData

@Suite struct NPYTests {
    @Test func arraysAreWhatNumPyWrote() throws {
        for array in try NumpyFiles.read().arrays {
            let read = try NPYArray(bytes: Array(array.file), name: "x.npy")
            #expect(read.shape == array.shape)
            #expect(read.values.count == array.values.count)
            for (value, expected) in zip(read.values, array.values) { #expect(abs(value - expected) < 1e-7) }
        }
    }

    @Test func objectsAreRefused() throws {
        let objects = Array(try NumpyFiles.read().objects)
        #expect(
            message { _ = try NPYArray(bytes: objects, name: "x.npy") }.contains(
                "x.npy: the elements are Python objects"))
    }

    /// Every element takes eight bytes, even if it takes one in the file.
    @Test func tooManyElementsAreRefused() throws {
        let file = numpyFile([1, 2, 3, 4, 5, 6], shape: [2, 3])
        #expect(try NPYArray(bytes: file, mostElements: 6, name: "x.npy").values == [1, 2, 3, 4, 5, 6])
        #expect(
            message { _ = try NPYArray(bytes: file, mostElements: 5, name: "x.npy") }
                == "x.npy: the array has 6 elements; expected at most 5, the most that are read")
        let header = Array("{'descr': '|u1', 'fortran_order': False, 'shape': (134217729,)}".utf8)
        let bytes =
            [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header
            + [UInt8](repeating: 0, count: 134_217_729)
        #expect(message { _ = try NPYArray(bytes: bytes, name: "x.npy") }.contains("expected at most 134217728"))
    }

    @Test func damagedFilesAreRefusedOrWhole() throws {
        let files = try NumpyFiles.read()
        for array in [files.arrays[0], files.arrays[9]] {
            let refused = try readDamaged(Array(array.file), name: "x.npy") {
                _ = try NPYArray(bytes: $0, name: "x.npy")
            }
            // Every prefix is.
            #expect(refused >= array.file.count)
        }
    }

    @Test(arguments: [
        "", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': 1, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<c8', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (\(String(repeating: "1,", count: 40)))}",
    ])
    func headersThatAreNone(_ header: String) {
        let bytes =
            [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + [0, 0, 0, 0]
        #expect(message { _ = try NPYArray(bytes: bytes, name: "x.npy") }.hasPrefix("x.npy"))
    }
}
