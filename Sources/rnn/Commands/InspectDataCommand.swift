import ArgumentParser
import Foundation
import Recurrent
import RecurrentData

extension DataKind: ExpressibleByArgument {}

/// `rnn data inspect PATH`.
struct InspectDataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what a file or directory holds, and what training would make of it.",
        discussion: """
            A table, a text, sentences with translations, texts with classes, bAbI's stories, pictures, drawings by a pen \
            or pieces of music: which of them it is is found out, or said with --kind. What each rnn train would do with \
            it stands at the end. Options that say how a table is written are those of rnn train series.
            """)

    @Argument(help: "A file or directory.")
    var path: String

    @Option(help: "What it holds (default: found out).")
    var kind: DataKind?

    @OptionGroup var options: TableOptions

    @Option(help: "Draw it as an SVG picture into this file.")
    var picture: String?

    @Flag(help: "Print a JSON line only.")
    var json = false

    func run() throws {
        var format = TableFormat()
        options.apply(to: &format)
        guard FileContents.isDirectory(path) || !FileContents.isPipe(path) else {
            throw RecurrentError("\(path): it is a pipe, which can be read only once; expected a file or directory")
        }
        let kind = try kind ?? DataKind(of: path, encoding: format.encoding)
        var others = format
        if [.text, .pairs, .labelledTexts].contains(kind) { others.encoding = nil }
        guard kind == .table || others == TableFormat() else {
            throw RecurrentError(
                "\(path): it is read as \(kind.rawValue), where options of tables have no meaning; expected --kind table "
                    + "with them")
        }
        let inspection = try DataInspection(path, as: kind, format, options: options.words)
        if json {
            try Console.json(inspection.fields)
        } else {
            try Console.result("\(Console.harmless(path)): \(kind.rawValue)")
            for line in inspection.lines { try Console.result("  " + Console.harmless(line)) }
            for outlook in inspection.outlooks {
                try Console.result(Console.harmless(outlook.command))
                for line in outlook.lines { try Console.result("  " + Console.harmless(line)) }
            }
        }
        if let picture {
            try AtomicFile.write(Data(inspection.picture.svg().utf8), to: picture)
            Console.note("Picture: \(picture)")
        }
    }
}
