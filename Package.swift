// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "recurrent",
    platforms: [.macOS(.v15), .iOS(.v18)],
    products: [
        .library(name: "Recurrent", targets: ["Recurrent"]),
        .executable(name: "rnn", targets: ["rnn"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        // Optimised in debug builds too: unoptimised float loops would make the tests a hundred times slower.
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),
        // zlib, which comes with macOS and is part of what Swift's toolchain needs on Linux.
        .systemLibrary(name: "CZlib"),
        .target(name: "Recurrent", dependencies: ["CKernels", "CZlib"]),
        .executableTarget(
            name: "rnn",
            dependencies: [
                "Recurrent",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .testTarget(
            name: "RecurrentTests",
            dependencies: ["Recurrent", "CKernels"],
            resources: [.copy("Fixtures")]
        ),
        .testTarget(name: "rnnTests", dependencies: ["rnn", "Recurrent"]),
    ],
    swiftLanguageModes: [.v6]
)
