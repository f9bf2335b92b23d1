import Testing

@testable import RecurrentPictures

/// Checks that no two of the rectangles overlap.
func checkApart(_ rectangles: [Rectangle], _ what: String) {
    for (index, first) in rectangles.enumerated() {
        for second in rectangles[(index + 1)...] where first.overlaps(second) {
            Issue.record("\(what): \(first) overlaps \(second)")
        }
    }
}
