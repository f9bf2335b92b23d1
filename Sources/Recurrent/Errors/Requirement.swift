/// Stops the program with a message where a mistake of the programmer shows, such as a wrong shape.
///
/// Swift's `precondition` says nothing in release builds, where its users would then look for the cause in vain.
@inline(__always)
package func require(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
    line: UInt = #line
) {
    if !condition() { fatalError(message(), file: file, line: line) }
}
