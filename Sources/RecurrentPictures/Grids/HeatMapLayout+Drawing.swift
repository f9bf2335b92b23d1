extension HeatMapLayout {
    /// Draws the whole map.
    func draw(_ drawing: inout Drawing) {
        drawing.lines(title, at: Point(16, 24), .title)
        drawCells(&drawing)
        drawTexts(&drawing)
        drawLabels(&drawing)
        drawScale(&drawing)
    }

    /// Draws the cells, one path for each colour, in which neighbours of a row are one rectangle.
    private func drawCells(_ drawing: inout Drawing) {
        var paths = Array(repeating: PathData(), count: HeatMapLayout.levels)
        var missing = PathData()
        for (row, values) in map.values.enumerated() {
            let levels = values.map(level)
            let top = table.top + Double(row) * cell
            var start = 0
            while start < levels.count {
                let end = levels[start...].firstIndex { $0 != levels[start] } ?? levels.count
                let left = table.left + Double(start) * cell
                let length = Double(end - start) * cell
                if let level = levels[start] {
                    paths[level].rectangle(Rectangle(left: left, top: top, width: length, height: cell))
                } else {
                    for column in start..<end {
                        let x = table.left + Double(column) * cell
                        missing.line(through: [Point(x, top + cell), Point(x + cell, top)])
                    }
                }
                start = end
            }
        }
        for (level, path) in paths.enumerated() {
            drawing.path(path, style: "level\(level)", attributes: " shape-rendering=\"crispEdges\"")
        }
        drawing.path(missing, style: "missing")
        guard table.width > 0, table.height > 0 else {
            drawing.text("no data", at: Point(width / 2, table.top + 30), .label, anchor: .middle, style: "muted")
            return
        }
        if cell >= 10 {
            var lines = PathData()
            for row in 1..<max(map.values.count, 1) {
                lines.level(from: Point(table.left, table.top + Double(row) * cell), length: table.width)
            }
            for column in 1..<max(map.values[0].count, 1) {
                let x = table.left + Double(column) * cell
                lines.line(through: [Point(x, table.top), Point(x, table.bottom)])
            }
            drawing.path(lines, style: "cells")
        }
        drawing.rectangle(table, style: "frame")
    }

    private func drawTexts(_ drawing: inout Drawing) {
        guard let cellLettering else { return }
        for (row, texts) in map.cellTexts.enumerated() {
            for (column, text) in texts.enumerated() {
                guard let level = level(of: map.values[row][column]) else { continue }
                let place = Point(
                    table.left + (Double(column) + 0.5) * cell, table.top + (Double(row) + 0.5) * cell)
                drawing.text(text, at: place, cellLettering, anchor: .middle, style: "on\(level)")
            }
        }
    }

    private func drawLabels(_ drawing: inout Drawing) {
        for row in stride(from: 0, to: rowTexts.count, by: labelStride) {
            let y = table.top + (Double(row) + 0.5) * cell
            drawing.text(rowTexts[row], at: Point(table.left - 6, y), .small, anchor: .end)
        }
        for column in stride(from: 0, to: columnTexts.count, by: labelStride) {
            let x = table.left + (Double(column) + 0.5) * cell
            let place = Point(x, table.bottom + (columnAngle == 0 ? 12 : 8))
            drawing.text(
                columnTexts[column], at: place, .small, anchor: columnAngle == 0 ? .middle : .end, angle: columnAngle)
        }
        drawing.text(map.rowAxis, at: Point(18, table.center.y), .label, anchor: .middle, angle: -90)
        drawing.text(map.columnAxis, at: Point(table.center.x, height - 16), .label, anchor: .middle)
    }

    /// Draws the colours beside the table, from the first at the bottom to the last at the top.
    private func drawScale(_ drawing: inout Drawing) {
        let bar = Rectangle(left: table.right + 20, top: table.top, width: 14, height: scaleLength)
        let step = scaleLength / Double(HeatMapLayout.levels)
        for level in 0..<HeatMapLayout.levels {
            let top = bar.bottom - Double(level + 1) * step
            // Each reaches below the next lower one, so that no seam shows.
            let piece = Rectangle(left: bar.left, top: top, width: bar.width, height: min(step * 2, bar.bottom - top))
            drawing.rectangle(piece, style: "level\(level)")
        }
        drawing.rectangle(bar, style: "frame")
        var marks = PathData()
        for (value, label) in zip(scaleTicks.values, scaleTicks.labels) {
            let y = bar.bottom - scaleLength * scaleAxis.fraction(of: value)
            marks.level(from: Point(bar.right, y), length: 4)
            drawing.text(label, at: Point(bar.right + 8, y), .small, style: "muted")
        }
        drawing.path(marks, style: "frame")
        let name = Lettering.label.cut(map.valueName, to: scaleLength)
        drawing.text(name, at: Point(scaleNamePlace, bar.center.y), .label, anchor: .middle, angle: -90)
    }
}
