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
        for _ in 0..<warmUpSteps { step() }
        let clock = ContinuousClock()
        let begin = clock.now
        var times: [Duration] = []
        while true {
            let start = clock.now
            step()
            let end = clock.now
            times.append(end - start)
            if times.count >= leastSteps && (end - begin) / .seconds(1) >= seconds { break }
        }
        times.sort()
        let middle = times.count / 2
        let median = times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
        return median / .seconds(1)
    }
}
