/// Something that can be drawn as an SVG document.
///
/// A document stands alone: it loads nothing, has a title for screen readers, and shows itself light or dark as the
/// reader's screen is set. The same picture gives the same bytes.
public protocol SVGPicture: Sendable {
    /// What stands above the picture, and what a screen reader says first.
    var title: String { get }

    /// The whole SVG document.
    func svg() -> String
}
