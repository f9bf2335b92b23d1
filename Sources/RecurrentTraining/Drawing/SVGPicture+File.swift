import Foundation
import Recurrent
import RecurrentPictures

extension SVGPicture {
    /// Writes the document as `name.svg` into a directory, which is made where there is none.
    ///
    /// - Returns: The path of the file.
    /// - Throws: `RecurrentError` where it cannot be written.
    public func write(as name: String, into directory: String) throws -> String {
        try RecurrentTraining.write(svg(), as: "\(name).svg", into: directory)
    }
}

extension NetworkGraph {
    /// Writes the graph in Graphviz' language as `name.dot` into a directory, which is made where there is none.
    ///
    /// - Returns: The path of the file.
    /// - Throws: `RecurrentError` where it cannot be written.
    public func writeDOT(as name: String, into directory: String) throws -> String {
        try RecurrentTraining.write(dot(), as: "\(name).dot", into: directory)
    }
}

private func write(_ text: String, as name: String, into directory: String) throws -> String {
    if mkdir(directory, 0o777) != 0 && errno != EEXIST {
        throw RecurrentError.system(errno, "cannot make the directory", path: directory)
    }
    let file = "\(directory)/\(name)"
    try AtomicFile.write(Data(text.utf8), to: file)
    return file
}
