import ArgumentParser
import Foundation
import Recurrent
import RecurrentTraining

/// `rnn inspect RUN`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what a run is: layers, shapes, parameters, and how far it is.")

    @Argument(help: "The directory of the run.")
    var path: String

    @Flag(help: "Write the network as a picture: graph.svg among the run's pictures, and graph.dot beside it.")
    var graph = false

    @Flag(help: "Print a JSON line only.")
    var json = false

    func run() throws {
        let task = try KnownTasks.task(ofRunAt: path)
        try task.inspect(path, json: json)
        if graph { try task.drawGraph(path) }
    }

    /// The parameters with their shapes and counts, and the total.
    static func table<Network>(of model: Model<Network>) -> String {
        let layout = model.parameters.layout
        let rows =
            layout.entries.map {
                ($0.name, $0.shape.map(String.init).joined(separator: " x "), Console.grouped($0.count))
            }
            + [("parameters", "", Console.grouped(layout.count))]
        let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0, rows.map(\.2.count).max() ?? 0)
        return rows.map { name, shape, count in
            "  " + name.padding(toLength: widths.0 + 2, withPad: " ", startingAt: 0)
                + shape.padding(toLength: widths.1 + 2, withPad: " ", startingAt: 0)
                + String(repeating: " ", count: widths.2 - count.count) + count
        }.joined(separator: "\n")
    }

    /// What the parameters of recurrent layers mean, a line for those that mean the same.
    static func meanings(of cells: [CellDescription]) -> [String] {
        var texts: [String] = []
        for cell in cells where !texts.contains(cell.text) { texts.append(cell.text) }
        return texts.map { text in
            cells.filter { $0.text == text }.map(\.name).joined(separator: ", ") + ": " + text
        }
    }
}

extension ShownTask {
    static func drawGraph(_ path: String) throws {
        let run = try TaskRun<Self>(openingAt: path)
        let layout = Self.makeModel(run.configuration, run.preparation).parameters.layout
        let graph = graph(run.configuration, run.preparation, parameters: layout)
        let picture = try graph.write(as: "graph", into: run.directory.picturesPath)
        let dot = try graph.writeDOT(as: "graph", into: run.directory.picturesPath)
        Console.note("Graph: \(picture), \(dot)")
    }

    static func inspect(_ path: String, json: Bool) throws {
        let run = try TaskRun<Self>(openingAt: path)
        let (model, step) = try run.model(.latest)
        let layout = model.parameters.layout
        let history = try run.directory.history()
        if json {
            let parameters = layout.entries.map { ["name": $0.name, "shape": $0.shape] as [String: any Sendable] }
            let cells = model.cells.map { cell in
                var fields: [String: any Sendable] = [
                    "name": cell.name, "kind": cell.kind, "gates": cell.gates, "equations": cell.equations,
                ]
                fields["forgetBias"] = cell.forgetBias.map { Double($0) }
                return fields
            }
            var fields: [String: any Sendable] = [
                "task": name, "title": title(run.configuration, run.preparation), "step": step,
                "parameters": parameters, "parameterCount": layout.count, "cells": cells,
            ]
            if let last = history.last { fields["trainLoss"] = last.trainLoss }
            if let loss = history.last?.validationLoss { fields["validationLoss"] = loss }
            return try Console.json(fields)
        }
        try Console.result(title(run.configuration, run.preparation))
        try Console.result("trained on \(run.configuration.data ?? "data of the task's own")")
        try Console.result(InspectCommand.table(of: model))
        for meaning in InspectCommand.meanings(of: model.cells) { try Console.result(meaning) }
        var progress = "step \(step)"
        if let last = history.last {
            progress += "  training loss \(Console.fixed(last.trainLoss))"
            if let loss = last.validationLoss { progress += "  validation loss \(Console.fixed(loss))" }
        }
        try Console.result(progress)
    }
}
