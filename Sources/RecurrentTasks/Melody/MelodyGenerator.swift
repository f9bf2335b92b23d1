import Foundation
import Recurrent
import RecurrentData

/// Composes with a trained model, time step by time step: every pitch is drawn from its probability.
public struct MelodyGenerator: Sendable {
    private let temperature: Float
    private var random: RandomSource

    /// Makes a generator. The same seed gives the same tune.
    ///
    /// - Parameter temperature: What the logits are divided by. At 0 a pitch sounds where its probability is above one half.
    /// - Throws: `RecurrentError` where the temperature is negative or not finite.
    public init(temperature: Float = 1, seed: UInt64) throws {
        guard temperature >= 0, temperature.isFinite else {
            throw RecurrentError("the temperature is \(temperature); expected 0 or more")
        }
        self.temperature = temperature
        random = RandomSource(seed: seed, operation: 3)
    }

    /// A tune of so many time steps, from silence.
    ///
    /// - Throws: `RecurrentError` where the model gives a logit that is not finite.
    public mutating func tune(_ count: Int, with network: MelodyNetwork) throws -> Tune {
        var steps: [[Int]] = []
        var state: MelodyNetwork.State?
        var notes = [Float](repeating: 0, count: Tune.pitchCount)
        for _ in 0..<count {
            let (logits, next) = network(Tensor(notes, shape: [1, 1, Tune.pitchCount]), from: state)
            let sounding = try draw(logits.values)
            steps.append(sounding.indices.filter { sounding[$0] })
            notes = sounding.map { $0 ? 1 : 0 }
            state = next
        }
        return Tune(steps: steps)
    }

    private mutating func draw(_ logits: [Float]) throws -> [Bool] {
        if let pitch = logits.firstIndex(where: { !$0.isFinite }) {
            throw RecurrentError(
                "the network gives pitch \(pitch) the logit \(logits[pitch]): its weights are unusable")
        }
        if temperature == 0 { return logits.map { $0 > 0 } }
        return zip(logits, random.uniform(count: logits.count)).map { logit, chance in
            chance < 1 / (1 + expf(-logit / temperature))
        }
    }
}
