import CKernels

/// One call of the window's kernels, on detached tensors.
struct SoftWindowStep: Sendable {
    let parameters: Tensor
    let kappa: Tensor
    let texts: WindowTexts

    init(parameters: Tensor, kappa: Tensor, texts: WindowTexts) {
        require(
            kappa.shape == [texts.lengths.count, parameters.shape[1] / 3],
            "kappa of shape \(kappa.shape) for \(texts.lengths.count) texts and parameters of \(parameters.shape)")
        self.parameters = parameters
        self.kappa = kappa
        self.texts = texts
    }

    private func withWindow(_ body: (inout ck_soft_window) -> Void) {
        texts.characters.values.withUnsafeBufferPointer { characters in
            texts.lengths.map(Int32.init).withUnsafeBufferPointer { lengths in
                var window = ck_soft_window(
                    batch: Int64(texts.lengths.count), components: Int64(kappa.shape[1]),
                    characters: Int64(texts.characters.shape[1]), symbols: Int64(texts.symbols),
                    parameters: parameters.pointer, positions: kappa.pointer, text: characters.baseAddress,
                    lengths: lengths.baseAddress)
                body(&window)
            }
        }
    }

    func forward(kappa moved: Tensor, window: Tensor) {
        withWindow { kappa.kernels.soft_window(&$0, moved.pointerForWriting, window.pointerForWriting) }
    }

    func gradients(kappa moved: Tensor, above: [Tensor?]) -> (parameters: Tensor, kappa: Tensor) {
        let ofParameters = Tensor(uninitialized: parameters.shape, precision: kappa.precision)
        let ofKappa = Tensor(uninitialized: kappa.shape, precision: kappa.precision)
        withWindow {
            kappa.kernels.soft_window_gradient(
                &$0, moved.pointer, above[0]?.pointer,
                above[1]?.pointer, ofParameters.pointerForWriting, ofKappa.pointerForWriting)
        }
        return (ofParameters, ofKappa)
    }
}
