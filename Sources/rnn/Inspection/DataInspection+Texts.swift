import Recurrent
import RecurrentData
import RecurrentTasks

extension DataInspection {
    /// A running text: lines, characters and words.
    init(text path: String, _ encoding: TextEncoding?, options: String) throws {
        let text = try TextFile(path: path, encoding: encoding).text()
        var lines = text.split(omittingEmptySubsequences: false) { ["\n", "\r\n", "\r"].contains($0) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        // A text of one character has no vocabulary.
        let characters = (try? CharacterVocabulary(of: text))?.size ?? 1
        var configuration = TextConfiguration()
        configuration.data = path
        configuration.encoding = encoding
        var words = configuration
        words.level = .word
        var skipGram = SkipGramConfiguration()
        skipGram.data = path
        skipGram.encoding = encoding
        self.init(
            lines: [
                "text of \(Console.counted(text.utf8.count, "byte")) in \(Console.counted(lines.count, "line")), of "
                    + Console.counted(characters, "different character"),
                "begins \(Self.excerpt(text))",
            ],
            fields: ["bytes": text.utf8.count, "lines": lines.count, "differentCharacters": characters],
            outlooks: [
                TrainingOutlook(of: TextTask.self, configuration, options: options),
                TrainingOutlook(of: TextTask.self, words, options: options + " --level word"),
                TrainingOutlook(of: SkipGramTask.self, skipGram, options: options),
            ],
            drawing: Self.histogram(
                lines.map(\.unicodeScalars.count), title: "Lengths of the lines", of: "characters", counting: "lines"))
    }

    /// Sentences with their translations: how many, how long, and the first.
    init(pairs path: String, _ encoding: TextEncoding?, options: String) throws {
        let pairs = try SentencePairs(path: path, encoding: encoding)
        let lengths = [pairs.pairs.map(\.source), pairs.pairs.map(\.target)].map { side in
            side.map { $0.split(separator: " ").count }
        }
        var configuration = TranslateConfiguration()
        configuration.data = path
        configuration.encoding = encoding
        self.init(
            lines: [
                "\(Console.counted(pairs.count, "pair")) of sentences with "
                    + "\(Console.counted(pairs.sentences.count, "different source")), of at most \(lengths[0].max() ?? 0) and \(lengths[1].max() ?? 0) words"
            ]
                + pairs.pairs.prefix(Self.shownItems).map { pair in
                    "\(Self.excerpt(pair.source))  >  \(Self.excerpt(pair.target))"
                },
            fields: [
                "pairs": pairs.count, "sources": pairs.sentences.count, "emptyPairs": pairs.emptyCount,
                "longest": lengths.map { $0.max() ?? 0 },
            ],
            outlooks: [TrainingOutlook(of: TranslateTask.self, configuration, options: options)],
            drawing: Self.histogram(lengths[0], title: "Lengths of the sentences", of: "words", counting: "sentences"))
    }

    /// Texts with classes: how many of each.
    init(labelledTexts path: String, _ encoding: TextEncoding?, options: String) throws {
        let texts = try LabelledTexts(path: path, encoding: encoding)
        var counts = [Int](repeating: 0, count: texts.labelNames.count)
        for label in texts.labels { counts[label] += 1 }
        let classes = zip(texts.labelNames, counts).map { (name: $0, count: $1) }
        var configuration = ClassifyConfiguration()
        configuration.data = path
        configuration.encoding = encoding
        self.init(
            lines: ["\(Console.counted(texts.count, "text")) of \(classes.count) classes"] + Self.bars(classes)
                + zip(texts.labels, texts.texts).prefix(Self.shownItems).map { label, text in
                    "\(Console.shown(texts.labelNames[label])): \(Self.excerpt(text))"
                },
            fields: [
                "texts": texts.count, "skippedTexts": texts.skippedCount,
                "classes": classes.map { ["name": $0.name, "texts": $0.count] as [String: any Sendable] },
            ],
            outlooks: [TrainingOutlook(of: ClassifyTask.self, configuration, options: options)],
            drawing: Self.histogram(
                texts.texts.map(\.unicodeScalars.count), title: "Lengths of the texts", of: "characters",
                counting: "texts"))
    }

    /// Stories with questions: how many, and the first one.
    init(stories path: String) throws {
        let file = try BabiFile(path: path)
        var answers: [String: Int] = [:]
        for case .question(let question) in file.stories.flatMap(\.lines) { answers[question.answer, default: 0] += 1 }
        var configuration = AnswerConfiguration()
        configuration.data = path
        configuration.testData = AnswerConfiguration.testData(beside: path)
        let first = file.stories.first?.text.split(separator: "\n").prefix(Self.shownItems) ?? []
        self.init(
            lines: [
                "\(Console.counted(file.questionCount, "question")) in \(Console.grouped(file.stories.count)) "
                    + "\(file.stories.count == 1 ? "story" : "stories"), \(answers.count.counted("different answer"))"
            ] + Self.bars(answers.map { (name: $0, count: $1) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) })
                + first.map { Console.shown(String($0)) },
            fields: ["stories": file.stories.count, "questions": file.questionCount, "answers": answers],
            outlooks: [TrainingOutlook(of: AnswerTask.self, configuration)],
            drawing: Self.histogram(
                file.stories.map(\.lines.count), title: "Lengths of the stories", of: "lines", counting: "stories"))
    }
}
