import CKernels
import Foundation
import Synchronization

/// Calls `body` on the kernels' team for every chunk of every layer: for each after the same chunk of the layer below,
/// and after the chunk before it of its own layer.
///
/// A worker takes the next chunk in the order of the wavefront, so nobody waits for what nobody works on. What `body`
/// computes runs on one thread. Results must not depend on which.
func runOnWavefront(layers: Int, chunks: Int, _ body: @escaping @Sendable (_ layer: Int, _ chunk: Int) -> Void) {
    let schedule = WavefrontSchedule(layers: layers, chunks: chunks, body: body)
    withExtendedLifetime(schedule) {
        ck_run(
            Int32(layers),
            { context, _, _ in
                guard let context else { return }
                Unmanaged<WavefrontSchedule>.fromOpaque(context).takeUnretainedValue().work()
            }, Unmanaged.passUnretained(schedule).toOpaque())
    }
}

private final class WavefrontSchedule: Sendable {
    private let order: [(layer: Int, chunk: Int)]
    private let body: @Sendable (Int, Int) -> Void
    private let next = Atomic<Int>(0)
    /// The chunks that every layer has done.
    private let done: Mutex<[Int]>

    init(layers: Int, chunks: Int, body: @escaping @Sendable (Int, Int) -> Void) {
        order = (0..<layers + chunks - 1).flatMap { phase in
            (0..<layers).filter { (0..<chunks).contains(phase - $0) }.map { ($0, phase - $0) }
        }
        self.body = body
        done = Mutex(Array(repeating: 0, count: layers))
    }

    func work() {
        while true {
            let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard place < order.count else { return }
            let (layer, chunk) = order[place]
            while !isReady(layer, chunk) { sched_yield() }
            body(layer, chunk)
            done.withLock { $0[layer] = chunk + 1 }
        }
    }

    private func isReady(_ layer: Int, _ chunk: Int) -> Bool {
        done.withLock { $0[layer] == chunk && (layer == 0 || $0[layer - 1] > chunk) }
    }
}

/// Places for values that workers leave for each other, one for each layer and chunk.
final class WavefrontPlaces<Value: Sendable>: Sendable {
    private let chunks: Int
    private let values: Mutex<[Value?]>

    init(layers: Int, chunks: Int) {
        self.chunks = chunks
        values = Mutex(Array(repeating: nil, count: layers * chunks))
    }

    func put(_ value: Value, layer: Int, chunk: Int) { values.withLock { $0[layer * chunks + chunk] = value } }

    /// The value, which is then no longer there.
    func take(layer: Int, chunk: Int) -> Value? {
        values.withLock { values in
            let value = values[layer * chunks + chunk]
            values[layer * chunks + chunk] = nil
            return value
        }
    }
}
