// The server's one route: GET /forecast?values=1.0,2.0,... or POST /forecast with a JSON array of numbers.

import FlyingFox
import Foundation

/// Answers requests for forecasts, as many at once as the server takes: the model is shared, and only read.
struct ForecastHandler: HTTPHandler {
    /// What a client is sent when all is well.
    struct Answer: Codable {
        let forecast: [Double]
    }

    /// What a client is sent when its request is not good.
    struct Complaint: Codable {
        let error: String
    }

    private static let largestBody = 1_000_000

    let forecaster: Forecaster

    // Not on the server's actor, where requests would wait for each other.
    @concurrent
    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        do {
            let values = try await Self.values(of: request)
            // A forecast takes far less than a millisecond. A large model would be given a task of its own.
            return try Self.response(.ok, Answer(forecast: forecaster.forecast(after: values)))
        } catch let bad as BadRequest {
            return try Self.response(.badRequest, Complaint(error: bad.message))
        }
    }

    private static func values(of request: HTTPRequest) async throws -> [Double] {
        if request.method == .POST { return try await jsonValues(of: request) }
        guard let text = request.query["values"] else {
            throw BadRequest(message: "there are no values; expected /forecast?values=1.0,2.0,...")
        }
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let value = Double(part) else {
                throw BadRequest(message: "\"\(part.prefix(40))\" is not a number; expected numbers and commas")
            }
            return value
        }
    }

    private static func jsonValues(of request: HTTPRequest) async throws -> [Double] {
        var body = Data()
        for try await part in request.bodySequence {
            body.append(part)
            guard body.count <= largestBody else {
                throw BadRequest(message: "the body is larger than \(largestBody) bytes")
            }
        }
        guard let values = try? JSONDecoder().decode([Double].self, from: body) else {
            throw BadRequest(message: "the body is no JSON array of numbers, as in [1.0, 2.0]")
        }
        return values
    }

    private static func response(_ status: HTTPStatusCode, _ content: some Encodable) throws -> HTTPResponse {
        HTTPResponse(
            statusCode: status, headers: [.contentType: "application/json"], body: try JSONEncoder().encode(content))
    }
}
