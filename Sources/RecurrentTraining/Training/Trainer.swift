import Recurrent

/// A model in training: it advances step by step, and can be put down as a checkpoint and taken up again to the bit.
public struct Trainer<Task: TrainingTask>: Sendable {
    /// The network and its parameters.
    public private(set) var model: Model<Task.Network>
    /// The rule that moves the parameters.
    public private(set) var optimizer: any Optimizer
    /// How gradients are bounded.
    public let clipping: GradientClipping
    /// How the learning rate changes from step to step.
    public let schedule: LearningRateSchedule
    /// What is trained, and on what.
    public private(set) var task: Task
    /// The number of updates made.
    public private(set) var step = 0
    /// The number of passes over the data completed.
    public private(set) var epoch = 0
    /// The number of batches of the pass under way that are done.
    public private(set) var position = 0
    private var carried: Task.Carried?
    private var lossSum = 0.0
    private var lossCount = 0
    private let epochRandom: RandomSource
    private let learningRate: Float

    /// Puts a model, a rule and a task together. The seed decides the order of shuffled data.
    public init(
        model: Model<Task.Network>, optimizer: any Optimizer, schedule: LearningRateSchedule = LearningRateSchedule(),
        clipping: GradientClipping = .none, task: Task, seed: UInt64
    ) {
        self.model = model
        self.optimizer = optimizer
        learningRate = optimizer.learningRate
        self.schedule = schedule
        self.clipping = clipping
        self.task = task
        epochRandom = RandomSource(seed: seed, operation: 2)
        self.task.beginEpoch(0, random: epochRandom.stream(3))
    }

    /// The number of passes over the data so far, with the part of the one under way.
    public var passes: Double { Double(epoch) + Double(position) / Double(task.stepsPerEpoch) }

    /// The mean loss of the steps since this was last reset.
    public var meanLoss: Double { lossCount == 0 ? .nan : lossSum / Double(lossCount) }

    /// Begins a new mean of losses.
    package mutating func resetMeanLoss() {
        lossSum = 0
        lossCount = 0
    }

    /// One step: the loss of the next batch, its gradients, the update.
    ///
    /// - Throws: `RecurrentError` naming the step when the loss or the gradients are not finite; the
    ///   parameters and the position are then what they were.
    @discardableResult
    public mutating func advance() throws -> TrainingStep<Void> {
        optimizer.learningRate = schedule.rate(at: step, base: learningRate)
        let result = model.train(with: &optimizer, clipping: clipping) { [task, position, carried] network in
            let (loss, next) = task.loss(of: network, position: position, carried: carried)
            return (loss: loss, other: next?.detached())
        }
        guard result.isFinite else {
            throw RecurrentError(
                "step \(step + 1): the loss is \(result.loss) and the norm of the gradients \(result.gradientNorm). "
                    + "Try a smaller learning rate or stronger gradient clipping")
        }
        carried = result.other
        lossSum += Double(result.loss)
        lossCount += 1
        step += 1
        position += 1
        if position == task.stepsPerEpoch {
            position = 0
            epoch += 1
            carried = nil
            task.beginEpoch(epoch, random: epochRandom.stream(3 + UInt64(epoch)))
        }
        return TrainingStep(loss: result.loss, gradientNorm: result.gradientNorm, other: ())
    }

    /// How good the model is on the task's validation data, or nil where there is none.
    ///
    /// - Throws: `RecurrentError` where the network cannot be judged because its weights are no numbers.
    public func validation() throws -> Evaluation? { try model.evaluate { try task.validation(of: $0) } }

    /// Everything that the training is at this step.
    package func checkpoint(configuration: String, dataFingerprint: String) -> Checkpoint {
        let layout = model.parameters.layout
        return Checkpoint(
            step: step, epoch: epoch, position: position, parameters: model.parameters.entries,
            statistics: model.statistics.entries,
            slots: optimizer.slots.mapValues { Parameters(layout: layout, values: $0).entries },
            carriedState: (carried?.tensors ?? []).enumerated().map {
                Checkpoint.Entry(name: "\($0.offset)", shape: $0.element.shape, values: $0.element.values)
            },
            randomStates: ["model": model.random], counters: ["optimizerSteps": optimizer.steps, "losses": lossCount],
            measures: ["lossSum": lossSum], level: RecurrentKernels.level,
            cells: Dictionary(model.cells.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first }),
            configuration: configuration, dataFingerprint: dataFingerprint)
    }

    /// Goes back, or on, to a checkpoint of this training.
    ///
    /// - Throws: `RecurrentError` naming `file` where the checkpoint belongs to another network or is incomplete.
    package mutating func restore(_ checkpoint: Checkpoint, file: String) throws {
        var parameters = model.parameters
        try parameters.load(checkpoint.parameters, file: file)
        var statistics = model.statistics
        try statistics.load(checkpoint.statistics, file: "\(file), the statistics")
        let layout = parameters.layout
        var slots: [String: [Float]] = [:]
        for (name, entries) in checkpoint.slots {
            var slot = Parameters(layout: layout, values: Array(repeating: 0, count: layout.count))
            try slot.load(entries, file: "\(file), the optimiser's \(name)")
            slots[name] = slot.values
        }
        guard let random = checkpoint.randomStates["model"], let steps = checkpoint.counters["optimizerSteps"],
            let losses = checkpoint.counters["losses"], let sum = checkpoint.measures["lossSum"],
            checkpoint.position < task.stepsPerEpoch, checkpoint.epoch <= checkpoint.step,
            (0...checkpoint.step).contains(losses), (0...Int(Int32.max)).contains(steps)
        else {
            throw RecurrentError(
                "\(file): the checkpoint lacks a part of this training's state, or has one that does not fit")
        }
        let zero = checkpoint.position == 0 ? nil : model.evaluate { task.zeroCarried(of: $0) }
        let shapes = (zero?.tensors ?? []).map(\.shape)
        let ordered = try checkpoint.carriedState.map { entry in
            guard let place = Int(entry.name) else {
                throw RecurrentError("\(file): the carried state \"\(entry.name)\" has no number for a name")
            }
            return (place, Tensor(entry.values, shape: entry.shape))
        }
        .sorted { $0.0 < $1.0 }
        guard ordered.map(\.0) == Array(shapes.indices), ordered.map(\.1.shape) == shapes else {
            throw RecurrentError(
                "\(file): the carried state has the shapes \(ordered.map(\.1.shape)); expected \(shapes)")
        }
        var optimizer = optimizer
        optimizer.restore(slots: slots, steps: steps)
        guard Set(optimizer.slots.keys) == Set(slots.keys), optimizer.steps == steps else {
            throw RecurrentError("\(file): \(slots.keys.sorted()) are not what this optimiser keeps between steps")
        }
        self.optimizer = optimizer
        model.parameters = parameters
        model.statistics = statistics
        model.random = random
        var parts = ordered.map(\.1)[...]
        carried = zero?.map { _ in parts.removeFirst() }
        step = checkpoint.step
        epoch = checkpoint.epoch
        position = checkpoint.position
        lossSum = sum
        lossCount = losses
        task.beginEpoch(epoch, random: epochRandom.stream(3 + UInt64(epoch)))
    }
}
