/// The colours of a light or a dark picture.
///
/// Series have the colours of Okabe and Ito ("Color Universal Design", 2008), which colour-blind readers can tell
/// apart, made darker or lighter until each stands out from its background by 3:1 at least.
struct ColorScheme {
    let background: Color
    let text: Color
    let mutedText: Color
    let grid: Color
    let axis: Color
    /// The shades of neighbouring bands.
    let bands: [Color]
    let series: [Color]
    /// The fills of a network's boxes: without parameters, with, and with a state.
    let boxes: [Color]
    /// From the least value to the greatest.
    let sequential: ColorRamp
    /// From the least, negative, over zero to the greatest.
    let diverging: ColorRamp

    /// For a white page.
    static let light = ColorScheme(
        background: 0xFFFFFF, text: 0x1B1F24, mutedText: 0x57606A, grid: 0xE4E7EB, axis: 0x8C959F,
        bands: [0xF4F6F8, 0xE8EEF4],
        series: [0x0072B2, 0xD55E00, 0x00A376, 0xC76FA1, 0x1B1F24, 0xB07700, 0x3D9BD3, 0x8A7F00],
        boxes: [0xFFFFFF, 0xF0F3F6, 0xE3F1FA],
        sequential: [0xFFFFFF, 0xD6E9F5, 0x7DBBE0, 0x0072B2, 0x00304D],
        diverging: [0x6B2F00, 0xD55E00, 0xF6C9A8, 0xFFFFFF, 0xA9D3EC, 0x0072B2, 0x00304D])

    /// For a dark screen.
    static let dark = ColorScheme(
        background: 0x15181C, text: 0xE8EAED, mutedText: 0xA8B0BA, grid: 0x2E343B, axis: 0x6E7781,
        bands: [0x1C2126, 0x252D36],
        series: [0x56B4E9, 0xF0742E, 0x7FE0C0, 0xCC79A7, 0xF2F2F2, 0xE6A800, 0x3B8FD0, 0xF0E442],
        boxes: [0x15181C, 0x232930, 0x12354D],
        sequential: [0x15181C, 0x0C3550, 0x0072B2, 0x56B4E9, 0xEAF6FE],
        diverging: [0xFFDFC4, 0xF08A3C, 0x5A2E10, 0x15181C, 0x0C3F62, 0x56B4E9, 0xEAF6FE])

    /// The style rules that every picture needs.
    var rules: [String] {
        [".background{fill:\(background.css)}", ".text{fill:\(text.css)}", ".muted{fill:\(mutedText.css)}"]
    }
}

/// A colour by its red, green and blue, each 0 to 255.
struct Color: ExpressibleByIntegerLiteral, Hashable {
    let red, green, blue: Int

    /// A colour of its notation in hexadecimal, as `0xRRGGBB`.
    init(integerLiteral value: Int) {
        (red, green, blue) = (value >> 16 & 255, value >> 8 & 255, value & 255)
    }

    /// The colour between two.
    init(from first: Color, to second: Color, fraction: Double) {
        func mix(_ first: Int, _ second: Int) -> Int {
            Int((Double(first) + fraction * Double(second - first)).rounded())
        }
        red = mix(first.red, second.red)
        green = mix(first.green, second.green)
        blue = mix(first.blue, second.blue)
    }

    /// The colour as style sheets have it.
    var css: String {
        let digits = String(red << 16 | green << 8 | blue, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }
}

/// Colours that pass into one another.
struct ColorRamp: ExpressibleByArrayLiteral {
    let colors: [Color]

    /// A ramp of its colours at equal distances.
    init(arrayLiteral colors: Color...) {
        self.colors = colors
    }

    /// The colour at a fraction of the ramp's length.
    func color(at fraction: Double) -> Color {
        let place = min(max(fraction, 0), 1) * Double(colors.count - 1)
        let index = min(Int(place), colors.count - 2)
        return Color(from: colors[index], to: colors[index + 1], fraction: place - Double(index))
    }
}
