import Recurrent
import RecurrentTraining

extension EncoderDecoderConfiguration {
    /// Bytes that training needs, roughly.
    /// - Parameters:
    ///   - sourceVocabulary: The number of the sources' tokens.
    ///   - targetVocabulary: The number of the targets' tokens.
    ///   - sourceRows: Time steps times sequences of a batch of sources.
    ///   - targetRows: The same of targets.
    func trainingBytes(
        sourceVocabulary: Int, targetVocabulary: Int, sourceRows: Int, targetRows: Int
    ) -> Double {
        let encoder = cell.trainingBytes(
            inputSize: embeddingSize ?? sourceVocabulary, hiddenSize: hiddenSize, layers: layers, outputSize: 0,
            rows: sourceRows, outputRows: 0)
        let decoder = cell.trainingBytes(
            inputSize: (embeddingSize ?? targetVocabulary) + (feedsContext ? memorySize : 0), hiddenSize: hiddenSize,
            layers: layers, outputSize: targetVocabulary, rows: targetRows, outputRows: targetRows)
        let tables = 16 * Double(embeddingSize ?? 0) * Double(sourceVocabulary + targetVocabulary)
        return (isBidirectional ? 2 : 1) * encoder + decoder + tables
    }
}
