import TestSupport
import Testing

@testable import Recurrent

@Suite struct CorpusBLEUTests {
    /// What sacrebleu finds.
    struct Corpus: Decodable {
        let hypotheses: [String]
        let references: [[String]]
        let score, brevityPenalty: Double
        let precisions: [Double]
        let matches, totals: [Int]
        let hypothesisLength, referenceLength: Int
    }

    @Test func isSacrebleus() throws {
        let corpora = try Fixture.decode("bleu", as: [String: Corpus].self)
        #expect(corpora.count == 12)
        for (name, corpus) in corpora {
            var bleu = CorpusBLEU()
            for (hypothesis, references) in zip(corpus.hypotheses, corpus.references) {
                bleu.add(hypothesis, references: references)
            }
            #expect(bleu.matches == corpus.matches && bleu.totals == corpus.totals, "\(name)")
            #expect(bleu.hypothesisLength == corpus.hypothesisLength, "\(name)")
            #expect(bleu.referenceLength == corpus.referenceLength, "\(name)")
            #expect(abs(bleu.brevityPenalty - corpus.brevityPenalty) < 1e-12, "\(name)")
            #expect(zip(bleu.precisions, corpus.precisions).allSatisfy { abs($0 - $1) < 1e-9 }, "\(name)")
            #expect(abs(bleu.score - corpus.score) < 1e-9, "\(name): \(bleu.score), not \(corpus.score)")
        }
    }

    @Test func noSentencesScoreNothing() { #expect(CorpusBLEU().score == 0) }
}
