/// The name, shape and place of every parameter in the flat buffer that holds them all.
public struct ParameterLayout: Sendable, Equatable {
    /// One parameter.
    public struct Entry: Sendable, Equatable {
        /// The dotted name, from the structure of the network: `cell.0.recurrentWeight`.
        public let name: String
        /// The extent of every axis.
        public let shape: [Int]
        /// The index of its first element in the flat buffer.
        public let offset: Int
        /// Which rows a training step moves.
        let updates: RowUpdates
        /// Whether training leaves the parameter as it is: see `Model.freeze(where:)`.
        public internal(set) var isFrozen = false

        init(name: String, shape: [Int], offset: Int, updates: RowUpdates = .dense) {
            self.name = name
            self.shape = shape
            self.offset = offset
            self.updates = updates
        }

        /// The number of elements.
        public var count: Int { elementCount(shape) }
    }

    /// The parameters in the order in which the network names them.
    public internal(set) var entries: [Entry] = []

    /// The number of elements of all parameters.
    public var count: Int { entries.last.map { $0.offset + $0.count } ?? 0 }

    /// The number of elements of the parameters of a part of the network, as in "cell.0".
    package func count(of part: String) -> Int {
        entries.reduce(0) { $0 + ($1.name.hasPrefix(part + ".") ? $1.count : 0) }
    }
}

/// All parameters of a network, in one flat buffer.
///
/// Copies share the buffer until one of them is written.
public struct Parameters: Sendable {
    /// The names, shapes and places.
    public private(set) var layout: ParameterLayout
    private(set) var storage: Storage

    package init(layout: ParameterLayout, values: [Float]) {
        self.layout = layout
        storage = Tensor(values, shape: [values.count]).storage
    }

    /// The elements of one parameter, or nil when there is none of that name.
    public subscript(name: String) -> Tensor? {
        layout.entries.first { $0.name == name }
            .map { Tensor(Array(values[$0.offset..<$0.offset + $0.count]), shape: $0.shape) }
    }

    /// All elements, in the layout's order.
    public var values: [Float] { Tensor(storage: storage, offset: 0, shape: [layout.count]).values }

    /// Replaces the elements of one parameter.
    public mutating func set(_ name: String, to values: [Float]) {
        guard let entry = layout.entries.first(where: { $0.name == name }) else {
            fatalError("there is no parameter \(name); there are \(layout.entries.map(\.name))")
        }
        require(values.count == entry.count, "\(name) has \(entry.count) elements, not \(values.count)")
        write { memory in
            values.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                (memory + entry.offset * 4).copyMemory(from: base, byteCount: bytes.count)
            }
        }
    }

    mutating func freeze(where isFrozen: (String) -> Bool) {
        for index in layout.entries.indices { layout.entries[index].isFrozen = isFrozen(layout.entries[index].name) }
    }

    mutating func append(_ name: String, shape: [Int], values: [Float]) {
        let all = self.values + values
        layout.entries.append(.init(name: name, shape: shape, offset: layout.count))
        storage = Tensor(all, shape: [all.count]).storage
    }

    /// Writes in place when nobody else holds the buffer, and into a copy of it otherwise.
    package mutating func write(_ body: (UnsafeMutableRawPointer) -> Void) {
        if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
        storage.willWrite()
        body(storage.pointerForWriting)
    }
}
