/// The command's words for what the library names by its properties: a message says `hiddenSize` in backquotes, the
/// command's user knows --rnn-size.
enum OptionNames {
    private static let options = [
        "airlinePassengers": "--passengers", "babi": "--babi", "digits": "--mnist", "stockPrices": "--data",
        "batchSize": "--batch-size", "checkpoint": "--checkpoint", "conditions": "--where",
        "cutoffs": "--adaptive-softmax", "data": "--data",
        "decimalMark": "--decimal-comma or --no-decimal-comma", "dateFormat": "--date-format", "dropout": "--dropout",
        "embeddingSize": "--embedding-size", "encoding": "--encoding", "features": "--features", "font": "--font",
        "forgetBias": "--forget-bias",
        "gradientNormBound": "--grad-clip", "gradientValueBound": "--grad-clip-value", "hiddenSize": "--rnn-size",
        "header": "--header", "horizon": "--horizon", "initialRun": "--init-from", "labelColumn": "--label-column",
        "layers": "--num-layers",
        "learningRate": "--learning-rate", "lengths": "--length", "level": "--level", "limit": "--limit",
        "lines": "--lines", "maximumTokens": "--max-tokens", "minimumCount": "--min-count",
        "missing": "--missing", "missingNumbers": "--missing-value", "missingWords": "--missing-value",
        "mixtures": "--mixtures",
        "names": "--names", "negatives": "--negatives", "nil": "0", "newestFirst": "--newest-first",
        "olderSpacing": "--older-spacing", "olderSteps": "--older-steps", "pointSpacing": "--point-spacing",
        "samples": "--sampled-softmax", "scaling": "--scaler", "seed": "--seed", "sequenceLength": "--seq-length",
        "skippedLines": "--skip-rows",
        "sourceColumn": "--source-column", "stepsPerCharacter": "--steps-per-character",
        "subsampling": "--subsampling", "targetColumn": "--target-column", "testData": "--test-data",
        "testFraction": "--test-fraction", "textColumn": "--text-column", "trainFraction": "--train-fraction",
        "tiesWeights": "--tie-weights", "validationData": "--val-data",
        "validationFraction": "--val-fraction", "vocabularyLimit": "--vocabulary-limit", "window": "--window",
        "windowComponents": "--window", "wordSeparator": "--tokens", "writesText": "--text",
    ]

    /// A message of the library in the command's words.
    static func worded(_ message: String) -> String {
        message.replacing(/`([A-Za-z]+)`/) { match in options[String(match.1)] ?? String(match.1) }
    }
}
