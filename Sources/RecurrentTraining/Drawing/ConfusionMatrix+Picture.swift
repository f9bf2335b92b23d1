import Recurrent
import RecurrentPictures

extension ConfusionMatrix {
    /// The matrix as a picture.
    public func picture(title: String = "Confusion matrix") -> HeatMap {
        HeatMap(title: title, counts: counts, labels: classNames)
    }
}
