import Recurrent

/// Persons who walk between places, take things along and leave them: what stories are simulated from (Weston et al.
/// 2015, section 4).
///
/// Where somebody is, is known once it was told; where a thing is, once somebody whose place is known took it.
struct BabiWorld: Equatable {
    static let persons = ["Daniel", "John", "Mary", "Sandra"]
    static let places = ["bathroom", "bedroom", "garden", "hallway", "kitchen", "office"]
    static let things = ["apple", "football", "milk"]

    private static let going = ["went", "went back", "moved", "travelled", "journeyed"]
    private static let taking = ["took", "got", "grabbed", "picked up"]
    private static let leaving = ["left", "dropped", "discarded", "put down"]

    /// Somebody's or something's being at a place, and the number of the line that tells of the coming there.
    struct Stay: Equatable {
        let place: String
        let line: Int
    }

    /// A thing's way with one person: the stays, and the number of the latest line in which the person took or left it.
    struct Carriage: Equatable {
        let person: String
        var stays: [Stay]
        var handling: Int
        var isHeld = true
    }

    /// Where the persons are that were told of.
    private(set) var whereabouts: [String: Stay] = [:]
    /// The latest carriages of the things that were told of.
    private(set) var carriages: [String: Carriage] = [:]

    /// What a person can do.
    private enum Handling: Equatable {
        case take(String)
        case leave(String)
    }

    private func handlings(of person: String) -> [Handling] {
        guard let own = whereabouts[person]?.place else { return [] }
        return Self.things.compactMap { thing in
            guard let carriage = carriages[thing] else { return .take(thing) }
            if carriage.isHeld { return carriage.person == person ? .leave(thing) : nil }
            return carriage.stays.last?.place == own ? .take(thing) : nil
        }
    }

    /// Lets somebody do something, and tells of it in the line with a number.
    ///
    /// - Parameter hasThings: Whether things are taken and left; otherwise persons only walk.
    mutating func advance(line: Int, hasThings: Bool, random: inout RandomSource) -> String {
        let person = random.element(of: Self.persons)
        let handlings = hasThings ? handlings(of: person) : []
        guard let handling = handlings.isEmpty || random.unitInterval() < 0.5 ? nil : random.element(of: handlings)
        else { return walk(person, line: line, random: &random) }
        let end = random.unitInterval() < 0.5 ? " there." : "."
        switch handling {
        case .take(let thing):
            let stays = whereabouts[person].map { [$0] } ?? []
            carriages[thing] = Carriage(person: person, stays: stays, handling: line)
            return "\(person) \(random.element(of: Self.taking)) the \(thing)\(end)"
        case .leave(let thing):
            carriages[thing]?.handling = line
            carriages[thing]?.isHeld = false
            return "\(person) \(random.element(of: Self.leaving)) the \(thing)\(end)"
        }
    }

    private mutating func walk(_ person: String, line: Int, random: inout RandomSource) -> String {
        let place = random.element(of: Self.places.filter { $0 != whereabouts[person]?.place })
        let stay = Stay(place: place, line: line)
        whereabouts[person] = stay
        for (thing, carriage) in carriages where carriage.isHeld && carriage.person == person {
            carriages[thing]?.stays.append(stay)
        }
        return "\(person) \(random.element(of: Self.going)) to the \(place)."
    }
}

extension RandomSource {
    /// Draws one of some values, each being equally likely.
    fileprivate mutating func element<Value>(of values: [Value]) -> Value { values[Int(below(UInt64(values.count)))] }
}
