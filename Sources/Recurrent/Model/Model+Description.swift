extension Model: CustomStringConvertible {
    /// The parameters' names, shapes and numbers of elements, a line each, and their sum.
    public var description: String {
        let rows = parameters.layout.entries.map { entry in
            (
                name: entry.name, shape: entry.shape.map(String.init).joined(separator: " x "),
                count: String(entry.count), isFrozen: entry.isFrozen
            )
        }
        let nameWidth = rows.map(\.name.count).max() ?? 0
        let shapeWidth = rows.map(\.shape.count).max() ?? 0
        let countWidth = rows.map(\.count.count).max() ?? 0
        func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }
        let lines = rows.map { row in
            row.name + blanks(nameWidth - row.name.count + 2) + row.shape
                + blanks(shapeWidth - row.shape.count + 2 + countWidth - row.count.count) + row.count
                + (row.isFrozen ? "  frozen" : "")
        }
        return (lines + ["\(parameters.layout.count) parameters"]).joined(separator: "\n")
    }
}
