// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "sensor-monitor",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "recurrent", path: "../..")],
    targets: [
        .executableTarget(
            name: "sensor-monitor", dependencies: [.product(name: "Recurrent", package: "recurrent")], path: "Sources")
    ],
    swiftLanguageModes: [.v6]
)
