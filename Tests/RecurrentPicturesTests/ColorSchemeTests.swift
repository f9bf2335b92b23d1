import Foundation
import Testing

@testable import RecurrentPictures

@Suite struct ColorSchemeTests {
    private let schemes = [ColorScheme.light, .dark]

    @Test func contrastHasTheValuesOfTheGuidelines() {
        #expect(abs(Color(integerLiteral: 0xFFFFFF).contrast(with: 0x000000) - 21) < 1e-9)
        #expect(abs(Color(integerLiteral: 0x777777).contrast(with: 0xFFFFFF) - 4.48) < 0.005)
    }

    @Test func colorsStandOutFromTheirGround() {
        for scheme in schemes {
            for ground in [scheme.background] + scheme.bands {
                for color in scheme.series {
                    #expect(color.contrast(with: ground) >= 2.6, "\(color.css) on \(ground.css)")
                }
                #expect(scheme.text.contrast(with: ground) >= 7)
                #expect(scheme.mutedText.contrast(with: ground) >= 4.5)
            }
            for color in scheme.series { #expect(color.contrast(with: scheme.background) >= 3, "\(color.css)") }
            for ground in scheme.boxes { #expect(scheme.mutedText.contrast(with: ground) >= 4.5) }
        }
    }

    @Test func textsInCellsCanBeRead() {
        for scheme in schemes {
            for ramp in [scheme.sequential, scheme.diverging] {
                for step in 0...100 {
                    let color = ramp.color(at: Double(step) / 100)
                    #expect(color.contrast(with: color.readableText) >= 4.5)
                }
            }
        }
    }

    /// Greater numbers are darker on white and lighter on black, so that the scales can be read without colour.
    @Test func rampsAscend() {
        for (scheme, sign) in zip(schemes, [-1.0, 1]) {
            let sequential = (0...63).map { scheme.sequential.color(at: Double($0) / 63).luminance * sign }
            #expect(zip(sequential, sequential.dropFirst()).allSatisfy { $0 < $1 })
            let diverging = (0...31).map { scheme.diverging.color(at: 0.5 + Double($0) / 62).luminance * sign }
            #expect(zip(diverging, diverging.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    /// The first four colours as people without red, green or blue cones see them still differ.
    ///
    /// Matrices in linear RGB of Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color
    /// Vision Deficiency", 2009.
    @Test func firstColorsDifferForTheColorBlind() {
        let deficiencies: [[[Double]]] = [
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
        ]
        func seen(_ color: Color, _ matrix: [[Double]]) -> [Double] {
            let linear = [color.red, color.green, color.blue].map { pow(Double($0) / 255, 2.2) }
            return matrix.map { row in
                let sum = zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 }
                return pow(min(max(sum, 0), 1), 1 / 2.2) * 255
            }
        }
        for scheme in schemes {
            for matrix in deficiencies {
                let colors = scheme.series.prefix(4).map { seen($0, matrix) }
                for (index, first) in colors.enumerated() {
                    for second in colors[(index + 1)...] {
                        let distance = zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                        #expect(distance > 30, "\(first) and \(second)")
                    }
                }
            }
        }
    }

    @Test func colorsAreWrittenOut() {
        #expect(Color(integerLiteral: 0x0072B2).css == "#0072b2")
        #expect(Color(from: 0x000000, to: 0x204060, fraction: 0.5).css == "#102030")
    }
}
