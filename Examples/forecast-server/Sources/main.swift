// Forecasts in a Swift server's request handler.
//
// Run it in this directory: swift run, and then for example
//     curl '127.0.0.1:8080/forecast?values=0,1,4,2,0,1,4,2,0,1,4,2,0,1,4,2,0,1,4,2,0,1,4,2'
// With --self-test it sends itself requests on a free port, and exits 0 where all answers were right.

import FlyingFox
import FlyingSocks
import Foundation

let isTest = CommandLine.arguments.dropFirst() == ["--self-test"]
guard isTest || CommandLine.arguments.count == 1 else {
    print("expected no arguments, or --self-test")
    exit(2)
}

let began = ContinuousClock.now
let forecaster = Forecaster()
print("learned in \(ContinuousClock.now - began), mean squared error \(forecaster.loss)")

let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: isTest ? 0 : 8080), logger: .disabled)
await server.appendRoute("GET,POST /forecast", to: ForecastHandler(forecaster: forecaster))
let running = Task { try await server.run() }
try await server.waitUntilListening()
guard case .ip4(let host, let port)? = await server.listeningAddress else { fatalError("the server has no address") }
print("listening on \(host):\(port)")

if isTest {
    let isRight = try await SelfTest(port: port).run()
    await server.stop(timeout: 1)
    print(isRight ? "all answers were right" : "some answers were wrong")
    exit(isRight ? 0 : 1)
}
try await running.value
