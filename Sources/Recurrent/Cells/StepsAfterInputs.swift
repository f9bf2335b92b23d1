/// The steps of a cell after what depends on its inputs alone, such as their product with the weights: that part is
/// done for all steps at once, and is this cell's input.
struct StepsAfterInputs<State: RecurrentState>: RecurrentCell {
    let zero: @Sendable (Int) -> State
    let advance: @Sendable (Tensor, State) -> (output: Tensor, state: State)

    func zeroState(batch: Int) -> State { zero(batch) }

    func step(_ input: Tensor, state: State) -> (output: Tensor, state: State) { advance(input, state) }
}
