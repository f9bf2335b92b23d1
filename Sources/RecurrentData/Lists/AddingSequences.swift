import Recurrent

/// Sequences of the adding problem: in each of uniform numbers two are marked, and their sum is wanted at the end.
///
/// Hochreiter and Schmidhuber 1997, experiment 4, in the form of Le, Jaitly and Hinton 2015, section 4.1. Here the one mark
/// lies anywhere in the first half of the sequence, the other anywhere in the second.
public struct AddingSequences: Sendable {
    /// A number, 0 to 1, and beside it 1 where it is marked and 0 elsewhere: `[time, batch, 2]`.
    public let inputs: Tensor
    /// The sum of the two marked numbers, `[batch, 1]`.
    public let sums: Tensor

    /// The mean squared error of always answering 1: the variance of the sum of two uniform numbers.
    public static let chanceError = 1.0 / 6

    /// Draws sequences.
    /// - Parameters:
    ///   - count: How many.
    ///   - length: Their number of steps, at least 2.
    ///   - random: Where they are drawn from.
    public init(count: Int, length: Int, random: inout RandomSource) {
        require(length >= 2, "two numbers are marked, which \(length) steps do not hold")
        let numbers = random.uniform(count: length * count)
        var inputs: [Float] = numbers.flatMap { number -> [Float] in [number, 0] }
        var sums = [Float](repeating: 0, count: count)
        let half = length / 2
        for sequence in 0..<count {
            let marked = [Int(random.next()) % half, half + Int(random.next()) % (length - half)]
            for time in marked {
                let place = time * count + sequence
                inputs[2 * place + 1] = 1
                sums[sequence] += numbers[place]
            }
        }
        self.inputs = Tensor(inputs, shape: [length, count, 2])
        self.sums = Tensor(sums, shape: [count, 1])
    }
}
