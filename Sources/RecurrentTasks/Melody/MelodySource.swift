import Recurrent
import RecurrentData
import RecurrentTraining

/// Pieces of music for training, validation and test.
public struct MelodySource: TaskSource {
    /// What messages call the pieces: the path of their file, or "generated tunes".
    public let name: String
    /// The pieces, and those for validation and test where files divide them.
    package let data: SeparableData<[Tune]>

    /// Reads the files of a configuration, or makes tunes: the same for every seed.
    ///
    /// - Throws: `RecurrentError` naming the file and place of what cannot be used.
    package init(_ configuration: MelodyConfiguration) throws {
        func pieces(_ path: String?) throws -> [Tune]? { try path.map { try TuneFile(path: $0).all } }
        let whole: [Tune]
        var (validation, test): ([Tune]?, [Tune]?) = (nil, nil)
        if let path = configuration.data {
            let file = try TuneFile(path: path)
            (name, whole) = (path, file.pieces)
            (validation, test) = (file.heldBack?.validation, file.heldBack?.test)
        } else {
            var random = RandomSource(seed: 0, operation: .max)
            (name, whole) = (
                "generated tunes", GeneratedTunes.tunes(MelodyConfiguration.generatedCount, random: &random)
            )
        }
        data = SeparableData(
            whole, validation: try pieces(configuration.validationData) ?? validation,
            test: try pieces(configuration.testData) ?? test)
    }

    /// What the pieces are known again by: lists of pieces of time steps of pitches, written as JSON has them.
    public var fingerprint: String {
        var fingerprint = Fingerprint()
        func list<Element>(_ elements: [Element], _ write: (Element) -> Void) {
            fingerprint.update(text: "[")
            for (place, element) in elements.enumerated() {
                if place > 0 { fingerprint.update(text: ", ") }
                write(element)
            }
            fingerprint.update(text: "]")
        }
        let isWhole = data.validation == nil && data.test == nil
        list([data.whole] + (isWhole ? [] : [data.validation ?? [], data.test ?? []])) { part in
            list(part) { piece in list(piece.steps) { list($0) { fingerprint.update(text: String($0)) } } }
        }
        return fingerprint.text
    }

    /// The pieces as a configuration divides them.
    func parts(_ configuration: MelodyConfiguration) throws -> Parts<[Tune]> {
        try data.parts(configuration) { pieces, division in
            division.places(count: pieces.count).map { places in places.map { pieces[$0] } }
        }
    }
}

extension TaskRun<MelodyTask> {
    /// The pieces that the run kept for its test, or all of another file, and what they are called.
    ///
    /// - Throws: `RecurrentError` where they cannot be read.
    package func evaluationPieces(of path: String?) throws -> (pieces: [Tune], name: String) {
        let source = try source(dataPath: path)
        if let path { return (try TuneFile(path: path).all, source.name) }
        let (part, name) = try source.parts(configuration).evaluation
        return (part, "\(name) of \(source.name)")
    }
}
