extension DataColumn {
    // Numbers that files have where a number is missing.
    private static let usualMarks: Set<Double> = [
        -99, -200, -999, -9999, -99_999, -32_768, 99, 999, 9999, 99_999, 999_999, 32_767, -9.99, -99.9, -99.99, -999.9,
        -999.99, 1e20, 1e30, 9.969_209_968_386_869e36, 9.96921e36,
    ]

    // Numbers that mean that one is missing only where they lie very far from all others.
    private static let plainMarks: Set<Double> = [-1, 0]

    /// A number that may stand for missing ones: the least or the largest, which occurs again and again, far from all
    /// others, and is one that files have for it.
    package var suspectedMark: String? {
        guard kind == .numbers else { return nil }
        let known = numbers.filter { !$0.isNaN }
        guard let least = known.min(), let most = known.max() else { return nil }
        for mark in [least, most] where Self.usualMarks.contains(mark) || Self.plainMarks.contains(mark) {
            let others = known.filter { $0 != mark }
            let count = known.count - others.count
            guard count > 1, let first = others.min(), let last = others.max() else { continue }
            let distance = mark == least ? first - mark : mark - last
            let isPlain = Self.plainMarks.contains(mark)
            if distance > (isPlain ? 10 : 1) * (last - first), !isPlain || last > first {
                return "\(place): \(mark.formatted) stands \(count) times, far from all other numbers; where it means "
                    + "that a number is missing, say so with `missingNumbers`"
            }
        }
        return nil
    }
}

extension Double {
    /// Without a point where it is whole.
    fileprivate var formatted: String { self == rounded() && abs(self) < 1e15 ? String(Int(self)) : String(self) }
}
