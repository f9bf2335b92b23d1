import Recurrent

/// One recurrent layer, and a dense layer from its last hidden state to the sum.
///
/// A ReLU network begins as Le, Jaitly and Hinton 2015 have it: its recurrent weight is the identity, so that it adds up
/// its inputs and passes gradients back unchanged. Its input weights have a standard deviation of 0.1. With the paper's
/// 0.001, and its millions of steps, learning has hardly begun after 5000.
public struct AddingNetwork: Sendable {
    /// The recurrent layer.
    package let cell: AnyCell
    /// From the last hidden state to the sum.
    package let output: Dense

    /// Makes the network of a configuration, with parameters `cell.inputWeight` and so on, `output.weight` and
    /// `output.bias`.
    package init(_ configuration: AddingConfiguration, _ binder: inout Binder) {
        let isIdentity = configuration.cell == .reluRNN
        cell = configuration.cell.make(
            inputSize: 2, hiddenSize: configuration.hiddenSize,
            inputInitializer: isIdentity ? .normal(standardDeviation: 0.1) : .glorotUniform,
            recurrentInitializer: isIdentity ? .identity() : .glorotUniform, &binder["cell"])
        output = Dense(inputSize: configuration.hiddenSize, outputSize: 1, &binder["output"])
    }

    /// The mean squared error of the sums that the network gives after each sequence's last step.
    package func squaredError(on sequences: AddingSequences) -> Tensor {
        squaredError(after: cell.unroll(sequences.inputs), sequences)
    }

    private func squaredError(after result: Unrolled<AnyCell.State>, _ sequences: AddingSequences) -> Tensor {
        meanSquaredError(output(result.state.hidden), sequences.sums)
    }

    /// The norms of the squared error's gradient at every time step.
    package func gradientNorms(on sequences: AddingSequences) -> GradientNorms {
        cell.gradientNorms(over: sequences.inputs) { squaredError(after: $0, sequences) }
    }
}
