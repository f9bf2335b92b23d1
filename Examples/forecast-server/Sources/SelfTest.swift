// What `--self-test` does: good and bad requests, one after another and many at once, to a server on a free port.

import FlyingFox
import FlyingSocks
import Foundation

struct SelfTest {
    let address: sockaddr_in
    private let good = (100..<130).map { Forecaster.signal(at: $0) }

    init(port: UInt16) throws { address = try .inet(ip4: "127.0.0.1", port: port) }

    /// Whether every answer was right.
    func run() async throws -> Bool {
        let answer = try await forecast(good)
        let truth = (130..<130 + Forecaster.horizon).map { Forecaster.signal(at: $0) }
        let worst = zip(answer, truth).map { ($0 - $1).magnitude }.max() ?? .infinity
        print("the forecast is off by \(worst) at most; the signal goes from -1.5 to 1.5")
        var results = [answer.count == truth.count, worst < 0.3]
        results.append(try await post(good) == answer)
        results += try await badRequests()
        results.append(try await concurrentRequests())
        return results.allSatisfy { $0 }
    }

    private func badRequests() async throws -> [Bool] {
        let fill = Array(repeating: "1", count: 30).joined(separator: ",")
        let queries = [nil, "", "1,2,3", "\(fill),", "\(fill),two", "\(fill),nan", "\(fill),inf", "\(fill),1e300"]
        let bodies = ["", "[1, 2, 3]", "[\(fill), \"two\"]", "[\(fill), NaN]", "{}"]
        var results: [Bool] = []
        for query in queries { results.append(try await isRefused(request(query))) }
        for body in bodies { results.append(try await isRefused(request(nil, body: body))) }
        return results
    }

    /// Whether requests that are under way at the same time get their own answers.
    private func concurrentRequests() async throws -> Bool {
        let inputs = (0..<32).map { shift in good.map { $0 + Double(shift) } }
        var alone: [[Double]] = []
        for input in inputs { alone.append(try await forecast(input)) }
        let together = try await withThrowingTaskGroup(of: (Int, [Double]).self) { group in
            for (place, input) in inputs.enumerated() { group.addTask { (place, try await forecast(input)) } }
            return try await group.reduce(into: [Int: [Double]]()) { $0[$1.0] = $1.1 }
        }
        let isSame = alone.indices.allSatisfy { together[$0] == alone[$0] }
        print(
            "\(inputs.count) requests at once got \(isSame ? "the answers" : "other answers than") of single requests")
        return isSame
    }

    private func forecast(_ values: [Double]) async throws -> [Double] {
        try await answer(to: request(values.map { "\($0)" }.joined(separator: ",")))
    }

    private func post(_ values: [Double]) async throws -> [Double] {
        try await answer(to: request(nil, body: "\(values)"))
    }

    private func request(_ values: String?, body: String? = nil) -> HTTPRequest {
        HTTPRequest(
            method: body == nil ? .GET : .POST, version: .http11, path: "/forecast",
            query: values.map { [HTTPRequest.QueryItem(name: "values", value: $0)] } ?? [],
            headers: [.host: "127.0.0.1", .connection: "close"], body: Data((body ?? "").utf8))
    }

    private func answer(to request: HTTPRequest) async throws -> [Double] {
        let (status, body) = try await send(request)
        guard status == .ok else {
            throw BadRequest(message: "a good request got \(String(decoding: body, as: UTF8.self))")
        }
        return try JSONDecoder().decode(ForecastHandler.Answer.self, from: body).forecast
    }

    private func isRefused(_ request: HTTPRequest) async throws -> Bool {
        let (status, body) = try await send(request)
        let complaint = try? JSONDecoder().decode(ForecastHandler.Complaint.self, from: body)
        print("\(status.code): \(complaint?.error ?? String(decoding: body, as: UTF8.self))")
        return status == .badRequest && complaint != nil
    }

    private func send(_ request: HTTPRequest) async throws -> (status: HTTPStatusCode, body: Data) {
        var client = HTTPClient()
        let response = try await client.sendHTTPRequest(request, to: address)
        return (response.statusCode, try await response.bodyData)
    }
}
