import Recurrent
import RecurrentTraining

/// Recurrent layers over a story and over a question, and a dense layer to the answers and all other words.
///
/// The notes' models, after Keras's `babi_rnn.py`. In the first, the story and the question are read apart, and the
/// output sees the last state of both. In the second, the last state of the question is added to the vector of every
/// word of the story, and the output sees the last state of the story read so. Words have vectors of their own in stories
/// and in questions.
public struct AnswerNetwork: StoredNetwork, Sendable {
    private let use: AnswerConfiguration.QuestionUse
    private let storyWords, questionWords: Embedding
    private let storyLayers, questionLayers: RecurrentStack.Cells
    private let output: Dense
    private let storyDropout, questionDropout, outputDropout: Dropout

    /// Makes the network of a configuration, with parameters `storyWords.table`, `questionWords.table`,
    /// `story.0.inputWeight` and so on, `question...` and `output`.
    public init(_ configuration: AnswerConfiguration, _ preparation: AnswerPreparation, _ binder: inout Binder) {
        let (hidden, width) = (configuration.hiddenSize, configuration.embeddingSize)
        use = configuration.question
        func words(_ binder: inout Binder) -> Embedding {
            // With Keras's range, a tenth of this, a question hardly tells on the story for the first thirty epochs.
            Embedding(
                tokens: preparation.vocabulary.size, width: width, initializer: .uniform(from: -0.5, to: 0.5), &binder)
        }
        storyWords = words(&binder["storyWords"])
        questionWords = words(&binder["questionWords"])
        storyLayers = configuration.stack(hiddenSize: hidden).cells(inputSize: width, &binder["story"])
        questionLayers = configuration.stack(hiddenSize: configuration.questionSize)
            .cells(inputSize: width, &binder["question"])
        output = Dense(
            inputSize: use == .added ? hidden : 2 * hidden, outputSize: preparation.outputCount, &binder["output"])
        storyDropout = Dropout(probability: configuration.dropout, &binder)
        questionDropout = Dropout(probability: configuration.dropout, &binder)
        outputDropout = Dropout(probability: configuration.dropout, &binder)
    }

    /// The logits `[batch, outputs]` of questions about stories, those of the answers first. Padding is never read.
    package func callAsFunction(stories: PaddedBatch, questions: PaddedBatch) -> Tensor {
        let story = storyDropout(storyWords(stories.tokens))
        let question = last(questionLayers, questionDropout(questionWords(questions.tokens)), questions.lengths)
        switch use {
        case .concatenated:
            return output(outputDropout(.concatenated([last(storyLayers, story, stories.lengths), question], axis: 1)))
        case .added:
            return output(outputDropout(last(storyLayers, story + question, stories.lengths)))
        }
    }

    /// What layers give at every sequence's own last step: `[time, batch, features]` to `[batch, hidden]`.
    private func last(_ layers: RecurrentStack.Cells, _ inputs: Tensor, _ lengths: [Int]) -> Tensor {
        layers.unroll(inputs, lengths: lengths).outputs.lastSteps(lengths: lengths)
    }
}
