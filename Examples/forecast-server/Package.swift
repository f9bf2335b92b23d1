// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "forecast-server",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "recurrent", path: "../.."),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.26.0"),
    ],
    targets: [
        .executableTarget(
            name: "forecast-server",
            dependencies: [
                .product(name: "Recurrent", package: "recurrent"),
                .product(name: "FlyingFox", package: "FlyingFox"),
            ],
            path: "Sources")
    ],
    swiftLanguageModes: [.v6]
)
