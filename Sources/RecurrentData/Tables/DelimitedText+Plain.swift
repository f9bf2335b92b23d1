extension DelimitedText {
    /// A cell without quotation marks.
    struct PlainCell {
        /// Its bytes' places in the text.
        let places: Range<Int>
        /// Its number, where it is one that has nothing but a sign, digits and a decimal mark.
        let number: WrittenNumber.Plain?
    }

    /// Reads the next record where it is as most of a large table are: of cells without quotation marks, as many as
    /// expected, with a plain number among them. `next()` finds the same in it, and in all others.
    ///
    /// - Parameters:
    ///   - count: The number of cells that is expected.
    ///   - mark: What stands before decimals.
    ///   - cells: Becomes the record's cells.
    /// - Returns: The record's line; nil where it is of another kind, and is still the next.
    mutating func nextPlain(count: Int, mark: DecimalMark, into cells: inout [PlainCell]) -> Int? {
        // A mark of decimals that also stands between cells is told apart by quotation marks, which are for `next()`.
        guard delimiter != Delimiter.blank.rawValue, delimiter != mark.byte else { return nil }
        let start = position
        let end = bytes.withUnsafeBufferPointer { text -> Int? in
            cells.removeAll(keepingCapacity: true)
            var place = start
            var hasNumber = false
            // Empty lines and comments are for `next()`, which counts them.
            var first = place
            while first < text.count, Self.isBlank(text[first]) { first += 1 }
            guard first < text.count, text[first] != commentMark else { return nil }
            while cells.count < count {
                while place < text.count, Self.isBlank(text[place]), text[place] != delimiter { place += 1 }
                guard place < text.count, text[place] != UInt8(ascii: "\"") else { return nil }
                let cellStart = place
                var number = WrittenNumber.Plain(text, from: place, mark)
                if let end = number?.end { place = end }
                while place < text.count, text[place] != delimiter, text[place] != UInt8(ascii: "\n") {
                    if !Self.isBlank(text[place]) { number = nil }
                    place += 1
                }
                var cellEnd = place
                while cellEnd > cellStart, Self.isBlank(text[cellEnd - 1]) { cellEnd -= 1 }
                hasNumber = hasNumber || number != nil
                cells.append(PlainCell(places: cellStart..<cellEnd, number: number))
                let isLast = cells.count == count
                guard place < text.count else { return isLast && hasNumber ? place : nil }
                guard (text[place] == UInt8(ascii: "\n")) == isLast else { return nil }
                place += 1
            }
            return hasNumber ? place : nil
        }
        guard let end else { return nil }
        position = end
        line += 1
        return line - 1
    }

    /// Some of the text's bytes.
    func bytes(_ places: Range<Int>) -> ArraySlice<UInt8> { bytes[places] }
}
