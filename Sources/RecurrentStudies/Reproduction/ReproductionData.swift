/// Data that rows are computed from and that is not part of this project.
package enum ReproductionData: Sendable, CaseIterable {
    /// The notes' stock prices.
    case stockPrices
    /// The passengers of international airlines by month, 1949 to 1960 (Box and Jenkins, series G).
    case airlinePassengers
    /// MNIST's four files.
    case digits
    /// The first three bAbI tasks in English, with 1,000 questions for training and 1,000 for the test.
    case babi

    /// What the file or directory is.
    package var title: String {
        switch self {
        case .stockPrices: "the notes' data-02-stock_daily.csv"
        case .airlinePassengers: "international-airline-passengers.csv"
        case .digits: "a directory with MNIST's four files"
        case .babi: "a directory with bAbI's files of the tasks 1 to 3"
        }
    }
}
