import Recurrent
import RecurrentData
import RecurrentPictures
import RecurrentTasks

extension DataInspection {
    /// Pieces of music: how many, how long, and over which pitches.
    init(tunes path: String) throws {
        let file = try TuneFile(path: path)
        let pieces = file.all
        let lengths = pieces.map(\.steps.count)
        let pitches = pieces.lazy.flatMap(\.steps).joined()
        let (lowest, highest) = (pitches.min() ?? 0, pitches.max() ?? 0)
        var configuration = MelodyConfiguration()
        configuration.data = path
        let parts =
            file.heldBack.map { " (\($0.validation.count) for validation, \($0.test.count) for the test)" } ?? ""
        self.init(
            lines: [
                "\(Console.counted(pieces.count, "piece"))\(parts) of \(Self.range(of: lengths, "time step")), from \(Tune.name(ofPitch: lowest)) to \(Tune.name(ofPitch: highest))"
            ],
            fields: [
                "pieces": pieces.count, "shortest": lengths.min() ?? 0, "longest": lengths.max() ?? 0,
                "lowestPitch": lowest, "highestPitch": highest,
            ],
            outlooks: [TrainingOutlook(of: MelodyTask.self, configuration)],
            drawing: Self.roll(pieces[0]))
    }

    /// The beginning of a piece, a row for each pitch from its highest down.
    private static func roll(_ piece: Tune) -> HeatMap {
        let steps = piece.steps.prefix(64)
        let sounding = steps.joined()
        let pitches = Array(((sounding.min() ?? 60)...(sounding.max() ?? 60)).reversed())
        return HeatMap(
            title: "The beginning of the first piece", rowAxis: "pitch", columnAxis: "time step",
            rowLabels: pitches.map(Tune.name(ofPitch:)), columnLabels: steps.indices.map(String.init),
            values: pitches.map { pitch in steps.map { $0.contains(pitch) ? 1 : 0 } }, valueName: "sounds", range: 0...1
        )
    }
}
