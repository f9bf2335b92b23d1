import Testing

@testable import RecurrentData

@Suite struct WrittenNumberTests {
    private func read(_ text: String, _ mark: DecimalMark) -> Double? {
        WrittenNumber.read(Array(text.utf8)[...], mark)
    }

    @Test(
        arguments: [
            ("1", 1), ("-1.5", -1.5), ("+.5", 0.5), ("5.", 5), ("1e-3", 0.001), ("-1.5E3", -1500), ("007", 7),
            ("0.1", 0.1), ("123456789012345", 123_456_789_012_345), ("1234567890123456768", 1_234_567_890_123_456_768),
            ("0.000000000000001", 1e-15), ("3.141592653589793", 3.141592653589793), ("1,234", 1234),
            ("1,234.5", 1234.5),
            ("1,234,567", 1_234_567), ("1 234.5", 1234.5), ("1\u{A0}234", 1234), ("1\u{202F}234", 1234),
            ("1'234.5", 1234.5),
            ("0.5%", 0.5), ("5 %", 5), ("$0.5", 0.5), ("-$1,234.50", -1234.5), ("$-5", -5), ("5 \u{20AC}", 5),
            ("\u{A3}12", 12), ("\u{2212}3.5", -3.5), ("(10)", -10), ("($1,000)", -1000),
        ] as [(String, Double)])
    func withAPoint(_ text: String, _ number: Double) { #expect(read(text, .point) == number, "\(text)") }

    @Test(
        arguments: [
            ("1,5", 1.5), ("-0,12", -0.12), ("1.234,5", 1234.5), ("1.234", 1234), ("1 234,5", 1234.5), ("1'234", 1234),
            ("1,5e3", 1500), ("12,50 \u{20AC}", 12.5), ("\u{2212}3,5", -3.5), ("7", 7),
        ] as [(String, Double)])
    func withAComma(_ text: String, _ number: Double) { #expect(read(text, .comma) == number, "\(text)") }

    @Test(arguments: [
        "", "-", "+", ".", "e5", "1e", "inf", "nan", "0x10", "1e999", "1 2", "12 34", "1,23", "1,2345", ",123",
        "1,234,56",
        "1,234 567", "10 kg", "$", "%", "()", "(-5)", "--5", "$$5", "5-", "1.2.3", "\u{FF11}", "a1", "2017-01-02",
        "10 cal",
    ])
    func areNone(_ text: String) { #expect(read(text, .point) == nil, "\(text)") }

    @Test(arguments: ["1.5", "1,2,3", "1.23", "12.3456,7", "1,234,567"])
    func areNoneWithAComma(_ text: String) { #expect(read(text, .comma) == nil, "\(text)") }

    /// The fast way gives what the standard library gives, to the bit.
    @Test func areTheNearest() {
        var state: UInt64 = 1
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let digits = String(state >> 14).suffix(Int(state % 15) + 1)
            let place = Int(state >> 40) % (digits.count + 1)
            let text = digits.prefix(place) + "." + digits.dropFirst(place)
            #expect(read(String(text), .point) == Double(String(text.hasPrefix(".") ? "0" + text : text)), "\(text)")
        }
    }

    @Test func cellsTellTheirMark() {
        func told(_ text: String) -> DecimalMark? { DecimalMark.told(by: Array(text.utf8)[...]) }
        for text in ["1,5", "0,12", "1.234,5", "1.234.567", "12345,678", "1,2345"] {
            #expect(told(text) == .comma, "\(text)")
        }
        for text in ["1.5", "1,234.5", "1,234,567", "0.12"] { #expect(told(text) == .point, "\(text)") }
        for text in ["1,234", "1.234", "12", "a,b", "", "x 1.5"] { #expect(told(text) == nil, "\(text)") }
    }
}
