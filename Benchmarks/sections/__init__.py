"""The sections of docs/performance.md, in its order.

Each is a module with NAME, TITLE and TEXT, and with
- measure(bench): yields the key and the row of everything measured;
- body(rows, taken): the section's tables as Markdown;
- checks(rows, taken): what must hold, as a list of `Check`;
- pictures(rows), where it has any: SVG texts by the name of their file.
"""

from sections import (
    generation, growth, ideas, inference, memory, normalization, phases, ragged, small_batches, start, training)

SECTIONS = {
    section.NAME: section
    for section in [
        training, generation, ragged, small_batches, normalization, inference, memory, growth, start, phases, ideas]
}
