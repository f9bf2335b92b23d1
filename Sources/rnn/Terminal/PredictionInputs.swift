import Recurrent

/// What is to be predicted from, one input at a time: arguments, or the lines of standard input where there are none.
struct PredictionInputs {
    private var arguments: ArraySlice<String>
    private var standardInput: StandardInput?
    private let isPassedOver: (String) -> Bool

    /// - Parameter isPassedOver: Which lines of standard input are no inputs.
    init(_ arguments: [String], passingOver isPassedOver: @escaping (String) -> Bool = { _ in false }) {
        self.arguments = arguments[...]
        standardInput = arguments.isEmpty ? StandardInput() : nil
        self.isPassedOver = isPassedOver
    }

    /// The next input, or nil after the last.
    ///
    /// - Throws: `RecurrentError` where a line cannot be read or is not UTF-8.
    mutating func next() throws -> String? {
        guard standardInput != nil else { return arguments.popFirst() }
        while let line = try standardInput?.next() {
            if !isPassedOver(line) { return line }
        }
        return nil
    }

    /// Does something with the input that was given last.
    ///
    /// - Throws: What `body` throws, with the line before it where the input was one of standard input.
    func located<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as RecurrentError {
            guard let standardInput else { throw error }
            throw RecurrentError("\(standardInput.place): \(error)")
        }
    }
}
