import Foundation
import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentData
@testable import RecurrentTasks

@Suite struct InitialTextWeightsTests {
    private static func words(_ count: Int) throws -> TextVocabulary {
        .words(try WordVocabulary(of: [(0..<count - 1).map { "w\($0)" }.joined(separator: " ")]))
    }

    private static func configuration(_ level: TokenLevel) -> TextConfiguration {
        var configuration = TextConfiguration()
        (configuration.level, configuration.hiddenSize, configuration.layers) = (level, 48, 2)
        return configuration
    }

    private static func largest(_ name: String, of model: Model<TextNetwork>) throws -> Float {
        try #require(model.parameters[name]).values.map(abs).max() ?? 0
    }

    /// Before it has learned anything, a model of many words expects them by Zipf's law.
    @Test func frequentWordsAreExpectedFirst() throws {
        let model = TextTask.makeModel(Self.configuration(.word), try Self.words(999))
        let bias = try #require(model.parameters["output.bias"]?.values)
        #expect(abs(bias.reduce(0) { $0 + exp($1) } - 1) < 1e-4)
        #expect(abs(exp(bias[0]) - 0.1003433) < 1e-5)
        #expect(zip(bias, bias.dropFirst()).allSatisfy { $0 > $1 })
        #expect(abs(try Self.largest("output.weight", of: model) - 0.25) < 0.001)
        let vectors = try #require(model.parameters["embedding.table"]).values
        let variance = vectors.reduce(0) { $0 + $1 * $1 } / Float(vectors.count)
        #expect(abs(variance - 0.09) < 0.003)
    }

    /// A model of many characters expects each as often as it stood in the training text.
    @Test func charactersAreExpectedAsOftenAsTheyStood() throws {
        var text = String.UnicodeScalarView()
        for value in UInt32(0x4E00)..<0x4E00 + 299 { text.append(try #require(Unicode.Scalar(value))) }
        let vocabulary = TextVocabulary.characters(
            try CharacterVocabulary(of: String(text) + String(repeating: "\u{4E03}", count: 301)))
        var configuration = Self.configuration(.character)
        let model = TextTask.makeModel(configuration, vocabulary)
        let bias = try #require(model.parameters["output.bias"]?.values)
        #expect(abs(exp(bias[3]) - 303 / 899) < 1e-5 && abs(exp(bias[4]) - 2 / 899) < 1e-6)
        #expect(abs(try Self.largest("cell.0.inputWeight", of: model) - 0.1) < 0.001)
        #expect(try Self.largest("cell.1.inputWeight", of: model) > 0.15)
        configuration.initializer = "uniform:0.3"
        configuration.outputInitializer = "zeros"
        let own = TextTask.makeModel(configuration, vocabulary)
        #expect(abs(try Self.largest("cell.0.inputWeight", of: own) - 0.3) < 0.001)
        #expect(try Self.largest("output.weight", of: own) == 0)
    }

    /// Few tokens begin as they always did.
    @Test func fewTokensBeginAsTheLayersHaveThem() throws {
        for (level, vocabulary) in [(TokenLevel.byte, TextVocabulary.bytes), (.word, try Self.words(256))] {
            let model = TextTask.makeModel(Self.configuration(level), vocabulary)
            #expect(try Self.largest("output.bias", of: model) == 0)
            let glorot = Float((6.0 / Double(48 + 256)).squareRoot())
            #expect(abs(try Self.largest("output.weight", of: model) - glorot) < 0.001)
        }
    }

    @Test(arguments: [
        ("uniform:0", "above 0"), ("normal:x", "\"x\""), ("glorot-uniform:1", "only uniform"), ("nan:", "only uniform"),
    ])
    func scalesAreChecked(name: String, expected: String) {
        var configuration = Self.configuration(.word)
        configuration.embeddingInitializer = name
        #expect(message { try configuration.validate() }.contains(expected))
    }
}
