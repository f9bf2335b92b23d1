import Recurrent
import RecurrentPictures

/// What a run is and how it is trained: everything that decides the result. Stored as the run's `config.json`.
public protocol TaskConfiguration: Codable, Sendable, Equatable {
    /// The task's name in the configuration and on the command line.
    static var taskName: String { get }

    /// The task's name as stored.
    var task: String { get }

    /// The file or directory that the model is trained on; nil where the task makes its own data.
    var data: String? { get set }

    /// What all that is random follows from.
    var seed: UInt64 { get }

    /// The rule that moves the parameters, and how gradients are bounded.
    var optimization: Optimization { get set }

    /// Checks every number.
    ///
    /// - Throws: `RecurrentError` naming the property, its value and what is expected.
    func validate() throws

    /// Follows data that has moved.
    mutating func moveData(to path: String)

    /// The configuration with the data where another has it: the paths decide nothing, and what is in the files is known
    /// by its fingerprint.
    func withData(of other: Self) -> Self
}

extension TaskConfiguration {
    /// Takes the path.
    public mutating func moveData(to path: String) { data = path }

    /// The configuration with the other's `data`.
    public func withData(of other: Self) -> Self {
        var configuration = self
        configuration.data = other.data
        return configuration
    }
}

/// Data as it was read, known again by a fingerprint.
public protocol TaskSource: Sendable {
    /// What messages call the data, usually its path.
    var name: String { get }

    /// What the data is known again by: the `Fingerprint` of its bytes.
    var fingerprint: String { get }
}

/// A task whose training is kept in a run directory.
///
/// Between the configuration, which its user chose, and the network stands the preparation: what was found out from the
/// training data and the model is nothing without, such as a vocabulary, scalers or the names of the classes.
public protocol StoredTask: TrainingTask {
    /// What the user chose.
    associatedtype Configuration: TaskConfiguration
    /// What the data is before it is cut into batches.
    associatedtype Source: TaskSource
    /// What was found out from the training data.
    associatedtype Preparation: Codable & Sendable & Equatable

    /// The name of the run's file that holds the preparation.
    static var preparationFile: String { get }

    /// Reads the data.
    ///
    /// - Throws: `RecurrentError` naming the file and place of what cannot be used.
    static func read(_ configuration: Configuration) throws -> Source

    /// Finds out from the training data what the model needs to know.
    ///
    /// - Throws: `RecurrentError` where the data does not serve.
    static func prepare(_ source: Source, _ configuration: Configuration) throws -> Preparation

    /// Checks a preparation that was stored before, on its own and against a configuration.
    ///
    /// - Throws: `RecurrentError` saying what does not fit.
    static func check(_ preparation: Preparation, _ configuration: Configuration) throws

    /// Cuts the data into batches.
    ///
    /// - Throws: `RecurrentError` where the data does not fit the configuration or the preparation.
    init(_ configuration: Configuration, preparation: Preparation, source: Source) throws

    /// The network, whose parameters' names and shapes follow from the configuration and the preparation alone.
    static func makeNetwork(
        _ configuration: Configuration, _ preparation: Preparation, _ binder: inout Binder
    ) -> Network

    /// Bytes that training will need, roughly.
    static func estimatedBytes(_ configuration: Configuration, _ preparation: Preparation) -> Double

    /// The network as a picture: layers, shapes, the state that flows through time. `parameters` are the model's, for the
    /// counts.
    static func graph(
        _ configuration: Configuration, _ preparation: Preparation, parameters: ParameterLayout
    ) -> NetworkGraph

    /// Pictures of the trained model's work beside the training curves, by their file names without extension.
    ///
    /// - Throws: `RecurrentError` where the model gives nothing to draw.
    func pictures(of network: Network) throws -> [NamedPicture]
}

extension StoredTask {
    /// Everything that can be read fits.
    public static func check(_ preparation: Preparation, _ configuration: Configuration) throws {}

    /// `preparation.json`.
    public static var preparationFile: String { "preparation.json" }

    /// No pictures beside the curves.
    public func pictures(of network: Network) -> [NamedPicture] { [] }

    /// A model of the configuration, with the parameters that its seed gives.
    public static func makeModel(_ configuration: Configuration, _ preparation: Preparation) -> Model<Network> {
        Model(seed: configuration.seed) { binder in makeNetwork(configuration, preparation, &binder) }
    }
}
