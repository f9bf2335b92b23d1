import Foundation
import Testing

@testable import Recurrent

@Suite struct LevelChoiceTests {
    @Test func theChosenLevelComputes() async {
        await #expect(processExitsWith: .success) {
            try RecurrentKernels.use(level: "portable")
            #expect(RecurrentKernels.level == "portable")
            try RecurrentKernels.use(level: "portable")
        }
    }

    @Test func unknownLevelsAreRefused() async {
        await #expect(processExitsWith: .success) {
            let error = #expect(throws: RecurrentError.self) { try RecurrentKernels.use(level: "mmx") }
            #expect(error?.description.contains("expected portable") == true)
        }
    }

    @Test func whatHasComputedKeepsItsLevel() async {
        await #expect(processExitsWith: .success) {
            setenv("RECURRENT_CPU_LEVEL", "portable", 1)
            #expect(RecurrentKernels.level == "portable")
            let other = RecurrentKernels.levels.last { $0 != "portable" } ?? "none"
            #expect(throws: RecurrentError.self) { try RecurrentKernels.use(level: other) }
            #expect(RecurrentKernels.level == "portable")
        }
    }
}
