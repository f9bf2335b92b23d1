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
        let encoder = stack.trainingBytes(
            inputSize: embeddingSize ?? sourceVocabulary, outputSize: 0, rows: sourceRows, outputRows: 0)
        let decoder = stack.trainingBytes(
            inputSize: (embeddingSize ?? targetVocabulary) + (feedsContext ? memorySize : 0),
            outputSize: targetVocabulary, rows: targetRows, outputRows: targetRows)
        let tables = 16 * Double(embeddingSize ?? 0) * Double(sourceVocabulary + targetVocabulary)
        return (isBidirectional ? 2 : 1) * encoder + decoder + tables
    }

    /// The layers of the encoder, and those of the decoder.
    var stack: RecurrentStack {
        RecurrentStack(cell, hiddenSize: hiddenSize, layers: layers, dropout: dropout)
    }
}
