import RecurrentData
import RecurrentTraining

/// A directory of pictures.
public struct ImagesSource: TaskSource {
    /// The pictures to train on and to test on.
    package let data: ImageDataSet
    /// The directory.
    public let name: String
    /// What the pictures are known again by.
    public let fingerprint: String
}
