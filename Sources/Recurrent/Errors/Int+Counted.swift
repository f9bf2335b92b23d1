extension Int {
    /// The number before what it counts, as in "1 row" and "2 rows".
    package func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
