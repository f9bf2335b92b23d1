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

extension TaskSource {
    /// Reads all files of a configuration.
    /// - Parameters:
    ///   - missing: What is expected where the configuration names no data.
    ///   - write: Writes what identifies a file into a fingerprint; where one file ends counts.
    /// - Throws: `RecurrentError` where there is no data, and what `read` throws.
    init<Whole>(
        _ configuration: some SeparableConfiguration, missing: String, read: (String) throws -> Whole,
        write: (Whole, inout Fingerprint) -> Void
    ) throws where RawData == SeparableData<Whole> {
        guard let path = configuration.data else { throw RecurrentError("`data` is missing; expected \(missing)") }
        let data = SeparableData(
            try read(path), validation: try configuration.validationData.map(read),
            test: try configuration.testData.map(read))
        var fingerprint = Fingerprint()
        write(data.whole, &fingerprint)
        for part in [data.validation, data.test] where data.validation != nil || data.test != nil {
            fingerprint.update([0])
            part.map { write($0, &fingerprint) }
        }
        let others = [configuration.validationData, configuration.testData].compactMap { $0 }
        self.init(data, name: path, fingerprint: fingerprint.text, others: others)
    }

    /// The parts as a configuration divides them.
    package func parts<Whole: SeparableExamples>(
        _ configuration: some DividedConfiguration
    ) throws -> Parts<Whole> where RawData == SeparableData<Whole> {
        try data.divided(by: configuration.division())
    }
}

extension TaskRun where Task.Configuration: DividedConfiguration {
    /// What the run kept for its test, or all of another path's data, and what messages call it.
    ///
    /// - Throws: `RecurrentError` where it cannot be read.
    package func evaluated<Whole: SeparableExamples>(
        of path: String?
    ) throws -> (examples: Whole, name: String) where Task.RawData == SeparableData<Whole> {
        let source = try source(dataPath: path)
        guard isOwn(source, from: path) else { return (source.data.whole, source.name) }
        let (part, name) = try source.parts(configuration).evaluation { $0.count == 0 }
        return (part, "\(name) of \(source.name)")
    }
}
