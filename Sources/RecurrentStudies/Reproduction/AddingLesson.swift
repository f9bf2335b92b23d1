import RecurrentTasks
import RecurrentTraining

/// One network's training on the adding problem, ended early where the problem is solved.
struct AddingLesson {
    let configuration: AddingConfiguration
    /// The steps after which the network was judged.
    private(set) var steps: [Int] = []
    /// The mean squared error on the validation sequences after each of these.
    private(set) var squaredErrors: [Double] = []
    let seconds: Double

    /// Trains for so many steps at most, judging after every 50, and no longer than until the squared error is down at the
    /// goal.
    ///
    /// - Throws: `RecurrentError` where the loss is no longer a number.
    init(_ configuration: AddingConfiguration, steps limit: Int, goal: Double) throws {
        self.configuration = configuration
        let began = ContinuousClock.now
        var trainer = try Trainer<AddingTask>(configuration)
        while trainer.step < limit && squaredErrors.last.map({ $0 <= goal }) != true {
            try trainer.advance()
            guard trainer.step % 50 == 0, let evaluation = try trainer.validation() else { continue }
            steps.append(trainer.step)
            squaredErrors.append(evaluation.loss)
        }
        let duration = (ContinuousClock.now - began).components
        seconds = Double(duration.seconds) + 1e-18 * Double(duration.attoseconds)
    }

    /// The first step after which the squared error was down at the goal.
    func step(reaching goal: Double) -> Int? {
        squaredErrors.firstIndex { $0 <= goal }.map { steps[$0] }
    }
}
