import ArgumentParser
import RecurrentTasks

/// Which share of the data is held back to choose the best weights.
struct ValidationOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Share of the data that chooses the best epoch; 0 for no choice.")
    var valFraction: Double?

    func apply(to configuration: inout some DividedConfiguration) {
        configuration.set(\.validationFraction, valFraction)
    }
}

/// How the data is divided into training, validation and test, of which the last two may have files of their own.
struct DivisionOptions: ParsableArguments {
    @OptionGroup var validation: ValidationOptions

    @Option(parsing: .unconditional, help: "Share of the data that the result is evaluated on.")
    var testFraction: Double?

    @Option(help: "What chooses the best epoch, in place of a share of the data.")
    var valData: String?

    @Option(help: "What the result is evaluated on, in place of a share of the data.")
    var testData: String?

    func validate() throws {
        for (part, file, share) in [("val", valData, validation.valFraction), ("test", testData, testFraction)] {
            guard file == nil || share == nil else {
                throw ValidationError(
                    "--\(part)-data takes the place of --\(part)-fraction; expected one of them, not both")
            }
        }
    }

    func apply(to configuration: inout some SeparableConfiguration) {
        validation.apply(to: &configuration)
        configuration.set(\.testFraction, testFraction)
        configuration.validationData = valData.map(RunOptions.absolutePath)
        configuration.testData = testData.map(RunOptions.absolutePath)
    }
}
