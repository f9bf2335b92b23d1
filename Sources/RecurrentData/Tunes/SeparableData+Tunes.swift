import Recurrent

extension [Tune]: SeparableExamples {
    /// The pieces in parts.
    package func divided(by division: Division) -> Parts<[Tune]> {
        division.places(count: count).map { places in places.map { self[$0] } }
    }
}

extension SeparableData<[Tune]> {
    /// What identifies the pieces: lists of pieces of time steps of pitches, written as JSON has them.
    package var fingerprint: String {
        var fingerprint = Fingerprint()
        func list<Element>(_ elements: [Element], _ write: (Element) -> Void) {
            fingerprint.update(text: "[")
            for (place, element) in elements.enumerated() {
                if place > 0 { fingerprint.update(text: ", ") }
                write(element)
            }
            fingerprint.update(text: "]")
        }
        let isWhole = validation == nil && test == nil
        list([whole] + (isWhole ? [] : [validation ?? [], test ?? []])) { part in
            list(part) { piece in list(piece.steps) { list($0) { fingerprint.update(text: String($0)) } } }
        }
        return fingerprint.text
    }
}
