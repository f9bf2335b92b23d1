/// Answers the questions of generated stories by reading their sentences, without knowing how they were made.
struct BabiSolver {
    private struct Event {
        let line: Int
        let place: String
    }

    /// Every person's comings, the latest last.
    private var comings: [String: [Event]] = [:]
    private var holders: [String: String] = [:]
    /// Where every thing was, each place with the line of the coming of whoever had it then.
    private var ways: [String: [Event]] = [:]
    /// The line in which every thing was last taken or left.
    private var handlings: [String: Int] = [:]

    private static func words(_ sentence: String) -> [String] {
        sentence.split { !$0.isLetter }.map(String.init)
    }

    /// Takes in a statement.
    ///
    /// - Returns: Whether it makes sense after those before.
    mutating func read(_ statement: String, line: Int) -> Bool {
        var words = Self.words(statement)
        if words.last == "there" { words.removeLast() }
        guard let person = words.first, let last = words.last else { return false }
        if words.contains("to") {
            let coming = Event(line: line, place: last)
            guard comings[person]?.last?.place != last else { return false }
            comings[person, default: []].append(coming)
            for (thing, holder) in holders where holder == person { ways[thing, default: []].append(coming) }
            return true
        }
        defer { handlings[last] = line }
        if ["left", "dropped", "discarded", "put"].contains(words[1]) {
            return holders.removeValue(forKey: last) == person
        }
        guard holders[last] == nil, let here = comings[person]?.last else { return false }
        let wasHere = ways[last]?.last.map { $0.place == here.place } ?? true
        holders[last] = person
        // Whoever takes it came here too: from now on it is this person's coming that tells the place.
        ways[last] = (ways[last] ?? []).dropLast(ways[last] == nil ? 0 : 1) + [here]
        return wasHere
    }

    /// The answer to a question, and the lines that it follows from.
    func answer(_ question: String) -> (answer: String, lines: [Int])? {
        let words = Self.words(question)
        if words[1] == "is", words.count == 3 { return comings[words[2]]?.last.map { ($0.place, [$0.line]) } }
        guard words.count >= 4, let way = ways[words[3]], let handling = handlings[words[3]] else { return nil }
        if words[1] == "is" { return way.last.map { ($0.place, [handling, $0.line]) } }
        guard let place = way.lastIndex(where: { $0.place == words.last }), place > 0 else { return nil }
        return (way[place - 1].place, [handling, way[place].line, way[place - 1].line])
    }
}
