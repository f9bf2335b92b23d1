import CKernels

/// The flat buffer that one training step's parameter gradients are gathered in, used by one walk back.
final class GradientSink: GradientGathering, @unchecked Sendable {
    let storage: Storage
    let layout: ParameterLayout
    private var fillings: [Filling]

    /// What the buffer holds of one parameter's gradient.
    private enum Filling {
        case nothing
        case rows(TouchedRows)
        case everything
    }

    init(layout: ParameterLayout) {
        self.layout = layout
        storage = Storage(count: layout.count, precision: .single)
        fillings = Array(repeating: .nothing, count: layout.entries.count)
    }

    var precision: Precision { storage.precision }

    func shape(at index: Int) -> [Int] { layout.entries[index].shape }

    /// Lets `body` write a parameter's whole gradient: it gets the memory, and whether to add to what is there.
    func write(_ index: Int, _ body: (UnsafeMutableRawPointer, Bool) -> Void) {
        let memory = storage.pointerForWriting(at: layout.entries[index].offset)
        if case .rows = fillings[index] { fillRest(of: index) }
        if case .everything = fillings[index] { body(memory, true) } else { body(memory, false) }
        fillings[index] = .everything
    }

    /// Adds the rows `[indices, width...]` to those of a parameter's gradient that `indices` name, in their order.
    func addRows(_ rows: UnsafeRawPointer, _ indices: [Int32], to index: Int) {
        let entry = layout.entries[index]
        let width = elementCount(Array(entry.shape.dropFirst()))
        if case .nothing = fillings[index] {
            fillings[index] = entry.updates == .lazy ? .rows(TouchedRows(of: entry.shape[0])) : .everything
            if entry.updates == .dense { fill(entry.offset..<entry.offset + entry.count) }
        }
        if case .rows(var touched) = fillings[index] {
            fillings[index] = .nothing  // so that the rows are touched in place
            for row in indices where touched.touch(row) {
                fill(entry.offset + Int(row) * width..<entry.offset + (Int(row) + 1) * width)
            }
            fillings[index] = .rows(touched)
        }
        storage.kernels.pointee.scatter_add_rows(
            rows, indices, Int64(indices.count), Int64(width), storage.pointerForWriting(at: entry.offset))
    }

    /// The gradients, of which everything that was not touched is zero.
    func gathered() -> ParameterGradients {
        var stretches: [Range<Int>] = []
        func append(_ stretch: Range<Int>) {
            if stretch.isEmpty { return }
            if let last = stretches.last, last.upperBound == stretch.lowerBound {
                stretches[stretches.count - 1] = last.lowerBound..<stretch.upperBound
            } else {
                stretches.append(stretch)
            }
        }
        for (index, entry) in layout.entries.enumerated() where !entry.isFrozen {
            if case .nothing = fillings[index], entry.updates == .dense { fillRest(of: index) }
            if case .everything = fillings[index] {
                append(entry.offset..<entry.offset + entry.count)
            } else {
                for stretch in known(of: index) { append(stretch) }
            }
        }
        return ParameterGradients(layout: layout, storage: storage, stretches: stretches)
    }

    private func known(of index: Int) -> [Range<Int>] {
        let entry = layout.entries[index]
        switch fillings[index] {
        case .nothing: return []
        case .everything: return [entry.offset..<entry.offset + entry.count]
        case .rows(let touched):
            let width = entry.shape[0] == 0 ? 0 : entry.count / entry.shape[0]
            return touched.runs.map { entry.offset + $0.lowerBound * width..<entry.offset + $0.upperBound * width }
        }
    }

    /// Fills with zeros what has not been touched.
    private func fillRest(of index: Int) {
        let entry = layout.entries[index]
        var begin = entry.offset
        for stretch in known(of: index) {
            fill(begin..<stretch.lowerBound)
            begin = stretch.upperBound
        }
        fill(begin..<entry.offset + entry.count)
        fillings[index] = .everything
    }

    private func fill(_ place: Range<Int>) {
        if place.isEmpty { return }
        storage.kernels.pointee.fill(storage.pointerForWriting(at: place.lowerBound), 0, Int64(place.count))
    }
}

/// Rows of a table, each of them once.
private struct TouchedRows {
    private var isTouched: [Bool]

    init(of count: Int) { isTouched = Array(repeating: false, count: count) }

    /// Adds a row; whether it is new.
    mutating func touch(_ row: Int32) -> Bool {
        defer { isTouched[Int(row)] = true }
        return !isTouched[Int(row)]
    }

    /// The rows in ascending order, neighbours joined.
    var runs: [Range<Int>] {
        var runs: [Range<Int>] = []
        var begin: Int?
        for (row, touched) in isTouched.enumerated() where touched != (begin != nil) {
            if let first = begin { runs.append(first..<row) }
            begin = touched ? row : nil
        }
        if let begin { runs.append(begin..<isTouched.count) }
        return runs
    }
}
