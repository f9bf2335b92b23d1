import RecurrentPictures

/// A picture and what its file is called.
public struct NamedPicture: Sendable {
    /// The name of its file, without the ending.
    public let name: String
    /// The picture.
    public let picture: any SVGPicture

    /// Gives a picture a name.
    public init(_ name: String, _ picture: any SVGPicture) {
        self.name = name
        self.picture = picture
    }

    /// Writes the picture into a directory, which is made where there is none.
    ///
    /// - Returns: The path of the file.
    /// - Throws: `RecurrentError` where it cannot be written.
    public func write(into directory: String) throws -> String { try picture.write(as: name, into: directory) }
}
