import Foundation
import Recurrent

/// The paths of the four files of a set of pictures, found in a directory by their names.
struct ImageSetFiles {
    /// The pictures to train on, their labels, the pictures to test on, and their labels.
    let paths: [String]

    // As many names are listed where a file is missing.
    private static let listedCount = 10

    /// Finds the files of a set.
    ///
    /// - Parameter path: A directory, whose set without a name is taken, or else its only set; or a directory, a slash and
    ///   the name of one of its sets, as in `gzip/emnist-letters`.
    /// - Throws: `RecurrentError` where there is no such directory, a file is missing, or there are several sets.
    init(at path: String) throws {
        let (directory, set) = FileContents.isDirectory(path) ? (path, nil) : Self.named(path)
        guard FileContents.isDirectory(directory) else { throw Self.nothing(at: path) }
        let found = try FileContents.names(in: directory).map {
            $0 + (FileContents.isDirectory("\(directory)/\($0)") ? "/" : "")
        }
        let files = found.compactMap(ImageFileName.init)
        let sets = Set(files.map(\.set)).sorted()
        if let set, !sets.contains(set) {
            throw Self.nothing(at: path, sets.filter { $0 != "" }.map { "\(directory)/\($0)" })
        }
        guard set != nil || sets.count <= 1 || sets.first == "" else {
            throw RecurrentError(
                "\(directory): there are \(sets.count) sets of pictures: \(Self.listed(sets)); expected one, as in "
                    + "\(directory)/\(sets[0])")
        }
        let own = files.filter { $0.set == set ?? sets.first }
        paths = try ImageFileName.Content.all.map { content in
            let fitting = own.filter { $0.content == content }
            guard let file = fitting.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else {
                throw Self.missing(content, of: set ?? sets.first ?? "", in: directory, found: found)
            }
            return directory + "/" + file.name
        }
    }

    /// A path as that of a directory and the name of a set in it.
    private static func named(_ path: String) -> (directory: String, set: String?) {
        let url = URL(filePath: path)
        let directory = path.contains("/") ? url.deletingLastPathComponent().path : "."
        return (directory, url.lastPathComponent.lowercased())
    }

    private static func nothing(at path: String, _ sets: [String] = []) -> RecurrentError {
        RecurrentError(
            "\(path): there is no such directory; expected one with train-images-idx3-ubyte and so on"
                + (sets.isEmpty ? "" : ", or a set: " + listed(sets)))
    }

    private static func missing(
        _ content: ImageFileName.Content, of set: String, in directory: String, found: [String]
    ) -> RecurrentError {
        let prefix = set.isEmpty ? "" : set + "-"
        let names = content.parts.flatMap { part in
            ["-", "."].map { "\(prefix)\(part)-\(content.kind)\($0)\(content.ending)" }
        }
        return RecurrentError(
            "\(directory): there is no file of \(prefix)\(content.part)-\(content.kind); looked for "
                + names.joined(separator: ", ") + (set.isEmpty ? ", also after the name of a set," : "")
                + " with or without .gz; found " + (found.isEmpty ? "nothing" : listed(found)))
    }

    private static func listed(_ names: [String]) -> String {
        names.prefix(listedCount).map { String($0.prefix(80)) }.joined(separator: ", ")
            + (names.count > listedCount ? " and \(names.count - listedCount) more" : "")
    }
}
