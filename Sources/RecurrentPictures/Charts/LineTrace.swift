/// A line in a picture: points without a gap, one run after the other.
struct LineTrace: Equatable {
    private(set) var runs: [[Point]] = []

    /// The line through the places; where one is lacking, there is a gap.
    init(_ places: [Point?]) {
        var run: [Point] = []
        for place in places {
            if let place {
                run.append(place)
            } else if !run.isEmpty {
                runs.append(run)
                run = []
            }
        }
        if !run.isEmpty { runs.append(run) }
    }

    var pointCount: Int { runs.reduce(0) { $0 + $1.count } }

    /// The same line with four points in each column of pixels at most: the first, the lowest, the highest, the last.
    ///
    /// It looks the same as the whole line (Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation",
    /// 2014).
    func thinned() -> LineTrace {
        var thin = self
        thin.runs = runs.map { run in
            var kept: [Point] = []
            var start = 0
            while start < run.count {
                let column = run[start].x.rounded(.down)
                var (lowest, highest, end) = (start, start, start)
                while end < run.count, run[end].x.rounded(.down) == column {
                    if run[end].y < run[lowest].y { lowest = end }
                    if run[end].y > run[highest].y { highest = end }
                    end += 1
                }
                var last = -1
                for index in [start, min(lowest, highest), max(lowest, highest), end - 1] where index > last {
                    kept.append(run[index])
                    last = index
                }
                start = end
            }
            return kept
        }
        return thin
    }
}
