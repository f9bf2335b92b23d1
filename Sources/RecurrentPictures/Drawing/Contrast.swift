import Foundation

extension Color {
    /// The relative luminance, 0 (black) to 1 (white), of the Web Content Accessibility Guidelines 2.
    var luminance: Double {
        func linear(_ channel: Int) -> Double {
            let share = Double(channel) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// The contrast ratio of two colours, 1 to 21, of the same guidelines.
    func contrast(with other: Color) -> Double {
        let (first, second) = (luminance + 0.05, other.luminance + 0.05)
        return max(first, second) / min(first, second)
    }

    /// Black or white, whichever stands out more from this colour: by 4.5 at least.
    var readableText: Color {
        contrast(with: 0xFFFFFF) > contrast(with: 0x000000) ? 0xFFFFFF : 0x000000
    }
}
