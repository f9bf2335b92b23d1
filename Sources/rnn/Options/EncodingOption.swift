import ArgumentParser
import RecurrentData

extension TextEncoding: ExpressibleByArgument {}

/// How a text's bytes stand for characters, where that is not found out.
struct EncodingOption: ParsableArguments {
    @Option(help: "How the bytes stand for characters, as windows-1252 (default: UTF-8 or UTF-16, found out).")
    var encoding: TextEncoding?
}
