import CKernels
import Foundation
import Synchronization

/// Calls `body` on the kernels' team for every segment of every layer: for each after the same segment of the layer
/// below, and after the segment before it of its own layer.
///
/// A worker takes the next segment in the order of the wavefront, so nobody waits for what nobody works on. What `body`
/// computes runs on one thread. Results must not depend on which.
func runOnWavefront(layers: Int, segments: Int, _ body: @escaping @Sendable (_ layer: Int, _ segment: Int) -> Void) {
    let schedule = WavefrontSchedule(layers: layers, segments: segments, body: body)
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
    private let order: [(layer: Int, segment: Int)]
    private let body: @Sendable (Int, Int) -> Void
    private let next = Atomic<Int>(0)
    /// The segments that every layer has done.
    private let done: Mutex<[Int]>

    init(layers: Int, segments: Int, body: @escaping @Sendable (Int, Int) -> Void) {
        order = (0..<layers + segments - 1).flatMap { phase in
            (0..<layers).filter { (0..<segments).contains(phase - $0) }.map { ($0, phase - $0) }
        }
        self.body = body
        done = Mutex(Array(repeating: 0, count: layers))
    }

    func work() {
        while true {
            let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard place < order.count else { return }
            let (layer, segment) = order[place]
            while !isReady(layer, segment) { sched_yield() }
            body(layer, segment)
            done.withLock { $0[layer] = segment + 1 }
        }
    }

    private func isReady(_ layer: Int, _ segment: Int) -> Bool {
        done.withLock { $0[layer] == segment && (layer == 0 || $0[layer - 1] > segment) }
    }
}

/// Places for values that workers leave for each other, one for each layer and segment.
final class WavefrontPlaces<Value: Sendable>: Sendable {
    private let segments: Int
    private let values: Mutex<[Value?]>

    init(layers: Int, segments: Int) {
        self.segments = segments
        values = Mutex(Array(repeating: nil, count: layers * segments))
    }

    func put(_ value: Value, layer: Int, segment: Int) { values.withLock { $0[layer * segments + segment] = value } }

    /// The value, which is then no longer there.
    func take(layer: Int, segment: Int) -> Value? {
        values.withLock { values in
            let value = values[layer * segments + segment]
            values[layer * segments + segment] = nil
            return value
        }
    }
}
