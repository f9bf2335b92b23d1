import Recurrent
import RecurrentData

/// Pictures of a batch and the names that are to be written of them.
struct SpelledPictures {
    /// The pixels from 0 to 1, `[batch, pixels]`.
    let pictures: Tensor
    /// The end token, and all letters but a name's last: what the network reads, `[time, batch]`.
    let read: IntegerTensor
    /// The letters and the end: what it is to write, `[time, batch]`.
    let written: IntegerTensor
    /// 1 for every step of a name, 0 past its end, `[time, batch]`.
    let weights: Tensor

    init(_ images: LabelledImages, _ indices: some Collection<Int>, names: ClassNames) {
        let pixels = images.batch(indices).inputs.swappingTimeAndBatch()
        pictures = pixels.reshaped([indices.count, images.rows * images.columns])
        let spellings = indices.map { names.spelling(of: Int(images.labels[$0])) }
        let padded = PaddedBatch(spellings)
        written = padded.tokens
        read = PaddedBatch(spellings.map { [names.endToken] + $0.dropLast() }).tokens
        weights = runningSteps(padded.lengths, time: written.shape[0]).reshaped(written.shape)
    }
}
