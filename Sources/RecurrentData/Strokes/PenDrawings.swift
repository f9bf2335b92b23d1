import Foundation
import Recurrent

/// Drawings from files, in the parts that the files have.
public struct PenDrawings: Equatable, Sendable {
    /// The drawings for training: all of them, where the files have no parts.
    public var training: [PenDrawing]
    /// The drawings that the files keep for validation.
    public var validation: [PenDrawing]
    /// The drawings that the files keep for a test.
    public var test: [PenDrawing]

    /// Puts parts together.
    public init(training: [PenDrawing], validation: [PenDrawing] = [], test: [PenDrawing] = []) {
        self.training = training
        self.validation = validation
        self.test = test
    }

    /// The largest file that is read, in bytes, and inflated where it is gzipped.
    package static let largestSize = 1 << 30

    /// Reads a file, or all the files of a directory, which must be of one kind:
    ///
    /// - `.npz` and `.npy`: arrays of offsets;
    /// - `.ndjson`: QuickDraw's drawings, simplified or raw;
    /// - `.jhf`: Hershey's letters, each a drawing with its character as text;
    /// - `.xml`: lines of the IAM On-Line Handwriting Database, and a directory with its `lineStrokes` and `ascii`.
    ///
    /// All may be gzipped. Hidden files are passed over.
    ///
    /// - Throws: `RecurrentError` naming the file and place of what is wrong, or where there is no drawing.
    public init(path: String) throws {
        if FileContents.isDirectory(path) {
            try self.init(directory: path)
        } else {
            let kind = try Kind(path)
            try self.init(files: [path], kind: kind, name: path)
        }
        guard !training.isEmpty else {
            throw RecurrentError("\(path): there are no drawings to train on; expected at least one with a point")
        }
    }

    private init(directory: String) throws {
        if let lines = try HandwrittenLines(directory: directory) {
            self.init(training: try lines.drawings())
            return
        }
        let files = try FileContents.names(in: directory).map { directory + "/" + $0 }
        let known = try files.filter { (try? Kind($0)) != nil }.map { (path: $0, kind: try Kind($0)) }
        guard let first = known.first else {
            throw RecurrentError(
                "\(directory): there are no drawings; looked for \(Kind.endings) and the directory lineStrokes")
        }
        if let other = known.first(where: { $0.kind != first.kind }) {
            throw RecurrentError(
                "\(directory): \(first.path) and \(other.path) are files of different kinds; expected one kind")
        }
        try self.init(files: known.map(\.path), kind: first.kind, name: directory)
    }

    private init(files: [String], kind: Kind, name: String) throws {
        self.init(training: [])
        for file in files {
            let read = try kind.read(file)
            training += read.training
            validation += read.validation
            test += read.test
        }
    }

    /// The parts with a share of the drawings for training moved to validation and test, where the files keep none for
    /// these.
    public func divided(by division: Division) -> PenDrawings {
        let parts = division.parts(
            of: training, validation: validation.isEmpty ? nil : validation, test: test.isEmpty ? nil : test
        ) { own in own.places(count: training.count).map { places in places.map { training[$0] } } }
        return PenDrawings(training: parts.training, validation: parts.validation, test: parts.test)
    }

    /// The same with other drawings in place of each, such as its pieces; those without steps are left out.
    public func flatMap(_ transform: (PenDrawing) -> [PenDrawing]) -> PenDrawings {
        func mapped(_ part: [PenDrawing]) -> [PenDrawing] { part.flatMap(transform).filter { !$0.steps.isEmpty } }
        return PenDrawings(training: mapped(training), validation: mapped(validation), test: mapped(test))
    }

    /// What identifies the drawings.
    public var fingerprint: String {
        var fingerprint = Fingerprint()
        for part in [training, validation, test] {
            fingerprint.update([0xFF])
            for drawing in part {
                fingerprint.update(text: drawing.text ?? "")
                fingerprint.update([0])
                fingerprint.update(
                    numbers: drawing.steps.flatMap { [$0.dx.bitPattern, $0.dy.bitPattern, $0.endsStroke ? 1 : 0] })
            }
        }
        return fingerprint.text
    }
}

extension PenDrawings {
    /// A kind of file, known by the ending of its name.
    enum Kind: String, CaseIterable {
        case npz, npy, ndjson, jhf, xml

        static var endings: String { allCases.map { ".\($0.rawValue)" }.joined(separator: ", ") }

        init(_ path: String) throws {
            let name = path.lowercased()
            let stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
            guard let kind = Self.allCases.first(where: { stem.hasSuffix(".\($0.rawValue)") }) else {
                throw RecurrentError("\(path): the kind of drawings is not known; expected one of \(Self.endings)")
            }
            self = kind
        }

        func read(_ path: String) throws -> PenDrawings {
            let bytes = try FileContents.readInflated(path, limit: PenDrawings.largestSize)
            switch self {
            case .npz: return try PenDrawings(npz: bytes, name: path)
            case .npy: return PenDrawings(training: [try PenDrawing(offsets: NPYArray(bytes: bytes, name: path))])
            case .ndjson: return PenDrawings(training: try quickDraw(bytes, name: path))
            case .jhf: return PenDrawings(training: try StrokeFont(hershey: bytes, name: path).drawings)
            case .xml: return PenDrawings(training: [try HandwrittenLine(bytes, name: path).drawing(text: nil)])
            }
        }
    }
}
