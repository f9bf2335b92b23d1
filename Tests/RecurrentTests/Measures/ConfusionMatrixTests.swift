import Testing

@testable import Recurrent

@Suite struct ConfusionMatrixTests {
    /// Three classes and a fourth that never occurs. Expected values are scikit-learn's `classification_report` of the
    /// same pairs with `zero_division=0`.
    private static let matrix: ConfusionMatrix = {
        var matrix = ConfusionMatrix(classNames: ["a", "b", "c", "d"])
        for (actual, predicted) in [(0, 0), (0, 0), (0, 1), (1, 1), (1, 1), (1, 1), (1, 0), (2, 0)] {
            matrix.add(actual: actual, predicted: predicted)
        }
        return matrix
    }()

    @Test func countsEachPair() {
        #expect(Self.matrix.counts == [[2, 1, 0, 0], [1, 3, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]])
        #expect(Self.matrix.count == 8)
        #expect((0..<4).map { Self.matrix.support(of: $0) } == [3, 4, 1, 0])
        #expect((0..<4).map { Self.matrix.predictedCount(of: $0) } == [4, 4, 0, 0])
    }

    @Test func measuresEachClass() {
        let matrix = Self.matrix
        #expect(matrix.accuracy == 5.0 / 8)
        #expect((0..<4).map { matrix.precision(of: $0) } == [0.5, 0.75, 0, 0])
        #expect((0..<4).map { matrix.recall(of: $0) } == [2.0 / 3, 0.75, 0, 0])
        #expect((0..<4).map { matrix.f1(of: $0) } == [4.0 / 7, 0.75, 0, 0])
    }

    @Test func averagesOverTheClassesThatOccur() {
        let matrix = Self.matrix
        let (precision, recall) = (matrix.macroAverage(matrix.precision), matrix.macroAverage(matrix.recall))
        #expect(abs(precision - 1.25 / 3) < 1e-12)
        #expect(abs(recall - 17.0 / 36) < 1e-12)
    }

    @Test func takesTheLargestLogit() {
        var matrix = ConfusionMatrix(classNames: ["a", "b"])
        matrix.add(logits: Tensor([[1, 2], [3, -1], [0, 5]]), labels: IntegerTensor([1, 1, 0]))
        #expect(matrix.counts == [[0, 1], [1, 1]])
    }

    @Test func isZeroWithoutExamples() {
        let matrix = ConfusionMatrix(classNames: ["a", "b"])
        #expect(matrix.accuracy == 0)
        let average = matrix.macroAverage(matrix.f1)
        #expect(average == 0)
    }
}
