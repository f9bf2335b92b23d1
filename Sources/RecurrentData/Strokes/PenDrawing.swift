/// One movement of a pen, from the point before.
public struct PenStep: Equatable, Sendable {
    /// The movement to the right.
    public var dx: Float
    /// The movement downwards, as on a screen.
    public var dy: Float
    /// Whether the pen is lifted after this point: the next movement is made in the air.
    public var endsStroke: Bool

    /// Makes a movement.
    public init(dx: Float, dy: Float, endsStroke: Bool) {
        self.dx = dx
        self.dy = dy
        self.endsStroke = endsStroke
    }
}

/// A drawing, or a line of handwriting, as a pen made it: a sequence of movements (Graves 2013, section 4).
public struct PenDrawing: Equatable, Sendable {
    /// The movements in order of time. The first leads from the origin to the first point of the first stroke.
    public var steps: [PenStep]
    /// What is written, where it is known.
    public var text: String?

    /// Makes a drawing.
    public init(steps: [PenStep], text: String? = nil) {
        self.steps = steps
        self.text = text
    }
}
