import Recurrent
import RecurrentPictures

extension GradientNorms {
    /// The norms with respect to the hidden state, by time step, of several networks: upwards to the left where gradients
    /// explode on their way back, downwards where they vanish.
    public static func chart(_ title: String, _ networks: [(name: String, norms: GradientNorms)]) -> LineChart {
        LineChart(
            title: title, xAxis: "time step", yAxis: "norm of the gradient by the hidden state", yScale: .logarithmic,
            series: networks.map { network in
                LineChart.Series(
                    network.name, x: network.norms.hidden.indices.map { Double($0 + 1) }, y: network.norms.hidden)
            })
    }
}
