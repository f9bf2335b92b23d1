/// Stops the program with a message where a mistake of the programmer shows: release builds keep `precondition`'s silent.
///
/// `Recurrent` has the like; pictures stand on nothing.
@inline(__always)
func require(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
    line: UInt = #line
) {
    if !condition() { fatalError(message(), file: file, line: line) }
}
