// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "own-model",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "recurrent", path: "../..")],
    targets: [
        .executableTarget(
            name: "own-model", dependencies: [.product(name: "Recurrent", package: "recurrent")], path: "Sources")
    ],
    swiftLanguageModes: [.v6]
)
