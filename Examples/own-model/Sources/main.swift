// A model of one's own: trained, saved, read again, and a part of it used for another task (fine-tuning).
//
// The first task: which of two frequencies has a noisy wave? The second: is it the higher one, and does it grow? There
// are few examples of it, so the recurrent layer is taken from the first model and stays as it is for a while.
//
// Run it in this directory: swift run

import Foundation
import Recurrent

/// Reads `[time, batch, 1]`, and gives the logits of each sequence, `[batch, classes]`.
struct WaveClassifier {
    let cell: GRUCell
    let output: Dense

    init(classes: Int, _ binder: inout Binder) {
        cell = GRUCell(inputSize: 1, hiddenSize: 24, &binder["cell"])
        output = Dense(inputSize: 24, outputSize: classes, &binder["output"])
    }

    func callAsFunction(_ waves: Tensor) -> Tensor { output(cell.unroll(waves).state) }
}

/// Noisy waves `[time, batch, 1]` of random phases, and the class of each: 0 or 1 by its frequency, and 2 more where it
/// grows.
func makeWaves(batch: Int, growing: Bool, _ random: inout RandomSource) -> (waves: Tensor, labels: IntegerTensor) {
    let time = 40
    let classes = (0..<batch).map { $0 % (growing ? 4 : 2) }
    let phases = random.uniform(count: batch, from: 0, to: 2 * .pi)
    let noise = random.normal(count: time * batch)
    var values: [Float] = []
    for step in 0..<time {
        for (row, label) in classes.enumerated() {
            let frequency: Float = label % 2 == 0 ? 0.3 : 0.45
            let size = label < 2 ? 1 : 0.5 + Float(step) / Float(time)
            values.append(size * sin(frequency * Float(step) + phases[row]) + 0.1 * noise[step * batch + row])
        }
    }
    return (Tensor(values, shape: [time, batch, 1]), IntegerTensor(classes.map { Int32($0) }))
}

func accuracy(_ model: Model<WaveClassifier>, _ waves: Tensor, _ labels: IntegerTensor) -> Double {
    let guesses = model.evaluate { $0(waves).argmax() }
    return Double(zip(guesses.values, labels.values).count { $0 == $1 }) / Double(labels.values.count)
}

let directory = FileManager.default.temporaryDirectory.appendingPathComponent("own-model-\(UUID().uuidString)").path
try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: directory) }
let path = directory + "/waves.safetensors"
var random = RandomSource(seed: 3)

// Train, and save.
var model = Model(seed: 1) { WaveClassifier(classes: 2, &$0) }
var optimizer = Adam(learningRate: 0.01)
for _ in 1...150 {
    let (waves, labels) = makeWaves(batch: 32, growing: false, &random)
    model.train(with: &optimizer, clipping: .globalNorm(1)) { network in
        sparseSoftmaxCrossEntropy(logits: network(waves), labels: labels).mean()
    }
}
try model.save(to: path, metadata: ["classes": "low high"])

// Read it again, here or in another program: the same network with the same numbers.
let read = try Model(contentsOf: path) { WaveClassifier(classes: 2, &$0) }
let (waves, labels) = makeWaves(batch: 200, growing: false, &random)
precondition(read.evaluate { $0(waves).values } == model.evaluate { $0(waves).values })
print("two frequencies, read from the file: \(accuracy(read, waves, labels))")

// Take the recurrent layer over into another network, and train what is new alone; then train all of it, gently.
var tuned = Model(seed: 2) { WaveClassifier(classes: 4, &$0) }
let loaded = try tuned.load(from: path) { $0.hasPrefix("cell.") ? $0 : nil }
print("taken: \(loaded.taken), new: \(loaded.kept)")
let few = makeWaves(batch: 64, growing: true, &random)
func tune(_ tuned: inout Model<WaveClassifier>, steps: Int, learningRate: Float) {
    var optimizer = Adam(learningRate: learningRate)
    for _ in 1...steps {
        tuned.train(with: &optimizer, clipping: .globalNorm(1)) { network in
            sparseSoftmaxCrossEntropy(logits: network(few.waves), labels: few.labels).mean()
        }
    }
}
tuned.freeze { $0.hasPrefix("cell.") }
tune(&tuned, steps: 100, learningRate: 0.02)
tuned.freeze { _ in false }
tune(&tuned, steps: 300, learningRate: 0.003)
let unseen = makeWaves(batch: 400, growing: true, &random)
print("four kinds, from 64 examples: \(accuracy(tuned, unseen.waves, unseen.labels))")
