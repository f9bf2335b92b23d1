import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

import RecurrentPictures

/// Reads an SVG document as a browser would: not at all if it is not well formed.
package final class PictureReader: NSObject, XMLParserDelegate {
    /// The elements by name, their attributes in the order of the document.
    package private(set) var elements: [(name: String, attributes: [String: String])] = []
    /// The texts of the elements that have any.
    package private(set) var texts: [(name: String, text: String)] = []
    private var text = ""

    package init(_ document: String) throws {
        super.init()
        let parser = XMLParser(data: Data(document.utf8))
        parser.delegate = self
        let isRead = parser.parse()
        try #require(isRead, "not well formed: \(String(describing: parser.parserError))")
    }

    package func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append((name, attributes))
        text = ""
    }

    package func parser(_ parser: XMLParser, foundCharacters characters: String) {
        text += characters
    }

    package func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        if !text.isEmpty { texts.append((name, text)) }
        text = ""
    }

    /// The texts of all elements of a name.
    package func texts(of name: String) -> [String] {
        texts.filter { $0.name == name }.map(\.text)
    }

    /// The values of an attribute of all elements of a class.
    package func values(_ attribute: String, of style: String) -> [String] {
        elements.filter { $0.attributes["class"] == style }.compactMap { $0.attributes[attribute] }
    }
}

/// What holds for every picture: well formed, named, dark as well as light, alone, and always the same.
package func checkPicture(_ picture: some SVGPicture) throws {
    let document = picture.svg()
    let reader = try PictureReader(document)
    let root = try #require(reader.elements.first)
    #expect(root.name == "svg")
    #expect(root.attributes["role"] == "img")
    #expect(reader.elements.dropFirst().first?.name == "title")
    #expect(reader.texts(of: "desc").count == 1)
    let style = try #require(reader.texts(of: "style").first)
    #expect(style.contains("@media (prefers-color-scheme: dark)"))
    #expect(style.filter { $0 == "{" }.count == style.filter { $0 == "}" }.count)
    for forbidden in ["url(", "@import", "href", "<script", "nan", "inf"] {
        let isFree = !document.replacingOccurrences(of: "inference", with: "").contains(forbidden)
        #expect(isFree, "\(forbidden) in \(picture.title)")
    }
    // Every class has a rule, of this picture alone.
    let scope = try #require(root.attributes["class"])
    for name in Set(reader.elements.compactMap { $0.attributes["class"] }) where name != "ground" && name != scope {
        #expect(style.contains(".\(scope) .\(name){"), "class \(name) has no rule")
    }
    let again = picture.svg()
    #expect(document == again)
}
