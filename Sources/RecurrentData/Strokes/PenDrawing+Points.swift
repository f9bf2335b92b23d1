import Recurrent

extension PenDrawing {
    /// The largest coordinate and the largest movement that is read from files.
    static let largestCoordinate = 1e9

    /// Makes a drawing of the points of its strokes, x to the right and y downwards. The first point becomes the origin.
    ///
    /// Strokes without points are left out, and points on the same place as the one before in their stroke.
    public init(strokes: [[SIMD2<Double>]], text: String? = nil) {
        self = PenDrawing(allPointsOf: strokes, text: text).withoutRestingSteps()
    }

    /// Makes a drawing with as many steps as there are points, also where the pen rests.
    init(allPointsOf strokes: [[SIMD2<Double>]], text: String?) {
        self.init(steps: [], text: text)
        var place = strokes.first { !$0.isEmpty }?.first ?? .zero
        for stroke in strokes {
            for (index, point) in stroke.enumerated() {
                let move = point - place
                place = point
                steps.append(
                    PenStep(dx: Float(move.x), dy: Float(move.y), endsStroke: index == stroke.count - 1))
            }
        }
    }

    /// The points of the strokes, from the origin on.
    public var strokes: [[SIMD2<Double>]] {
        var strokes: [[SIMD2<Double>]] = []
        var isDown = false
        var place = SIMD2<Double>.zero
        for step in steps {
            place += SIMD2(Double(step.dx), Double(step.dy))
            if !isDown { strokes.append([]) }
            strokes[strokes.count - 1].append(place)
            isDown = !step.endsStroke
        }
        return strokes
    }

    /// The drawing without the steps at which the pen rests: those of no movement within a stroke.
    ///
    /// A stroke that never moves becomes one point, which is a dot. The end of a stroke at a step that is left out moves
    /// to the one before. The last step always ends a stroke.
    package func withoutRestingSteps() -> PenDrawing {
        var kept: [PenStep] = []
        kept.reserveCapacity(steps.count)
        for step in steps {
            if let last = kept.last, !last.endsStroke, step.dx == 0, step.dy == 0 {
                kept[kept.count - 1].endsStroke = step.endsStroke
            } else {
                kept.append(step)
            }
        }
        if !kept.isEmpty { kept[kept.count - 1].endsStroke = true }
        return PenDrawing(steps: kept, text: text)
    }

    /// The drawing cut into pieces of at most so many steps.
    ///
    /// The cut is after the last stroke that ends in the second half of a piece, or, where none does, within a stroke,
    /// whose part before the cut then ends there. Every piece after the first begins at its own origin. The text is that
    /// of the whole, and is lost where there is a cut.
    public func pieces(limit: Int) -> [PenDrawing] {
        require(limit >= 1, "pieces of \(limit) steps; expected at least 1")
        guard steps.count > limit else { return [self] }
        var pieces: [PenDrawing] = []
        var rest = steps[...]
        while !rest.isEmpty {
            var count = min(limit, rest.count)
            if count < rest.count, let end = rest.prefix(limit).lastIndex(where: \.endsStroke) {
                let whole = end - rest.startIndex + 1
                if whole * 2 >= limit { count = whole }
            }
            var piece = Array(rest.prefix(count))
            if !pieces.isEmpty { (piece[0].dx, piece[0].dy) = (0, 0) }
            piece[count - 1].endsStroke = true
            pieces.append(PenDrawing(steps: piece))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}
