"""A chart with logarithmic axes as SVG, in the style of the library's own pictures.

Not run by itself.
"""

import dataclasses
import html
import math
import zlib

WIDTH, HEIGHT = 720, 422
LEFT, RIGHT, TOP, BOTTOM = 70, 692, 68, 368
LIGHT = {"background": "#ffffff", "text": "#1b1f24", "muted": "#57606a", "grid": "#e4e7eb", "axis": "#8c959f",
         "series": ["#0072b2", "#d55e00", "#009e73", "#b8578f"]}
DARK = {"background": "#15181c", "text": "#e8eaed", "muted": "#a8b0ba", "grid": "#2e343b", "axis": "#6e7781",
        "series": ["#56b4e9", "#f0742e", "#2cc79a", "#e07fb6"]}
DASHES = ["", ' stroke-dasharray="8 4"', ' stroke-dasharray="2 3"', ' stroke-dasharray="10 3 2 3"']
LETTER = 7.4
"""About the width of a letter of the legend."""


@dataclasses.dataclass(frozen=True)
class Series:
    """A named line through points (x, y), all above zero."""

    name: str
    points: list


class LogAxis:
    """From a range of numbers to a range of places."""

    def __init__(self, values, begin, end):
        self.low, self.high = math.log10(min(values)), math.log10(max(values))
        if self.high - self.low < 0.3:
            self.low, self.high = self.low - 0.15, self.high + 0.15
        self.begin, self.end = begin, end

    def __call__(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.begin + share * (self.end - self.begin), 1)

    def ticks(self):
        """Powers of ten, with their twofold and fivefold where there are few."""
        steps = [1] if self.high - self.low > 3 else [1, 2, 5]
        numbers = [step * 10.0**power for power in range(math.floor(self.low), math.ceil(self.high) + 1)
                   for step in steps]
        return [number for number in numbers if self.low - 1e-9 <= math.log10(number) <= self.high + 1e-9]


def style(name, colors):
    rules = [f".{name} .{part}{{fill:{colors[part]}}}" for part in ("background", "text", "muted")]
    rules += [f".{name} .{part}{{stroke:{colors[part]};fill:none}}" for part in ("grid", "axis")]
    for place, color in enumerate(colors["series"]):
        rules.append(f".{name} .series{place}{{fill:none;stroke:{color};stroke-width:1.8;stroke-linejoin:round}}")
        rules.append(f".{name} .marker{place}{{fill:{color}}}")
    return "\n".join(rules)


def text(kind, x, y, size, words, anchor="middle", more=""):
    return (f'<text class="{kind}" x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"{more}>'
            f"{html.escape(words)}</text>")


def log_chart(title, x_label, y_label, series):
    """The SVG text of up to four series over logarithmic axes; of none, an empty chart."""
    points = [point for each in series for point in each.points] or [(1, 1)]
    x = LogAxis([point[0] for point in points], LEFT + 8, RIGHT - 8)
    y = LogAxis([point[1] for point in points], BOTTOM - 8, TOP + 8)
    name = f"picture-{zlib.crc32(title.encode()):08x}"
    described = f"{title}: {y_label} by {x_label}, both logarithmic: {', '.join(each.name for each in series)}."
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" role="img" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Helvetica, Arial, \'Liberation Sans\', sans-serif">',
        f"<title>{html.escape(title)}</title>", f"<desc>{html.escape(described)}</desc>",
        f"<style>\n{style(name, LIGHT)}\n@media (prefers-color-scheme: dark) {{\n{style(name, DARK)}\n}}\n</style>",
        '<rect class="background" width="100%" height="100%"/>',
        text("text", 16, 29.6, 16, title, "start", ' font-weight="bold"'),
    ]
    parts += [text("muted", x(tick), 387.2, 12, f"{tick:,g}") for tick in x.ticks()]
    parts += [text("muted", LEFT - 9, round(y(tick) + 4.2, 1), 12, f"{tick:,g}", "end") for tick in y.ticks()]
    grid = [f"M{x(tick)} {TOP}L{x(tick)} {BOTTOM}" for tick in x.ticks()]
    grid += [f"M{LEFT} {y(tick)}L{RIGHT} {y(tick)}" for tick in y.ticks()]
    parts += [
        f'<path class="grid" d="{"".join(grid)}"/>',
        f'<path class="axis" d="M{LEFT} {TOP}L{LEFT} {BOTTOM}L{RIGHT} {BOTTOM}"/>',
        text("text", (LEFT + RIGHT) / 2, 410.6, 13, x_label),
        text("text", 18, 222.6, 13, y_label, more=' transform="rotate(-90 18 218)"'),
    ]
    begin = LEFT
    for place, each in enumerate(series):
        places = [(x(first), y(second)) for first, second in sorted(each.points)]
        parts.append(f'<path class="series{place}"{DASHES[place]} d="M{"L".join(f"{a} {b}" for a, b in places)}"/>')
        parts += [f'<circle class="marker{place}" cx="{a}" cy="{b}" r="3"/>' for a, b in places]
        parts.append(f'<path class="series{place}"{DASHES[place]} d="M{begin:.0f} 48L{begin + 32:.0f} 48"/>')
        parts.append(text("text", round(begin + 38), 52.6, 13, each.name, "start"))
        begin += 38 + LETTER * len(each.name) + 20
    return "\n".join([*parts, "</svg>", ""])
