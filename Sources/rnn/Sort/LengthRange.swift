import ArgumentParser

/// How long lists are: one length, or two with a dash between.
struct LengthRange: ExpressibleByArgument {
    let least: Int
    let most: Int

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let least = parts.first ?? nil, let most = parts.last ?? nil, parts.count <= 2 else { return nil }
        self.least = least
        self.most = most
    }
}
