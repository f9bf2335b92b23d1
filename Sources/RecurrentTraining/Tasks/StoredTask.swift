import Recurrent
import RecurrentPictures

/// What a run is and how it is trained: everything that decides the result. Stored as the run's `config.json`.
public protocol TaskConfiguration: Codable, Sendable, Equatable {
    /// Makes the default configuration. A stored one that lacks a property, because it is of a version before, has this
    /// one's value: a new property's default is what was done before it.
    init()

    /// The task's name in the configuration and on the command line.
    static var taskName: String { get }

    /// The file or directory that the model is trained on; nil where the task makes its own data.
    var data: String? { get set }

    /// The seed of all that is random.
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

/// Data as it was read, identified by a fingerprint.
public struct TaskSource<RawData: Sendable>: Sendable {
    /// What was read.
    public let data: RawData
    /// What messages call the data, usually its path.
    public let name: String
    /// What identifies the data: the `Fingerprint` of its bytes.
    public let fingerprint: String
    /// All the files that the fingerprint is of, or the name where it is of one.
    let names: String

    /// Puts data, its name and its fingerprint together.
    /// - Parameter others: Further files that the fingerprint is of.
    public init(_ data: RawData, name: String, fingerprint: String, others: [String] = []) {
        (self.data, self.name, self.fingerprint) = (data, name, fingerprint)
        names = ([name] + others).joined(separator: " or ")
    }
}

/// The source of a task that makes its own data: there is nothing to read, and nothing that could change.
public typealias GeneratedSource = TaskSource<Void>

extension TaskSource<Void> {
    /// Names what is made, as in "generated lists"; the fingerprint is that of the name.
    public init(name: String) { self.init((), name: name, fingerprint: Fingerprint(Array(name.utf8)).text) }
}

/// A network that is made from a configuration and what was found out from its training data.
public protocol StoredNetwork {
    /// What the user chose.
    associatedtype Configuration
    /// What was found out from the training data.
    associatedtype Preparation

    /// Makes the network, whose parameters' names and shapes follow from the configuration and the preparation alone.
    init(_ configuration: Configuration, _ preparation: Preparation, _ binder: inout Binder)
}

/// A task whose training is kept in a run directory.
///
/// Between the configuration, which its user chose, and the network stands the preparation: what was found out from the
/// training data and the model is nothing without, such as a vocabulary, scalers or the names of the classes.
public protocol StoredTask: TrainingTask {
    /// What the user chose.
    associatedtype Configuration: TaskConfiguration
    /// What the data is before it is cut into batches.
    associatedtype RawData: Sendable
    /// What was found out from the training data.
    associatedtype Preparation: Codable & Sendable & Equatable

    /// The data with its name and its fingerprint.
    typealias Source = TaskSource<RawData>

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
    /// The network that its configuration and preparation make.
    public static func makeNetwork(
        _ configuration: Configuration, _ preparation: Preparation, _ binder: inout Binder
    ) -> Network
    where Network: StoredNetwork, Network.Configuration == Configuration, Network.Preparation == Preparation {
        Network(configuration, preparation, &binder)
    }

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

/// What a task keeps that has to find nothing out from its data.
public struct NoPreparation: Codable, Sendable, Equatable {
    /// Makes it.
    public init() {}
}

extension StoredTask where Preparation == NoPreparation {
    /// Nothing is to be found out.
    public static func prepare(_ source: Source, _ configuration: Configuration) -> NoPreparation { NoPreparation() }
}
