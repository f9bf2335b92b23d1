import ArgumentParser
import Foundation
import Recurrent
import RecurrentData
import RecurrentTasks
import RecurrentTraining

/// `rnn train translate`.
struct TrainTranslateCommand: TrainTaskCommand {
    typealias Task = TranslateTask

    static let configuration = CommandConfiguration(
        commandName: "translate", abstract: "Trains a model that translates sentences.",
        discussion: """
            --data is a file of lines with a sentence, a tab, and its translation; what follows another tab does not \
            matter. Sentences are read in small letters, words and punctuation apart. They are divided by distinct \
            source sentence, so that none that the result is evaluated on is trained on. The epoch with the lowest loss on \
            the validation part is kept; the BLEU of its translations of the test part is printed at the end.

            \(LayerOptions.defaults(TranslateConfiguration())) --embedding-size 128, --attention general, \(TranslateTask.usualEpochs) epochs.
            """)

    @Option(help: "A file of pairs of sentences.")
    var data: String

    @OptionGroup var encoding: EncodingOption

    @Option(parsing: .unconditional, help: "The column of the sentences that are translated, from 1 (default: 1).")
    var sourceColumn: Int?

    @Option(parsing: .unconditional, help: "The column of their translations (default: 2).")
    var targetColumn: Int?

    @OptionGroup var network: EncoderDecoderOptions

    @Flag(
        inversion: .prefixedNo,
        help: "Batches are of pairs of like lengths, so that little is padding (default: yes).")
    var buckets: Bool?

    @Option(
        name: .customLong("sampled-softmax"), parsing: .unconditional,
        help: "Tokens that a training step draws to stand for all others (default: it computes all).")
    var samples: Int?

    @Option(
        parsing: .unconditional,
        help: "Words of a sentence, punctuation marks too; longer ones are left out (default: 10).")
    var maxTokens: Int?

    @Option(parsing: .unconditional, help: "Tokens of either vocabulary; rarer words are <unk> (default: 8000).")
    var vocabularyLimit: Int?

    @Option(
        name: [.customLong("min-count"), .customLong("minimum-count")], parsing: .unconditional,
        help: "How often a word must occur to be in a vocabulary (default: 1).")
    var minimumCount: Int?

    @OptionGroup var division: DivisionOptions
    @OptionGroup var training: TrainingOptions

    func configuration(from initial: TranslateConfiguration?) -> TranslateConfiguration {
        var configuration = TranslateConfiguration()
        configuration.data = RunOptions.absolutePath(data)
        configuration.encoding = encoding.encoding
        configuration.set(\.sourceColumn, sourceColumn ?? initial?.sourceColumn)
        configuration.set(\.targetColumn, targetColumn ?? initial?.targetColumn)
        network.apply(to: &configuration, from: initial)
        configuration.set(\.usesBuckets, buckets)
        configuration.samples = samples
        configuration.set(\.maximumTokens, maxTokens ?? initial?.maximumTokens)
        configuration.set(\.vocabularyLimit, vocabularyLimit)
        configuration.set(\.minimumCount, minimumCount)
        division.apply(to: &configuration)
        return configuration
    }
}

extension TranslateTask: PredictingTask {
    static let unit = "pairs"
    static let lossUnit = "nats a token"
    static let usualEpochs = 8
    static let canSearch = true

    static func title(_ configuration: TranslateConfiguration, _ preparation: TranslatePreparation) -> String {
        let network = configuration.network
        let ways =
            network.isBidirectional ? ", source read both ways" : network.reversesSource ? ", source reversed" : ""
        return "Translator: \(network.layers) x \(network.hiddenSize) \(network.cell.rawValue), "
            + (network.attention.map { "\($0.rawValue) attention" } ?? "no attention") + ways
            + ", \(Console.grouped(preparation.source.size)) to \(Console.grouped(preparation.target.size)) tokens"
    }

    static func use(of run: TaskRun<Self>) -> String { "rnn predict \(run.directory.path) \"a sentence\"" }

    var remarks: [String] {
        let (source, target) = paddingShares
        let remarks = [
            String(
                format: "Padding: %.1f%% of the encoder's steps, %.1f%% of the decoder's", 100 * source, 100 * target)
                + (configuration.usesBuckets ? "" : " (--buckets lessens it)")
        ]
        return remarks + Self.remarks(leftOut: leftOut, configuration)
    }

    private static func remarks(
        leftOut: (empty: Int, long: Int), _ configuration: TranslateConfiguration
    ) -> [String] {
        guard leftOut.empty + leftOut.long > 0 else { return [] }
        return [
            "Left out: \(Console.grouped(leftOut.long)) pairs of more than \(configuration.maximumTokens) words, "
                + "\(Console.grouped(leftOut.empty)) with an empty sentence"
        ]
    }

    // Sentences that show how the model does while it trains.
    private static let shownSentences = 3

    static func sample(
        _ trainer: Trainer<Self>, _ run: TaskRun<Self>, length: Int, until shouldStop: () -> Bool
    ) throws -> String? {
        let sentences = trainer.task.samples
        guard !sentences.isEmpty else { return nil }
        // Others after every evaluation.
        let shown = (0..<min(shownSentences, sentences.count)).map { place in
            sentences[(trainer.epoch * shownSentences + place) % sentences.count]
        }
        let translations = try trainer.model.evaluate { try trainer.task.translations(of: shown, by: $0) }
        return zip(shown, translations)
            .map { "\($0.source)  >  \($1.text)   (\($0.translations[0]))" }
            .joined(separator: "\n")
    }

    static func report(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: ReportOptions) throws -> Report {
        let beam = try options.search?.search(maximumLength: run.configuration.maximumTokens)
        let (pairs, name) = try run.evaluated(of: options.dataPath)
        let found = try model.evaluate { try run.evaluation(of: $0, on: pairs, beam: beam) }
        let bleu = found.bleu
        let precisions = bleu.precisions.map { String(format: "%.1f", $0) }.joined(separator: "/")
        let how = beam.map { "a beam of \($0.width), length penalty \($0.lengthPenalty)" } ?? "greedy"
        let unknown = found.unknownShares
        return Report(
            lines: [
                String(format: "BLEU %.2f", bleu.score) + "  \(precisions)"
                    + String(format: "  brevity penalty %.3f", bleu.brevityPenalty) + "  (\(how))",
                String(format: "loss %.4f nats a token  perplexity %.2f", found.loss, exp(found.loss))
                    + "  (\(Console.grouped(pairs.sentences.count)) sentences with \(Console.grouped(pairs.count)) "
                    + "translations: \(name))",
                String(
                    format: "%.2f%% of the words are not in the vocabulary, and %.2f%% of the translations'",
                    100 * unknown.source, 100 * unknown.target),
            ] + remarks(leftOut: (pairs.emptyCount, pairs.longCount), run.configuration),
            fields: [
                "bleu": bleu.score, "precisions": bleu.precisions, "brevityPenalty": bleu.brevityPenalty,
                "loss": found.loss, "perplexity": exp(found.loss), "sentences": pairs.sentences.count,
                "pairs": pairs.count, "data": name, "search": how, "unknownSourceWords": unknown.source,
                "unknownTargetWords": unknown.target, "emptyPairs": pairs.emptyCount, "longPairs": pairs.longCount,
            ])
    }

    static func predict(_ run: TaskRun<Self>, _ model: Model<Network>, _ options: PredictionOptions) throws {
        let longest = run.configuration.maximumTokens
        let beam = try options.search.search(maximumLength: longest)
        var count = 0
        try options.showEach { sentence in
            count += 1
            let found = try model.evaluate { network in
                try network.translations(of: [sentence], run.preparation, maximumLength: longest, beam: beam)[0]
            }
            let drawn = options.attention ? found.attentionPicture : nil
            let picture = try drawn?.write(as: "attention-of-input-\(count)", into: run.directory.picturesPath)
            var notes: [String] = []
            if !found.unknownWords.isEmpty {
                notes.append("Read as <unk>: \(found.unknownWords.map(Console.shown).joined(separator: ", "))")
            }
            if options.attention {
                notes.append(picture.map { "Attention: \($0)" } ?? "This model has no attention to draw.")
            }
            var fields: [String: any Sendable] = [
                "source": found.source, "translation": found.text, "unknownWords": found.unknownWords,
                "logProbability": found.hypothesis.logProbability,
                "attention": found.hypothesis.attention.map { $0.map(Double.init) },
            ]
            if let picture { fields["picture"] = picture }
            return Report(lines: [found.text], fields: fields, notes: notes)
        }
    }
}
