/// Floats that kernels read and write, aligned to cache lines.
final class KernelMemory {
    let count: Int
    let pointer: UnsafeMutableRawPointer

    /// Unfilled memory of so many floats.
    init(count: Int) {
        self.count = count
        pointer = .allocate(byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: 64)
    }

    deinit { pointer.deallocate() }

    /// The place of an element.
    func pointer(at offset: Int) -> UnsafeMutableRawPointer { pointer + offset * MemoryLayout<Float>.stride }
}
