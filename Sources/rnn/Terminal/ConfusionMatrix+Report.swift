import Foundation
import Recurrent

extension ConfusionMatrix {
    /// A table with a line for each class: precision, recall, F1 and the number of its examples; and their means.
    var lines: [String] {
        let names = classNames.map { String($0.prefix(40)) }
        let width = max(names.map(\.count).max() ?? 0, "macro average".count)
        func line(_ name: String, _ cells: [String]) -> String {
            let columns = cells.map { String(repeating: " ", count: max(0, 11 - $0.count)) + $0 }
            return "  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + columns.joined()
        }
        func numbers(_ values: [Double], _ count: Int) -> [String] {
            values.map { String(format: "%.4f", $0) } + [Console.grouped(count)]
        }
        return [line("", ["precision", "recall", "F1", "examples"])]
            + classNames.indices.map { label in
                line(
                    names[label], numbers([precision(of: label), recall(of: label), f1(of: label)], support(of: label)))
            }
            + [line("macro average", numbers([precision, recall, f1].map(macroAverage), count))]
    }

    /// The same as fields of JSON, with the counts `[actual][predicted]`.
    var fields: [String: any Sendable] {
        let classes = classNames.indices.map { label in
            [
                "label": classNames[label], "precision": precision(of: label), "recall": recall(of: label),
                "f1": f1(of: label), "examples": support(of: label),
            ] as [String: any Sendable]
        }
        return [
            "accuracy": accuracy, "macroPrecision": macroAverage(precision), "macroRecall": macroAverage(recall),
            "macroF1": macroAverage(f1), "classes": classes, "confusion": counts,
        ]
    }
}
