// The README's first examples: a classifier that learns, and TensorFlow's cell of two time steps.
//
// Run it in this directory: swift run

import Recurrent

/// An LSTM that reads a picture row by row, and a dense layer from its last state to the classes.
struct Classifier {
    let cell: LSTMCell
    let output: Dense

    init(_ binder: inout Binder) {
        cell = LSTMCell(inputSize: 28, hiddenSize: 150, &binder["cell"])
        output = Dense(inputSize: 150, outputSize: 10, &binder["output"])
    }

    func callAsFunction(_ images: Tensor) -> Tensor {  // [time, batch, 28] to [batch, 10]
        output(cell.unroll(images).state.h)
    }
}

// 64 pictures of noise, each with a class: the network can only learn them by heart.
var random = RandomSource(seed: 7)
let images = Tensor(random.uniform(count: 28 * 64 * 28), shape: [28, 64, 28])
let labels = IntegerTensor((0..<64).map { $0 % 10 })

var model = Model(seed: 1) { binder in Classifier(&binder) }
var optimizer = Adam(learningRate: 1e-3)
for number in 1...20 {
    let step = model.train(with: &optimizer, clipping: .globalNorm(5)) { network in
        sparseSoftmaxCrossEntropy(logits: network(images), labels: labels).mean()
    }
    if number == 1 || number % 5 == 0 { print("step \(number): loss \(step.loss)") }
}
let guesses = model.evaluate { network in network(images).argmax() }
let right = zip(guesses.values, labels.values).count { $0 == $1 }
print("\(right) of \(labels.count) pictures are known, 6 by chance", terminator: "\n\n")

// Two time steps of a batch of four, each with three features.
let x0 = Tensor([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 0, 1]])  // t = 0
let x1 = Tensor([[9, 8, 7], [0, 0, 0], [6, 5, 4], [3, 2, 1]])  // t = 1
let example = Model(seed: 42) { BasicRNNCell(inputSize: 3, hiddenSize: 5, &$0) }
example.evaluate { cell in
    let (outputs, state) = cell.unroll([x0, x1])  // static_rnn: a list of step inputs
    let unrolled = cell.unroll(Tensor.stacked([x0, x1]))  // dynamic_rnn: one tensor
    let ragged = cell.unroll(Tensor.stacked([x0, x1]), lengths: [2, 1, 2, 2])
    let reversed = cell.unroll(Tensor.stacked([x0, x1]), direction: .reversed)
    print("static", outputs[1], state, separator: "\n")
    print("dynamic", unrolled.outputs, separator: "\n")
    print("ragged", ragged.outputs, ragged.state, separator: "\n")
    print("reversed", reversed.outputs, separator: "\n")
}
