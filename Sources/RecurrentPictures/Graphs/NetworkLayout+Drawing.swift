extension NetworkLayout {
    /// Draws the whole graph.
    func draw(_ drawing: inout Drawing) {
        drawing.lines(titleLines, at: Point(16, 24), .title)
        let total = graph.nodes.reduce(0) { $0 + $1.parameters }
        let count = DecimalNumber(digits: total, exponent: 0).plain
        let y = 26 + Double(titleLines.count) * Lettering.title.lineHeight
        drawing.text(total == 0 ? "" : "\(count) parameters", at: Point(16, y), .small, style: "muted")
        for index in routes.indices { drawEdge(index, &drawing) }
        for index in boxes.indices {
            drawBox(index, &drawing)
            if let loop = loops[index] { drawLoop(loop, graph.nodes[index].state ?? "", &drawing) }
        }
        if loops.contains(where: { $0 != nil }) {
            let sample = Point(18, height - 20)
            drawArrow(through: [sample, Point(sample.x + 26, sample.y)], style: "state", &drawing)
            drawing.text(
                "state, handed to the next time step", at: Point(sample.x + 34, sample.y), .small, style: "muted")
        }
    }

    /// The style rules of the classes used.
    func rules(_ scheme: ColorScheme) -> [String] {
        let state = scheme.series[1].css
        return scheme.boxes.enumerated().map { index, color in
            let stroke = index == 2 ? scheme.series[0].css : scheme.axis.css
            return ".box\(index){fill:\(color.css);stroke:\(stroke);stroke-width:1.3}"
        } + [
            ".flow{fill:none;stroke:\(scheme.mutedText.css);stroke-width:1.4}",
            ".flowTip{fill:\(scheme.mutedText.css)}",
            ".state{fill:none;stroke:\(state);stroke-width:1.6}",
            ".stateTip{fill:\(state)}",
        ]
    }

    private func drawBox(_ index: Int, _ drawing: inout Drawing) {
        let (node, box) = (graph.nodes[index], boxes[index])
        drawing.rectangle(box, style: "box\(node.state != nil ? 2 : node.parameters > 0 ? 1 : 0)", radius: 8)
        let text = Lettering.name.lineHeight + Double(node.details.count) * Lettering.small.lineHeight
        let top = box.center.y - text / 2
        let name = Lettering.name.cut(node.name, to: NetworkLayout.textWidth)
        drawing.text(name, at: Point(box.center.x, top + Lettering.name.lineHeight / 2), .name, anchor: .middle)
        let details = node.details.map { Lettering.small.cut($0, to: NetworkLayout.textWidth) }
        let first = top + Lettering.name.lineHeight + Lettering.small.lineHeight / 2
        drawing.lines(details, at: Point(box.center.x, first), .small, anchor: .middle, style: "muted")
    }

    private func drawEdge(_ index: Int, _ drawing: inout Drawing) {
        let route = routes[index]
        let edge = graph.edges[index]
        guard let first = route.first, let last = route.last,
            let source = graph.nodes.firstIndex(where: { $0.name == edge.source }),
            let target = graph.nodes.firstIndex(where: { $0.name == edge.target })
        else { return }
        var path = PathData()
        path.move(to: Point(first.start.x, boxes[source].bottom))
        for curve in route {
            path.line(to: curve.start)
            let middle = (curve.start.y + curve.end.y) / 2
            path.curve(Point(curve.start.x, middle), Point(curve.end.x, middle), to: curve.end)
        }
        let end = Point(last.end.x, boxes[target].top)
        path.line(to: Point(end.x, end.y - 6))
        drawing.path(path, style: "flow")
        var tip = PathData()
        tip.polygon([end, Point(end.x - 4, end.y - 8), Point(end.x + 4, end.y - 8)])
        drawing.path(tip, style: "flowTip")
        if let label = edgeLabels[index] {
            let text = Lettering.small.cut(edge.label, to: NetworkLayout.textWidth)
            drawing.text(text, at: Point(label.left, label.center.y), .small, style: "muted")
        }
    }

    /// Draws the arrow of a state: out of the box's side and back into it.
    private func drawLoop(_ loop: (frame: Rectangle, label: Rectangle), _ state: String, _ drawing: inout Drawing) {
        let frame = loop.frame
        // A cubic curve reaches three quarters of the way to its control points.
        let reach = frame.left + frame.width * 4 / 3
        var path = PathData()
        path.move(to: Point(frame.left, frame.bottom - 4))
        path.curve(
            Point(reach, frame.bottom), Point(reach, frame.top), to: Point(frame.left + 6, frame.top + 4))
        drawing.path(path, style: "state")
        var tip = PathData()
        tip.polygon([
            Point(frame.left, frame.top + 4), Point(frame.left + 8, frame.top + 0.5),
            Point(frame.left + 8, frame.top + 8.5),
        ])
        drawing.path(tip, style: "stateTip")
        let text = Lettering.small.cut(state, to: NetworkLayout.textWidth)
        drawing.text(text, at: Point(loop.label.left, loop.label.center.y), .small)
    }

    private func drawArrow(through points: [Point], style: String, _ drawing: inout Drawing) {
        var path = PathData()
        path.line(through: points)
        drawing.path(path, style: style)
        let end = points[points.count - 1]
        var tip = PathData()
        tip.polygon([end, Point(end.x - 8, end.y - 4), Point(end.x - 8, end.y + 4)])
        drawing.path(tip, style: "\(style)Tip")
    }
}
