// A sensor's numbers as they come: the next is foreseen at every step, and what lies far from the forecast is reported.
// The state of the stream is stored, as a program does that is restarted, and read again.
//
// Run it in this directory: swift run

import Foundation
import Recurrent

/// Reads temperature and load, `[time, batch, 2]`, and foresees both of the next step.
struct Forecaster {
    let cell: GRUCell
    let output: Dense

    init(_ binder: inout Binder) {
        cell = GRUCell(inputSize: 2, hiddenSize: 32, &binder["cell"])
        output = Dense(inputSize: 32, outputSize: 2, &binder["output"])
    }

    func callAsFunction(_ readings: Tensor) -> Tensor { output(cell.unroll(readings).outputs) }

    /// The network ready to be run step by step, for one sensor or several.
    func stepper(sensors: Int = 1) -> Stepper {
        let cell = AnyCell(cell)
        let stepper = Stepper(
            reading: .numbers, cells: [cell], states: [cell.zeroState(batch: sensors)], output: output)
        guard let stepper else { fatalError("a GRU can be run step by step") }
        return stepper
    }
}

/// A machine whose temperature follows its load, slowly: `[temperature, load]` at every step.
struct Machine {
    var random: RandomSource
    var step = 0
    var temperature: Float = 0

    mutating func read() -> [Float] {
        let load: Float = step % 24 < 10 ? 1 : -1
        let noise = random.normal(count: 2)
        temperature += 0.3 * (load - temperature) + 0.03 * noise[0]
        step += 1
        return [temperature, load + 0.03 * noise[1]]
    }
}

// Learn from recordings of 16 machines that began at different hours.
var machines = (0..<16).map { Machine(random: RandomSource(seed: UInt64(100 + $0)), step: $0 * 5) }
let steps = 97
let recorded = (0..<steps).flatMap { _ in machines.indices.flatMap { machines[$0].read() } }
let readings = Tensor(Array(recorded.dropLast(16 * 2)), shape: [steps - 1, 16, 2])
let following = Tensor(Array(recorded.dropFirst(16 * 2)), shape: [steps - 1, 16, 2])
var model = Model(seed: 1) { Forecaster(&$0) }
var optimizer = Adam(learningRate: 0.01)
var loss: Float = 0
for _ in 1...200 {
    let step = model.train(with: &optimizer, clipping: .globalNorm(1)) { ($0(readings) - following).squared().mean() }
    loss = step.loss
}
print("mean squared error \(loss)")

// Watch a machine that it has not seen. From hour 150 on its fan fails for a while.
let stepper = model.evaluate { $0.stepper() }
var machine = Machine(random: RandomSource(seed: 7), step: 3)
var forecast: [Float]?
var alarms: [Int] = []
var stored = Data()
for hour in 0..<200 {
    var reading = machine.read()
    if (150..<153).contains(hour) { reading[0] += 1.5 }
    if let forecast, hour > 24, abs(forecast[0] - reading[0]) > 0.6 {
        alarms.append(hour)
        print("hour \(hour): the temperature is \(reading[0]), foreseen was \(forecast[0])")
    }
    forecast = stepper.withOutputs(after: reading) { Array($0) }
    if hour == 99 { stored = try stepper.state.encoded() }
}
precondition(alarms.first == 150, "the failure is found when it begins")

// A program that is started again goes on where the stored state was, to the same bits.
let restarted = model.evaluate { $0.stepper() }
try restarted.restore(StepperState(encoded: stored))
machine = Machine(random: RandomSource(seed: 7), step: 3)
for _ in 0..<100 { _ = machine.read() }
let original = model.evaluate { $0.stepper() }
try original.restore(StepperState(encoded: stored))
for _ in 0..<10 {
    let reading = machine.read()
    let forecasts = [restarted, original].map { stepper in stepper.withOutputs(after: reading) { Array($0) } }
    precondition(forecasts[0] == forecasts[1])
}

// Several machines at once are one batch: their states are joined, and taken apart again.
let several = model.evaluate { $0.stepper(sensors: 3) }
try several.restore(StepperState(joining: [restarted.state, original.state, restarted.state]))
let forecasts = several.withOutputs(after: [0.2, 1, 0.4, -1, 0.2, 1]) { Array($0) }
precondition(forecasts[0..<2] == forecasts[4..<6] && several.state[0] == several.state[2])
print("three machines in one step: \(forecasts)")
