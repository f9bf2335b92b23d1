import Foundation

/// How the learning rate changes from step to step: a decay, after a linear warm-up where one is wanted.
///
///     let schedule = LearningRateSchedule(.cosine(steps: 10_000), warmUpSteps: 500)
///     optimizer.learningRate = schedule.rate(at: step, base: 1e-3)
public struct LearningRateSchedule: Sendable, Equatable {
    /// What the rate is multiplied by after the warm-up, with n its number of steps.
    public enum Decay: Sendable, Equatable {
        /// 1.
        case constant
        /// factor^(t/n), smoothly.
        case exponential(steps: Int, factor: Float)
        /// factor once more every n steps: the exponential decay as a staircase.
        case step(steps: Int, factor: Float)
        /// floor + (1 - floor) (1 + cos(pi t/n)) / 2, and floor from step n on (Loshchilov and Hutter 2017, equation 5,
        /// without restarts).
        case cosine(steps: Int, floor: Float = 0)
    }

    /// What the rate is multiplied by after the warm-up.
    let decay: Decay
    /// The number of steps in which the rate grows in equal parts, the last of them with the whole rate; 0 for none.
    let warmUpSteps: Int

    /// Makes a schedule. Numbers of steps are at least 1, factors more than 0 and at most 1, floors from 0 to 1.
    public init(_ decay: Decay = .constant, warmUpSteps: Int = 0) {
        switch decay {
        case .constant: break
        case .exponential(let steps, let factor), .step(let steps, let factor):
            require(steps >= 1, "a decay takes 1 step or more, not \(steps)")
            require(factor > 0 && factor <= 1, "a decay's factor is more than 0 and at most 1, not \(factor)")
        case .cosine(let steps, let floor):
            require(steps >= 1, "a decay takes 1 step or more, not \(steps)")
            require(floor >= 0 && floor <= 1, "a decay's floor is 0 to 1, not \(floor)")
        }
        require(warmUpSteps >= 0, "a warm-up takes 0 steps or more, not \(warmUpSteps)")
        self.decay = decay
        self.warmUpSteps = warmUpSteps
    }

    /// The learning rate of a step, 0 being the first, where `base` is the rate that the schedule changes.
    public func rate(at step: Int, base: Float) -> Float {
        require(step >= 0, "steps are counted from 0; there is no step \(step)")
        if step < warmUpSteps { return Float(Double(base) * Double(step + 1) / Double(warmUpSteps)) }
        return Float(Double(base) * multiplier(at: step - warmUpSteps))
    }

    private func multiplier(at step: Int) -> Double {
        switch decay {
        case .constant: return 1
        case .exponential(let steps, let factor): return pow(Double(factor), Double(step) / Double(steps))
        case .step(let steps, let factor): return pow(Double(factor), Double(step / steps))
        case .cosine(let steps, let floor):
            let progress = min(1, Double(step) / Double(steps))
            return Double(floor) + (1 - Double(floor)) * (1 + cos(.pi * progress)) / 2
        }
    }
}
