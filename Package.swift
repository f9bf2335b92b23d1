// swift-tools-version: 6.2
import PackageDescription

// Targets depend one way only; docs/design/house.md draws them.
let package = Package(
    name: "recurrent",
    platforms: [.macOS(.v15), .iOS(.v18)],
    // The command is no product: so a package that uses the libraries fetches and builds no argument parser.
    products: [
        .library(name: "Recurrent", targets: ["Recurrent"]),
        .library(name: "RecurrentPictures", targets: ["RecurrentPictures"]),
        .library(name: "RecurrentData", targets: ["RecurrentData"]),
        .library(name: "RecurrentTraining", targets: ["RecurrentTraining"]),
        .library(name: "RecurrentTasks", targets: ["RecurrentTasks"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        // Optimised in debug builds too: unoptimised float loops would make the tests a hundred times slower.
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),
        // zlib, which comes with macOS and is part of what Swift's toolchain needs on Linux.
        .systemLibrary(name: "CZlib"),
        .target(name: "Recurrent", dependencies: ["CKernels"]),
        .target(name: "RecurrentPictures"),
        .target(name: "RecurrentData", dependencies: ["Recurrent", "CZlib"]),
        .target(name: "RecurrentTraining", dependencies: ["Recurrent", "RecurrentPictures"]),
        .target(
            name: "RecurrentTasks",
            dependencies: ["Recurrent", "RecurrentPictures", "RecurrentData", "RecurrentTraining"]),
        .target(
            name: "RecurrentStudies",
            dependencies: [
                "CKernels", "Recurrent", "RecurrentPictures", "RecurrentData", "RecurrentTraining", "RecurrentTasks",
            ]),
        .executableTarget(
            name: "rnn",
            dependencies: [
                "Recurrent", "RecurrentPictures", "RecurrentData", "RecurrentTraining", "RecurrentTasks",
                "RecurrentStudies",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        // What the tests share, with the fixtures.
        .target(
            name: "TestSupport",
            dependencies: ["Recurrent", "RecurrentPictures"],
            path: "Tests/TestSupport",
            resources: [.copy("Fixtures")]
        ),
        .testTarget(name: "RecurrentTests", dependencies: ["CKernels", "Recurrent", "TestSupport"]),
        .testTarget(name: "RecurrentPicturesTests", dependencies: ["Recurrent", "RecurrentPictures", "TestSupport"]),
        .testTarget(name: "RecurrentDataTests", dependencies: ["Recurrent", "RecurrentData", "TestSupport"]),
        .testTarget(
            name: "RecurrentTrainingTests",
            dependencies: ["Recurrent", "RecurrentPictures", "RecurrentTraining", "TestSupport"]),
        .testTarget(
            name: "RecurrentTasksTests",
            dependencies: [
                "Recurrent", "RecurrentPictures", "RecurrentData", "RecurrentTraining", "RecurrentTasks", "TestSupport",
            ]),
        .testTarget(
            name: "RecurrentStudiesTests",
            dependencies: [
                "Recurrent", "RecurrentPictures", "RecurrentData", "RecurrentTraining", "RecurrentTasks",
                "RecurrentStudies", "TestSupport",
            ]),
        .testTarget(
            name: "rnnTests", dependencies: ["Recurrent", "RecurrentTasks", "RecurrentTraining", "TestSupport", "rnn"]),
    ],
    swiftLanguageModes: [.v6]
)
