import CKernels
import Recurrent

/// Where the time of a step goes, as shares of the time of all threads.
package struct TimeProfile: Sendable, Equatable {
    /// What a thread spends time on.
    package enum Phase: String, CaseIterable, Sendable {
        /// Products of the state with the recurrent weights, step by step, forward and backward; of a generated character
        /// all products.
        case sequentialProducts = "sequential products"
        /// Products over all time steps at once, and those of other layers.
        case bigProducts = "big products"
        /// Activations and what makes the new state of them, and their gradients.
        case gateArithmetic = "gate arithmetic"
        /// Softmax, cross-entropy and their gradients.
        case loss
        /// The gradient's norm and the update of the parameters.
        case optimizer
        /// Weights brought into the order that the products read.
        case packing
        /// Sums, copies, other activations.
        case otherKernels = "other kernels"
        /// Recording, allocation, bookkeeping: what runs between kernels.
        case betweenKernels = "between kernels"
        /// A thread without work.
        case waiting

        fileprivate var kernelPhase: ck_phase {
            switch self {
            case .sequentialProducts: CK_SEQUENTIAL_PRODUCTS
            case .bigProducts: CK_BIG_PRODUCTS
            case .gateArithmetic: CK_GATE_ARITHMETIC
            case .loss: CK_LOSS
            case .optimizer: CK_OPTIMIZER
            case .packing: CK_PACKING
            case .otherKernels: CK_OTHER_KERNELS
            case .betweenKernels: CK_BETWEEN_KERNELS
            case .waiting: CK_WAITING
            }
        }
    }

    /// The share of every phase, of 1 together.
    package let shares: [Phase: Double]
    /// The time of a step, which the clock's readings make a little longer than it is.
    package let seconds: Double

    /// Books the time of a step that is made again and again, for about `seconds`. What ran before, in this and other
    /// threads, is not counted; only one profile can be taken at a time.
    init(seconds: Double, of step: () -> Void) {
        for _ in 0..<2 { step() }
        let clock = ContinuousClock()
        let begin = clock.now
        var steps = 0
        ck_profile_start()
        repeat {
            step()
            steps += 1
        } while (clock.now - begin) / .seconds(1) < seconds
        var booked = [Double](repeating: 0, count: Int(CK_PHASES.rawValue))
        _ = ck_profile_stop(&booked)
        let elapsed = (clock.now - begin) / .seconds(1)
        // A worker books its time when it next does something, which after the last step is nothing but waiting.
        let all = max(elapsed * Double(RecurrentKernels.threads), booked.reduce(0, +))
        booked[Int(CK_WAITING.rawValue)] += all - booked.reduce(0, +)
        shares = Dictionary(
            uniqueKeysWithValues: Phase.allCases.map { ($0, booked[Int($0.kernelPhase.rawValue)] / all) })
        self.seconds = elapsed / Double(steps)
    }
}
