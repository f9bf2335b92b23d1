import ArgumentParser
import RecurrentData

extension TextEncoding: ExpressibleByArgument {}
