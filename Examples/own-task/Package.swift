// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "own-task",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "recurrent", path: "../..")],
    targets: [
        .executableTarget(
            name: "own-task",
            dependencies: [
                .product(name: "Recurrent", package: "recurrent"),
                .product(name: "RecurrentPictures", package: "recurrent"),
                .product(name: "RecurrentData", package: "recurrent"),
                .product(name: "RecurrentTraining", package: "recurrent"),
            ],
            path: "Sources")
    ],
    swiftLanguageModes: [.v6]
)
