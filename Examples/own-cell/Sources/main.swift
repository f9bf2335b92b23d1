// A cell of one's own, written as its formula, stacked below an LSTM and trained.
//
// The problem: a sequence of random signs; after each, is the one two steps before the same? The network is told
// nothing of the distance, and must keep the signs in its state.
//
// Run it in this directory: swift run

import Recurrent

/// output = relu(x A + h B), h' = tanh(x C + h D).
struct NotesCell: RecurrentCell {
    let a, b, c, d: Tensor

    init(inputSize: Int, hiddenSize: Int, outputSize: Int, _ binder: inout Binder) {
        a = binder.weight("a", [inputSize, outputSize])
        b = binder.weight("b", [hiddenSize, outputSize])
        c = binder.weight("c", [inputSize, hiddenSize])
        d = binder.weight("d", [hiddenSize, hiddenSize])
    }

    func zeroState(batch: Int) -> Tensor { .zeros([batch, d.shape[0]]) }

    func step(_ x: Tensor, state h: Tensor) -> (output: Tensor, state: Tensor) {
        (relu(x.matmul(a) + h.matmul(b)), tanh(x.matmul(c) + h.matmul(d)))
    }
}

/// The cell, an LSTM above it, and the logit of "the same" after every step.
struct Comparer {
    let layers: Stack<NotesCell, LSTMCell>
    let output: Dense

    init(_ binder: inout Binder) {
        layers = Stack(
            NotesCell(inputSize: 1, hiddenSize: 16, outputSize: 16, &binder["lower"]),
            LSTMCell(inputSize: 16, hiddenSize: 16, &binder["upper"]))
        output = Dense(inputSize: 16, outputSize: 1, &binder["output"])
    }

    func callAsFunction(_ signs: Tensor) -> Tensor { output(layers.unroll(signs).outputs) }  // [time, batch, 1]
}

/// Random signs, and 1 where the one two steps before is the same, 0 elsewhere: both `[time, batch, 1]`.
func makeSequences(time: Int, batch: Int, _ random: inout RandomSource) -> (signs: Tensor, same: Tensor) {
    let signs = random.bernoulli(count: time * batch, probability: 0.5).map { Float($0 ? 1 : -1) }
    let same = signs.indices.map { place -> Float in
        place >= 2 * batch && signs[place] == signs[place - 2 * batch] ? 1 : 0
    }
    return (Tensor(signs, shape: [time, batch, 1]), Tensor(same, shape: [time, batch, 1]))
}

var random = RandomSource(seed: 7)
var model = Model(seed: 1) { binder in Comparer(&binder) }
var optimizer = Adam(learningRate: 0.01)
for number in 1...100 {
    let (signs, same) = makeSequences(time: 12, batch: 32, &random)
    let step = model.train(with: &optimizer, clipping: .globalNorm(1)) { network in
        sigmoidCrossEntropy(logits: network(signs), targets: same).mean()
    }
    if number == 1 || number % 20 == 0 { print("step \(number): loss \(step.loss)") }
}

// Sequences that the network has not seen, and longer ones.
for time in [12, 30] {
    let (signs, same) = makeSequences(time: time, batch: 100, &random)
    let logits = model.evaluate { network in network(signs) }
    let right = zip(logits.values, same.values).count { ($0 > 0) == ($1 == 1) }
    print("\(time) steps: \(100 * right / same.count)% right")
}
