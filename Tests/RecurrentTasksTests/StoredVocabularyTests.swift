import Foundation
import TestSupport
import Testing

@testable import RecurrentData
@testable import RecurrentTraining

@Suite struct StoredVocabularyTests {
    @Test func roundTripsInARun() throws {
        try withTemporaryDirectory { directory in
            let run = try RunDirectory.create(at: directory + "/run")
            func load() throws -> TextVocabulary { try run.load(TextVocabulary.self, named: "vocabulary.json") }
            #expect(message { _ = try load() }.contains("vocabulary.json: there is no such file"))
            let vocabulary = TextVocabulary.characters(try CharacterVocabulary(of: "ab\n/é"))
            try run.save(vocabulary, named: "vocabulary.json")
            #expect(try load() == vocabulary)
            try Data(#"{"level":"syllable"}"#.utf8).write(to: URL(fileURLWithPath: run.path + "/vocabulary.json"))
            #expect(message { _ = try load() }.contains("vocabulary.json: level is \"syllable\""))
        }
    }
}
