// Forecasts in a Swift server's request handler.
//
// Run it in this directory: swift run, and then for example
//     curl '127.0.0.1:8080/forecast?values=0,1,4,2,0,1,4,2,0,1,4,2,0,1,4,2,0,1,4,2,0,1,4,2'
// With --self-test it sends itself requests on a free port, and exits 0 where all answers were right.

import FlyingFox
import FlyingSocks
import Foundation
import Recurrent

let isTest = CommandLine.arguments.dropFirst() == ["--self-test"]
guard isTest || CommandLine.arguments.count == 1 else {
    print("expected no arguments, or --self-test")
    exit(2)
}

// So small a model gains nothing from several threads; requests at once use the processors.
RecurrentKernels.threads = 1

let began = ContinuousClock.now
let forecaster = Forecaster()
print("learned in \(ContinuousClock.now - began), mean squared error \(forecaster.loss)")

let freeOrUsual: UInt16 = isTest ? 0 : 8080
let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: freeOrUsual), logger: .disabled)
await server.appendRoute("GET,POST /forecast", to: ForecastHandler(forecaster: forecaster))
let running = Task {
    do { try await server.run() } catch {
        print("the server stopped: \(error)")
        exit(1)
    }
}
try await server.waitUntilListening()
guard case .ip4(let host, let port)? = await server.listeningAddress else { fatalError("the server has no address") }
print("listening on \(host):\(port)")

if isTest {
    let isRight = try await SelfTest(port: port).run()
    print(isRight ? "all answers were right" : "some answers were wrong")
    exit(isRight ? 0 : 1)
}
await running.value
