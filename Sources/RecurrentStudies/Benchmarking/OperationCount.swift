/// The floating-point operations of a configuration's matrix products, two for every multiply-add.
///
/// Activations, losses, clipping and the optimiser's update are not counted: they take time, and no count.
package struct OperationCount: Sendable, Equatable {
    /// The operations of the products that are really computed.
    package let executed: Double
    /// The operations by the usual formula: of the forward products of all layers, with one-hot inputs multiplied like
    /// any others, three times over for a training step.
    package let nominal: Double

    /// Counts the operations of one training step, or of one generated character.
    package init(of configuration: BenchmarkConfiguration) {
        executed = Self.executed(configuration)
        nominal = Self.nominal(configuration)
    }

    private static func nominal(_ c: BenchmarkConfiguration) -> Double {
        var forward = 0
        for layer in 0..<c.layers {
            forward += 2 * c.batch * c.steps * c.cell.gates * c.hidden * ((layer == 0 ? c.inputs : c.hidden) + c.hidden)
        }
        forward += 2 * c.batch * c.steps * c.hidden * c.outputs
        return Double(c.work == .generation ? forward : 3 * forward)
    }

    /// For every layer the input product, its weights' gradient and (not in the first layer) its inputs' gradient; the
    /// state's product forward and backward at every step, and its weights' gradient, to which the first step's state
    /// of zeros gives nothing. Tokens are looked up and their gradients added up, without a product.
    private static func executed(_ c: BenchmarkConfiguration) -> Double {
        let rows = c.batch * c.steps
        let trains = c.work != .generation
        var total = 0
        for layer in 0..<c.layers {
            let inputs = layer == 0 ? c.inputs : c.hidden
            let isLookedUp = layer == 0 && c.readsTokens
            let input = 2 * rows * inputs * c.cell.gates * c.hidden
            let state = 2 * rows * c.hidden * c.cell.gates * c.hidden
            if !isLookedUp { total += input }
            total += state
            if trains {
                if !isLookedUp { total += input }
                if layer > 0 { total += input }
                total += state + state / c.steps * (c.steps - 1)
            }
        }
        let outputRows = c.work == .crossEntropyAtTheLastStep ? c.batch : rows
        total += (trains ? 3 : 1) * 2 * outputRows * c.hidden * c.outputs
        return Double(total)
    }
}
