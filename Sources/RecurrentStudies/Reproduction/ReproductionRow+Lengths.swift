import Recurrent

extension ReproductionRow {
    /// The notes' LSTM of two units over hello, eolll and lleel with the lengths 5, 3 and 4. Their weights came from no
    /// seed; what must hold for any: past its end a sequence's outputs are zero, and everything else is as if it had
    /// run alone.
    static let lengths = ReproductionRow("lstm-lengths", source: "notes \"RNN in TensorFlow\": Dynamic RNN") { _, _ in
        let letters = Array("helo")
        let words = ["hello", "eolll", "lleel"].map { $0.compactMap { letters.firstIndex(of: $0).map(Int32.init) } }
        let lengths = [5, 3, 4]
        var random = RandomSource(seed: 42)
        let kernel = Tensor(Initializer.glorotUniform(shape: [6, 8], random: &random), shape: [6, 8])
        let cell = LSTMCell(
            inputWeight: kernel.slice(0..<4), recurrentWeight: kernel.slice(4..<6), bias: .zeros([8]))

        let batch = IntegerTensor((0..<5).flatMap { time in words.map { $0[time] } }, shape: [5, 3])
        let together = cell.unroll(batch.oneHot(depth: 4), lengths: lengths)
        var past: [Double] = []
        var outputs = (alone: [Double](), together: [Double]())
        var c = outputs
        var h = outputs
        for (index, length) in lengths.enumerated() {
            let word = IntegerTensor(Array(words[index][..<length]), shape: [length, 1])
            let alone = cell.unroll(word.oneHot(depth: 4))
            let own = together.outputs.slice(axis: 1, index..<index + 1)
            outputs.alone += alone.outputs.doubles
            outputs.together += own.slice(0..<length).doubles
            past += own.slice(length..<5).doubles
            c.alone += alone.state.c.doubles
            c.together += together.state.c[index].doubles
            h.alone += alone.state.h.doubles
            h.together += together.state.h[index].doubles
        }
        return .numbers([
            NumberComparison(
                "outputs past the end", expected: past.map { _ in 0 }, got: past, tolerance: 0),
            NumberComparison("outputs", expected: outputs.alone, got: outputs.together, tolerance: 1e-6),
            NumberComparison("final c", expected: c.alone, got: c.together, tolerance: 1e-6),
            NumberComparison("final h", expected: h.alone, got: h.together, tolerance: 1e-6),
        ])
    }
}
