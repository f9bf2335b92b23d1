import Recurrent
import RecurrentData
import RecurrentTraining

/// A configuration of data of which a share is held back.
public protocol DividedConfiguration: TaskConfiguration {
    /// The share for validation, 0 or more and less than 1.
    var validationFraction: Double { get set }
    /// The share for the test: none where a task keeps no test part.
    var testFraction: Double { get }
}

extension DividedConfiguration {
    /// No test part.
    public var testFraction: Double { 0 }

    /// How the data is divided.
    ///
    /// - Throws: `RecurrentError` naming the fraction that is out of its range.
    package func division() throws -> Division {
        try Division(validationFraction: validationFraction, testFraction: testFraction, seed: seed)
    }

    /// Checks the fractions.
    ///
    /// - Throws: `RecurrentError` naming the fraction that is out of its range.
    func validateDivision() throws { _ = try division() }
}

/// A configuration of data whose validation and test parts may have files of their own.
public protocol SeparableConfiguration: DividedConfiguration {
    /// The share for the test, 0 or more; with that for validation less than 1.
    var testFraction: Double { get set }
    /// The file or directory that chooses the best weights; nil for a share of the data.
    var validationData: String? { get set }
    /// The file or directory that the result is evaluated on; nil for a share of the data.
    var testData: String? { get set }
}

extension SeparableConfiguration {
    /// The configuration with all its files where another has them.
    public func withData(of other: Self) -> Self {
        var configuration = self
        (configuration.data, configuration.validationData, configuration.testData) =
            (other.data, other.validationData, other.testData)
        return configuration
    }
}

/// Data with what was read from files of its validation and test parts, where these have any.
package struct SeparableData<Whole: Sendable>: Sendable {
    /// What is divided, and trained on.
    package let whole: Whole
    /// What chooses the best weights in place of a share of the whole.
    package let validation: Whole?
    /// What the result is evaluated on in place of a share of the whole.
    package let test: Whole?

    /// Puts data together that was read already.
    init(_ whole: Whole, validation: Whole? = nil, test: Whole? = nil) {
        (self.whole, self.validation, self.test) = (whole, validation, test)
    }

    /// Reads all files of a configuration.
    /// - Parameter missing: What is expected where the configuration names no data.
    /// - Throws: `RecurrentError` where there is no data, and what `read` throws.
    init(_ configuration: some SeparableConfiguration, missing: String, read: (String) throws -> Whole) throws {
        guard let path = configuration.data else { throw RecurrentError("`data` is missing; expected \(missing)") }
        self.init(
            try read(path), validation: try configuration.validationData.map(read),
            test: try configuration.testData.map(read))
    }

    /// The parts as a configuration divides them.
    func parts(
        _ configuration: some DividedConfiguration, by divide: (Whole, Division) throws -> Parts<Whole>
    ) throws -> Parts<Whole> {
        try configuration.division().parts(of: whole, validation: validation, test: test) { try divide(whole, $0) }
    }

    /// What all files are known again by: where one ends counts.
    func fingerprint(_ write: (Whole, inout Fingerprint) -> Void) -> String {
        var fingerprint = Fingerprint()
        write(whole, &fingerprint)
        for part in [validation, test] where validation != nil || test != nil {
            fingerprint.update([0])
            part.map { write($0, &fingerprint) }
        }
        return fingerprint.text
    }
}
