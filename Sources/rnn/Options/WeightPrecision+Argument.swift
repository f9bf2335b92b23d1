import ArgumentParser
import Recurrent

extension WeightPrecision: ExpressibleByArgument {}
