/// A row of numbers for every sequence, which the stages of a time step read and write.
///
/// Rows are padded with zeros, as the kernels want them. Sendable although they are written: by one step at a time.
final class StepRows: @unchecked Sendable {
    let width: Int
    let stride: Int
    private let storage: Storage

    /// Rows of zeros.
    init(batch: Int, width: Int) {
        self.width = width
        let padded = (width + 15) / 16 * 16
        // Rows that are a multiple of 1 KiB apart would all lie in the same few sets of the cache.
        stride = batch > 1 && padded % 256 == 0 ? padded + 16 : padded
        storage = Storage(count: batch * stride, precision: .single)
        storage.pointerForWriting.initializeMemory(as: Float.self, repeating: 0, count: batch * stride)
    }

    /// The rows of a matrix `[batch, width]`.
    convenience init(_ matrix: Tensor) {
        self.init(batch: matrix.shape[0], width: matrix.shape[1])
        let single = matrix.detached().converted(to: .single)
        single.withUnsafeValues { values in
            for row in 0..<matrix.shape[0] { set(row, to: values[row * width..<(row + 1) * width]) }
        }
    }

    var pointer: UnsafePointer<Float> { storage.pointer.assumingMemoryBound(to: Float.self) }

    /// The rows, to be written by the step.
    var pointerForWriting: UnsafeMutablePointer<Float> {
        storage.pointerForWriting.assumingMemoryBound(to: Float.self)
    }

    /// The rows without their padding.
    func values(batch: Int) -> [Float] {
        (0..<batch).flatMap { UnsafeBufferPointer(start: pointer + $0 * stride, count: width) }
    }

    /// Makes all rows zero.
    func fillWithZeros() {
        pointerForWriting.update(repeating: 0, count: storage.count)
    }

    /// Replaces a row.
    func set(_ row: Int, to values: Slice<UnsafeBufferPointer<Float>>) {
        _ = UnsafeMutableBufferPointer(start: pointerForWriting + row * stride, count: width).update(from: values)
    }
}
