import Recurrent

/// The columns of a file as its header names them, by which they are chosen.
struct ColumnNames {
    /// The name of every column that has one.
    let names: [String?]
    /// What errors call the file.
    let file: String

    /// The place of a column, from 0.
    ///
    /// - Parameter column: A name of the header, or else a number from 1.
    /// - Throws: `RecurrentError` with the names there are, where none or several are this one.
    func index(of column: String) throws -> Int {
        let named = names.indices.filter { names[$0] == column }
        if let index = named.first, named.count == 1 { return index }
        guard named.isEmpty else {
            let places = named.map { String($0 + 1) }.joined(separator: " and ")
            throw RecurrentError("\(file): the columns \(places) are both named \"\(column)\"; choose by number")
        }
        if let number = Int(column), number >= 1, number <= names.count { return number - 1 }
        let known = names.compactMap { $0 }.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ")
        throw RecurrentError(
            "\(file): there is no column \"\(column)\"; expected \(known.isEmpty ? "" : known + " or ")a number from 1 "
                + "to \(names.count)")
    }
}
