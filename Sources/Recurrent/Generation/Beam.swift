/// The beginnings of one sequence that a beam search follows, and its complete hypotheses.
struct Beam {
    private var live = [PartialHypothesis()]
    private var complete: [Hypothesis] = []
    private(set) var isDone = false

    /// What the decoder reads of every row: the last token of each beginning, and the end where there is none.
    func lastTokens(width: Int, _ tokens: DecodingTokens) -> [Int32] {
        (0..<width).map { row in
            guard !isDone, row < live.count else { return tokens.end }
            return live[row].tokens.last ?? tokens.begin
        }
    }

    /// Takes up the best continuations and gives the rows that they continue.
    ///
    /// With `isLast` only the end can still be taken up.
    mutating func advance(
        _ logProbabilities: ArraySlice<ArraySlice<Float>>, attention: ArraySlice<[Float]>, isLast: Bool,
        _ search: BeamSearch
    ) -> [Int] {
        guard !isDone else { return [] }
        var next: [(parent: Int, hypothesis: PartialHypothesis)] = []
        for candidate in candidates(logProbabilities, search) {
            guard !isLast || candidate.token == search.tokens.end else { continue }
            var hypothesis = live[candidate.row]
            hypothesis.append(
                candidate.token, candidate.added,
                attention: attention.isEmpty ? nil : attention[attention.startIndex + candidate.row],
                end: search.tokens.end)
            if hypothesis.hasEnded {
                complete.append(hypothesis.hypothesis(lengthPenalty: search.lengthPenalty))
            } else {
                next.append((candidate.row, hypothesis))
            }
        }
        complete = Array(complete.sorted { $0.score > $1.score }.prefix(search.width))
        // Where nothing can follow, the beginnings are cut off as they are.
        if isLast || next.isEmpty && complete.isEmpty {
            isDone = true
            return []
        }
        live = next.map(\.hypothesis)
        isDone = live.isEmpty || cannotImprove(search)
        return next.map(\.parent)
    }

    private struct Candidate {
        let row: Int
        let token: Int32
        let added: Float
        let total: Double
    }

    /// The most likely continuations of all beginnings, the best first; of equals the one of the earlier beginning, and
    /// of these the one with the lower token.
    private func candidates(_ logProbabilities: ArraySlice<ArraySlice<Float>>, _ search: BeamSearch) -> [Candidate] {
        var best: [Candidate] = []
        for (row, (hypothesis, values)) in zip(live, logProbabilities).enumerated() {
            for (token, added) in values.enumerated() where added > -.infinity {
                let total = hypothesis.logProbability + Double(added)
                if best.count == search.width, let last = best.last, total <= last.total { continue }
                if search.tokens.excluded.contains(Int32(token)) { continue }
                let place = best.firstIndex { $0.total < total } ?? best.count
                best.insert(Candidate(row: row, token: Int32(token), added: added, total: total), at: place)
                if best.count > search.width { best.removeLast() }
            }
        }
        return best
    }

    /// Whether even certain continuations, under the largest penalty, would not come before the complete hypotheses.
    private func cannotImprove(_ search: BeamSearch) -> Bool {
        guard complete.count == search.width, let worst = complete.last?.score else { return false }
        let most = live.map(\.logProbability).max() ?? -.infinity
        return worst
            >= BeamSearch.score(most, length: search.maximumLength + 1, lengthPenalty: search.lengthPenalty)
    }

    /// The complete hypotheses, and behind them the beginnings that were cut off, where there are fewer than the width.
    func hypotheses(_ search: BeamSearch) -> [Hypothesis] {
        let cut = live.map { $0.hypothesis(lengthPenalty: search.lengthPenalty) }.sorted { $0.score > $1.score }
        return Array((complete + cut).prefix(search.width))
    }
}
