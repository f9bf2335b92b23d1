/// Repeats a step for a while and takes the median of its times.
struct StepTiming: Sendable {
    /// For how long.
    let seconds: Double
    /// The steps made at least, after those that are not counted.
    var leastSteps = 5
    /// The steps made first, whose times are not counted: they allocate memory and wake the threads.
    var warmUpSteps = 2

    init(seconds: Double) { self.seconds = seconds }

    func median(_ step: () -> Void) -> Double {
        withoutActuallyEscaping(step) { medians([$0])[0] }
    }

    /// The median times of several steps, which are made in turn, so that what disturbs one disturbs the others.
    func medians(_ steps: [() -> Void]) -> [Double] {
        for _ in 0..<warmUpSteps { for step in steps { step() } }
        let clock = ContinuousClock()
        let begin = clock.now
        var times: [[Duration]] = Array(repeating: [], count: steps.count)
        while true {
            for (index, step) in steps.enumerated() {
                let start = clock.now
                step()
                times[index].append(clock.now - start)
            }
            if times[0].count >= leastSteps && (clock.now - begin) / .seconds(1) >= seconds { break }
        }
        return times.map { times in
            let times = times.sorted()
            let middle = times.count / 2
            let median = times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
            return median / .seconds(1)
        }
    }
}
