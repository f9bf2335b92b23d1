import TestSupport
import Testing

@testable import Recurrent
@testable import RecurrentPictures

@Suite struct ImageGridTests {
    private func noise(_ count: Int, seed: UInt64 = 1) -> [Double] {
        var random = RandomSource(seed: seed, operation: 1)
        return random.uniform(count: count).map(Double.init)
    }

    /// Not even noise, the worst of pictures, makes a great file.
    @Test func filesAreSmall() throws {
        let images = (0..<40).map { index in
            ImageGrid.Image(pixels: noise(784, seed: UInt64(index)), width: 28, caption: "\(index) taken for <1>")
        }
        let picture = ImageGrid(title: "Digits", images: images)
        #expect(picture.svg().utf8.count < 300_000)
        try checkPicture(picture)
        #expect(try PictureReader(picture.svg()).texts(of: "text").contains("7 taken for <1>"))
    }

    /// The runs, painted again, make the picture's pixels.
    @Test func pixelsAreTheirGreys() throws {
        let pixels = noise(12)
        let picture = ImageGrid(title: "", images: [.init(pixels: pixels, width: 4, caption: "")])
        let reader = try PictureReader(picture.svg())
        func grey(_ color: String) throws -> Int { try #require(Int(color.suffix(2), radix: 16)) }
        let ground = try #require(reader.values("fill", of: "ground").first)
        var painted = Array(repeating: try grey(ground), count: 12)
        for (stroke, path) in zip(reader.values("stroke", of: "pixels"), reader.values("d", of: "pixels")) {
            for run in path.split(separator: "M") {
                let parts = run.split { $0 == " " || $0 == "h" }
                let start = try #require(Int(parts[0]))
                let row = try #require(Double(parts[1]))
                for column in start..<(start + (try #require(Int(parts[2])))) {
                    painted[Int(row) * 4 + column] = try grey(stroke)
                }
            }
        }
        for (painted, pixel) in zip(painted, pixels) { #expect(abs(Double(painted) / 255 - pixel) <= 1.0 / 30 + 0.003) }
    }

    @Test func strangePictures() throws {
        try checkPicture(ImageGrid(title: "None", images: []))
        try checkPicture(
            ImageGrid(
                title: String(repeating: "Long ", count: 60),
                images: [
                    .init(pixels: [], width: 3, caption: "empty"),
                    .init(pixels: [.nan, -1, 2, .infinity], width: 4, caption: String(repeating: "long ", count: 30)),
                    .init(pixels: [0.5], width: 1, caption: "one"),
                    .init(pixels: noise(32 * 5), width: 32, caption: "wide"),
                ]))
    }
}
