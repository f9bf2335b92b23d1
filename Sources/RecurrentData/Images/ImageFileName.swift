/// What the name of a file says that is one of the four of a set of pictures, as `emnist-letters-train-images-idx3-ubyte.gz`.
struct ImageFileName: Equatable {
    /// What is in the file: a part of the set, and of this the pictures or the labels.
    struct Content: Equatable {
        /// `train`, or `t10k` for the test.
        let part: String
        /// `images` or `labels`.
        let kind: String

        /// The files of a set.
        static let all = ["train", "t10k"].flatMap { part in
            ["images", "labels"].map { Content(part: part, kind: $0) }
        }

        /// The words for the part that names have, the usual one first.
        var parts: [String] { part == "train" ? ["train"] : ["t10k", "test"] }

        /// What a name ends with, but for `.gz`.
        var ending: String { kind == "images" ? "idx3-ubyte" : "idx1-ubyte" }
    }

    /// The name as it is written.
    let name: String
    /// The set, in small letters, as `emnist-letters`; empty where the name says none.
    let set: String
    /// What is in the file.
    let content: Content
    /// How far from the name that MNIST's file has: of two files of one content, the nearer is read.
    let distance: Int

    /// Takes a name apart; nil where it is no such name. Capital letters are as small ones.
    init?(_ name: String) {
        let stem = name.lowercased()
        let unzipped = stem.hasSuffix(".gz") ? String(stem.dropLast(3)) : stem
        for content in Content.all {
            for (word, part) in content.parts.enumerated() {
                for (mark, between) in ["-", "."].enumerated() {
                    let ending = "\(part)-\(content.kind)\(between)\(content.ending)"
                    guard unzipped.hasSuffix(ending) else { continue }
                    let before = unzipped.dropLast(ending.count)
                    guard before.last.map("-_.".contains) ?? true else { continue }
                    self.name = name
                    self.set = String(before.dropLast())
                    self.content = content
                    self.distance = 4 * word + 2 * mark + (unzipped == stem ? 0 : 1)
                    return
                }
            }
        }
        return nil
    }
}
