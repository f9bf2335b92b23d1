import CKernels

/// The gradients of all parameters, laid out as the parameters are.
public struct ParameterGradients: Sendable {
    /// The names, shapes and places.
    public let layout: ParameterLayout
    let storage: Storage
    /// Where the buffer holds gradients, in ascending order, with gaps between: everywhere, but for frozen parameters and
    /// the rows of lazily updated ones that the step did not look up. Their gradient is zero, and their memory undefined.
    let stretches: [Range<Int>]

    init(layout: ParameterLayout, storage: Storage, stretches: [Range<Int>]? = nil) {
        self.layout = layout
        self.storage = storage
        self.stretches = stretches ?? (layout.count == 0 ? [] : [0..<layout.count])
    }

    /// The gradient of one parameter, or nil when there is none of that name.
    public subscript(name: String) -> Tensor? {
        layout.entries.first { $0.name == name }.map { entry in
            let place = entry.offset..<entry.offset + entry.count
            let known = stretches(within: place)
            if known == [place] { return Tensor(storage: storage, offset: entry.offset, shape: entry.shape) }
            return filled(place, from: known).withShape(entry.shape)
        }
    }

    /// All elements, in the layout's order.
    public var values: [Float] { filled(0..<layout.count, from: stretches).values }

    /// The Euclidean norm of all elements together.
    public var globalNorm: Double { norm(of: stretches) }

    func norm(of stretches: [Range<Int>]) -> Double {
        let sum = stretches.reduce(0.0) { sum, stretch in
            sum + storage.kernels.pointee.sum_of_squares(storage.pointer(at: stretch.lowerBound), Int64(stretch.count))
        }
        return sum.squareRoot()
    }

    /// The parts of the stretches that lie within a place.
    func stretches(within place: Range<Int>) -> [Range<Int>] {
        stretches.compactMap { stretch in
            let part = stretch.clamped(to: place)
            return part.isEmpty ? nil : part
        }
    }

    private func filled(_ place: Range<Int>, from stretches: [Range<Int>]) -> Tensor {
        let result = Tensor.zeros([place.count])
        for stretch in stretches {
            result.storage.pointerForWriting(at: stretch.lowerBound - place.lowerBound).copyMemory(
                from: storage.pointer(at: stretch.lowerBound), byteCount: stretch.count * 4)
        }
        return result
    }
}
