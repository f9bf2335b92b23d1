import Testing

@testable import Recurrent

@Suite struct ConfusionMatrixPictureTests {
    @Test func isDrawnWithItsNames() {
        var matrix = ConfusionMatrix(classNames: ["a", "b", "c", "d"])
        for (actual, predicted) in [(1, 0), (1, 1), (1, 1), (1, 1), (2, 2)] {
            matrix.add(actual: actual, predicted: predicted)
        }
        let picture = matrix.picture(title: "Letters")
        #expect(picture.rowLabels == ["a", "b", "c", "d"] && picture.columnLabels == picture.rowLabels)
        #expect(picture.cellTexts[1] == ["1", "3", "0", "0"])
    }
}
