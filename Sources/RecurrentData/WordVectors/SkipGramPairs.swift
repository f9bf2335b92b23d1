import Recurrent

/// Words, a context of each, and words drawn against it.
package struct SkipGramPairs: Sendable {
    /// `[pairs]`.
    package let centres: IntegerTensor
    /// `[pairs]`.
    package let contexts: IntegerTensor
    /// `[pairs, negatives]`.
    package let negatives: IntegerTensor

    /// The pairs around some places of a text, each with a window of its own of 1 to `window`, at most `limit` pairs.
    package init(
        around places: some Sequence<Int>, in text: [Int32], window: Int, negatives: Int, from sampler: NegativeSampler,
        limit: Int = .max, random: inout RandomSource
    ) {
        var (centres, contexts): ([Int32], [Int32]) = ([], [])
        for place in places {
            let reach = min(window, 1 + Int(random.unitInterval() * Double(window)))
            for other in max(0, place - reach)...min(text.count - 1, place + reach) where other != place {
                guard centres.count < limit else { break }
                centres.append(text[place])
                contexts.append(text[other])
            }
        }
        let drawn = sampler.draw(centres.count * negatives, &random)
        self.centres = IntegerTensor(centres, shape: [centres.count])
        self.contexts = IntegerTensor(contexts, shape: [centres.count])
        self.negatives = IntegerTensor(drawn, shape: [centres.count, negatives])
    }
}
