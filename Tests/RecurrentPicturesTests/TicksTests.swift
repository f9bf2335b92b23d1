import Foundation
import Testing

@testable import Recurrent
@testable import RecurrentPictures

@Suite struct TicksTests {
    /// The number that a label says.
    private func number(_ label: String) -> Double? {
        let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        var plain = ""
        var isRaised = false
        for character in label.replacingOccurrences(of: "×10", with: "e").replacingOccurrences(of: "−", with: "-") {
            if let digit = superscripts.firstIndex(of: character) {
                if !isRaised, !plain.contains("e") { plain = "1e" }
                isRaised = true
                plain += "\(digit)"
            } else if character == "⁻" {
                if !plain.contains("e") { plain = "1e" }
                isRaised = true
                plain += "-"
            } else if character != "\u{2009}" {
                plain.append(character)
            }
        }
        return Double(plain)
    }

    @Test func linearTicks() {
        #expect(Ticks(linear: 0...1, atMost: 6, areWhole: false).labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(
            Ticks(linear: 0.9...4.3, atMost: 7, areWhole: false).labels == [
                "1.0", "1.5", "2.0", "2.5", "3.0", "3.5", "4.0",
            ])
        #expect(Ticks(linear: -3...12, atMost: 5, areWhole: false).labels == ["0", "5", "10"])
        #expect(Ticks(linear: -0.4...0.1, atMost: 4, areWhole: false).labels == ["−0.4", "−0.2", "0.0"])
        #expect(
            Ticks(linear: 0...15000, atMost: 4, areWhole: true).labels == [
                "0", "5000", "10\u{2009}000", "15\u{2009}000",
            ])
        #expect(
            Ticks(linear: 0...3e6, atMost: 4, areWhole: false).labels
                == ["0", "1×10⁶", "2×10⁶", "3×10⁶"].map { $0 == "1×10⁶" ? "10⁶" : $0 })
        #expect(Ticks(linear: 1...3, atMost: 10, areWhole: true).labels == ["1", "2", "3"])
    }

    @Test func logarithmicTicks() {
        #expect(Ticks(logarithmic: 1e-9...1, atMost: 5).labels == ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"])
        #expect(Ticks(logarithmic: 0.009...11, atMost: 5).labels == ["0.01", "0.1", "1", "10"])
        #expect(Ticks(logarithmic: 0.9...21, atMost: 6).labels == ["1", "2", "5", "10", "20"])
        #expect(Ticks(logarithmic: 0.009...11, atMost: 5).minor.count == 24 + 1)
        // Less than a decade: as on a linear axis.
        #expect(Ticks(logarithmic: 2.1...4.2, atMost: 6).labels == ["2.5", "3.0", "3.5", "4.0"])
    }

    /// Labels say exactly where their ticks are, differ, ascend and lie in the range, however great or small it is.
    @Test func labelsAreTrue() throws {
        var random = RandomSource(seed: 5, operation: 1)
        for _ in 0..<500 {
            let numbers = random.uniform(count: 3).map(Double.init)
            let size = pow(10, numbers[0] * 600 - 300)
            let (least, greatest) = (size * (numbers[1] * 2 - 1), size * (numbers[2] * 2 - 1))
            let axis = PlotAxis(.linear, showing: [least, greatest], margin: 0.05)
            var ticks = [Ticks(linear: axis.range, atMost: 7, areWhole: false)]
            #expect(ticks[0].values.count >= 2)
            let range = min(abs(least), abs(greatest))...max(abs(least), abs(greatest))
            ticks.append(Ticks(logarithmic: range, atMost: 7))
            for ticks in ticks {
                #expect(ticks.values.count <= 7)
                #expect(Set(ticks.labels).count == ticks.labels.count)
                for (value, label) in zip(ticks.values, ticks.labels) {
                    let said = try #require(number(label), "\(label)")
                    #expect(abs(said - value) <= 1e-12 * abs(value), "\(label) at \(value)")
                }
                for (first, second) in zip(ticks.values, ticks.values.dropFirst()) { #expect(first < second) }
            }
        }
    }

    @Test(arguments: [
        [], [0], [3], [-2, -2], [1e300, 1e300], [.leastNonzeroMagnitude], [0, .leastNonzeroMagnitude],
        [1, 1.0000000000000002], [1e9, 1e9 + 1],
        [-.greatestFiniteMagnitude, .greatestFiniteMagnitude], [.greatestFiniteMagnitude], [.nan, .infinity, 1],
        [-1, 0], [0, 1e-30],
    ])
    func anyNumbersHaveAnAxis(_ numbers: [Double]) {
        for scale in [AxisScale.linear, .logarithmic] {
            let axis = PlotAxis(scale, showing: numbers, margin: 0.05)
            #expect(axis.range.lowerBound < axis.range.upperBound)
            for number in numbers where axis.shows(number) {
                let fraction = axis.fraction(of: number)
                #expect((0...1).contains(fraction), "\(number) on \(axis.range)")
            }
            let ticks = axis.ticks(length: 300, atMost: 7) { _ in 24 }
            #expect(!ticks.values.isEmpty, "\(axis.range)")
        }
    }

    /// The wider the labels, the fewer they are; they never touch.
    @Test(arguments: [10.0, 40, 70, 140, 240]) func labelsHaveRoom(extent: Double) {
        for scale in [AxisScale.linear, .logarithmic] {
            let axis = PlotAxis(scale, showing: [0.03, 870], margin: 0.05)
            let ticks = axis.ticks(length: 600, atMost: 10) { _ in extent }
            #expect((1...10).contains(ticks.values.count))
            let places = ticks.values.map { axis.fraction(of: $0) * 600 }
            for (first, second) in zip(places, places.dropFirst()) { #expect(second - first >= extent) }
        }
    }

    @Test func constantsLieInTheMiddle() {
        let axis = PlotAxis(.linear, showing: [3, 3, 3], margin: 0.05)
        #expect(abs(axis.fraction(of: 3) - 0.5) < 1e-12)
        let logarithmic = PlotAxis(.logarithmic, showing: [3, 3], margin: 0.05)
        #expect(abs(logarithmic.fraction(of: 3) - 0.5) < 1e-12)
    }

    @Test func logarithmicAxesShowPositiveNumbersOnly() {
        let axis = PlotAxis(.logarithmic, showing: [-1, 0, 10, 1000], margin: 0)
        #expect(!axis.shows(0))
        #expect(!axis.shows(-1))
        #expect(abs(axis.fraction(of: 100) - 0.5) < 1e-9)
    }

    @Test func lossesDoNotGoBelowZero() {
        #expect(PlotAxis(.linear, showing: [0.01, 4], margin: 0.05).range.lowerBound == 0)
    }

    @Test func briefNumbers() {
        #expect(
            [0, 3, -7, 0.8, 0.05, 1234.4, 2.5e9, 1e-7, .nan, -.infinity].map(\.briefly)
                == ["0", "3", "−7", "0.8", "0.05", "1234", "2.5×10⁹", "1.0×10⁻⁷", "–", "−∞"])
    }
}
