/// Takes tokens one by one, the one with the largest weight first and of equals the lowest number.
///
/// It is a heap sort that stops early: the few tokens that top-k or top-p keep are found without sorting the rest.
struct DescendingSelection {
    private let order: UnsafeMutableBufferPointer<Int32>
    private let weights: UnsafeBufferPointer<Float>
    /// The first places of `order` are a heap; behind them are the tokens taken, the latest first.
    private var heapCount: Int

    /// How many tokens have been taken.
    private(set) var selectedCount = 0

    /// Makes the heap.
    ///
    /// - Parameters:
    ///   - order: The numbers of all tokens, in any order; rearranged from now on.
    ///   - weights: The weight of each token.
    init(order: UnsafeMutableBufferPointer<Int32>, weights: UnsafeBufferPointer<Float>) {
        self.order = order
        self.weights = weights
        heapCount = order.count
        for place in (0..<(order.count / 2)).reversed() { sink(place) }
    }

    /// Takes the next token and returns its weight, or nil where all have been taken.
    mutating func selectNext() -> Float? {
        if selectedCount == order.count - heapCount {
            guard heapCount > 0 else { return nil }
            heapCount -= 1
            order.swapAt(0, heapCount)
            sink(0)
        }
        selectedCount += 1
        return weights[selected(selectedCount - 1)]
    }

    /// Gives all tokens back, to be taken again in the same order.
    mutating func rewind() {
        selectedCount = 0
    }

    /// The token that was taken at a place, counted from 0.
    func selected(_ place: Int) -> Int {
        Int(order[order.count - 1 - place])
    }

    private func comesBefore(_ first: Int32, _ second: Int32) -> Bool {
        let (left, right) = (weights[Int(first)], weights[Int(second)])
        return left > right || (left == right && first < second)
    }

    private func sink(_ start: Int) {
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < heapCount else { return }
            if child + 1 < heapCount, comesBefore(order[child + 1], order[child]) { child += 1 }
            guard comesBefore(order[child], order[place]) else { return }
            order.swapAt(place, child)
            place = child
        }
    }
}
