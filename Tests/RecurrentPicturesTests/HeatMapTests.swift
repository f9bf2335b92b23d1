import TestSupport
import Testing

@testable import RecurrentPictures

@Suite struct HeatMapTests {
    private func map(rows: Int, columns: Int, label: String = "class") -> HeatMap {
        HeatMap(
            title: "Attention", rowAxis: "output", columnAxis: "input", rowLabels: (0..<rows).map { "\(label) \($0)" },
            columnLabels: (0..<columns).map { "\(label) \($0)" },
            values: (0..<rows).map { row in (0..<columns).map { Double(row * $0) } }, valueName: "weight")
    }

    @Test func confusionMatrix() throws {
        let picture = HeatMap(title: "Digits", counts: [[8, 2], [0, 0]], labels: ["0", "1"])
        #expect(picture.values == [[0.8, 0.2], [0, 0]])
        #expect(picture.cellTexts == [["8", "2"], ["0", "0"]])
        #expect(picture.range == 0...1)
        try checkPicture(picture)
        let texts = try PictureReader(picture.svg()).texts(of: "text")
        for text in ["8", "2", "actual", "predicted", "share of the row"] { #expect(texts.contains(text)) }
    }

    @Test func ranges() {
        #expect(HeatMap(title: "", values: [[1, 4], [.nan, 2]]).range == 1...4)
        #expect(HeatMap(title: "", values: [[-1, 4]]).range == -4...4)
        #expect(HeatMap(title: "", values: [[3]]).range == 0...3)
        #expect(HeatMap(title: "", values: [[0, 0]]).range == 0...1)
        #expect(HeatMap(title: "", values: []).range == 0...1)
        #expect(HeatMap(title: "", values: [[5]], range: 0...10).range == 0...10)
    }

    @Test func levels() {
        let layout = HeatMapLayout(of: HeatMap(title: "", values: [[0, 1]]))
        #expect(layout.level(of: 0) == 0)
        #expect(layout.level(of: 1) == 63)
        #expect(layout.level(of: 7) == 63)
        #expect(layout.level(of: -7) == 0)
        #expect(layout.level(of: .nan) == nil)
    }

    /// Every cell is painted once, in the colour of its number.
    @Test func cellsArePainted() throws {
        let picture = HeatMap(title: "", values: [[0, 0, 1], [1, .nan, 0.5]])
        let layout = HeatMapLayout(of: picture)
        let reader = try PictureReader(picture.svg())
        let corner = layout.table
        let cell = Drawing.number(layout.cell)
        let (first, second) = (Drawing.number(corner.left), Drawing.number(corner.left + 2 * layout.cell))
        let top = Drawing.number(corner.top)
        let double = Drawing.number(2 * layout.cell)
        #expect(reader.values("d", of: "level0") == ["M\(first) \(top)h\(double)v\(cell)h-\(double)Z"])
        #expect(reader.values("d", of: "level63")[0].hasPrefix("M\(second) \(top)h\(cell)v\(cell)h-\(cell)Z"))
        #expect(reader.values("d", of: "missing").count == 1)
    }

    @Test(arguments: [1, 2, 3, 10, 18, 40, 100, 300]) func anySize(_ count: Int) throws {
        for label in ["", "a very long name of a class of things that are much alike"] {
            let picture = map(rows: count, columns: max(1, count / 2), label: label)
            try checkPicture(picture)
            let layout = HeatMapLayout(of: picture)
            #expect(layout.table.right < layout.width)
            #expect(layout.table.bottom < layout.height)
            // Labels do not touch: neither along the rows nor along the columns.
            let distance = Double(layout.labelStride) * layout.cell
            #expect(distance >= Lettering.small.lineHeight)
            let widest = layout.columnTexts.map(Lettering.small.width).max() ?? 0
            switch layout.columnAngle {
            case 0: #expect(distance >= widest)
            case -45: #expect(distance * 0.7 >= Lettering.small.size)
            default: break
            }
            let rowsWidth = layout.rowTexts.map(Lettering.small.width).max() ?? 0
            #expect(rowsWidth + 6 + 26 <= layout.table.left)
            if let lettering = layout.cellLettering {
                let texts = picture.cellTexts.joined().map(lettering.width)
                #expect(texts.allSatisfy { $0 <= layout.cell })
                #expect(count <= 20)
            }
        }
    }

    @Test func emptyMaps() throws {
        try checkPicture(HeatMap(title: "Nothing", values: []))
        try checkPicture(HeatMap(title: "Nothing", values: [[], []]))
        try checkPicture(HeatMap(title: "Nothing", values: [[.nan, .infinity]]))
        try checkPicture(HeatMap(title: "<&>", counts: [], labels: []))
        try checkPicture(HeatMap(title: "Great", values: [[-1e300, 1e300], [1e-300, 0]]))
    }

    @Test func constantsAndGreatNumbers() throws {
        try checkPicture(HeatMap(title: "Constant", values: [[1e9, 1e9], [1e9, 1e9]]))
        try checkPicture(HeatMap(title: "Constant", values: [[-2, -2]]))
        try checkPicture(HeatMap(title: "Constant", values: [[3]], range: 3...3))
    }
}
