/// Which rows of a parameter a training step moves.
///
/// A table of 50,000 vectors of which a batch looks up 1,000 has a gradient of 49,000 rows of zeros. With `lazy`, such
/// rows cost nothing: no gradient is stored for them, and neither the norm, nor clipping, nor the update goes over
/// them. What that means for the result depends on the optimiser:
///
/// - `SGD` without momentum, `Adagrad`: as dense. Rows that are not looked up stay where they are.
/// - `SGD` with momentum, `RMSProp`, `Adadelta`, `Adam`, `Nadam`: dense, the means of rows that are not looked up
///   decay, and the rows drift on along old gradients. Lazy, both wait for the next step that looks the row up.
/// - `Adam` with weight decay: dense, all rows shrink at every step; lazy, those looked up.
///
/// Corrections of bias count all steps. Lazy `Adam` with epsilon `.beforeCorrection` is PyTorch's `SparseAdam`. With
/// `.globalNorm` the norm of the same gradient may differ in its last bits, since it is summed in another order.
public enum RowUpdates: Sendable, Equatable {
    /// All rows, at every step.
    case dense
    /// Where a step uses the parameter through lookups alone (`gather`, or products with one-hot tensors), the rows
    /// looked up; where it uses it otherwise too, all rows.
    case lazy
}
