"""Makes data_files.json: small gzip files and PNG pictures in base64, with what is in them.

Run: python make_data_files.py   (needs numpy and tensorflow)

The PNG files are put together by hand, so that every filter, colour type and depth occurs, and TensorFlow must read
the same samples from them (as eight or sixteen bits, palettes as colours). What their grey values should be is computed
by the rule of the reader: 16 bits to the upper 8; alpha composed over white, rounded; colours to luminance,
(19595 R + 38470 G + 7471 B + 32768) >> 16, which are the weights of ITU-R BT.601 as Pillow rounds them.
"""

import base64
import gzip
import struct
import zlib

import numpy as np
import tensorflow as tf

from fixture import write

RANDOM = np.random.default_rng(5)
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def text(content):
    return base64.b64encode(content).decode()


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def filtered(kind, row, above, step):
    left = np.concatenate([np.zeros(step, int), row[:-step]])[: len(row)]
    corner = np.concatenate([np.zeros(step, int), above[:-step]])[: len(row)]
    estimate = left + above - corner
    distances = [abs(estimate - left), abs(estimate - above), abs(estimate - corner)]
    paeth = np.where(
        (distances[0] <= distances[1]) & (distances[0] <= distances[2]),
        left,
        np.where(distances[1] <= distances[2], above, corner),
    )
    prediction = [np.zeros_like(row), left, above, (left + above) // 2, paeth][kind]
    return bytes([kind]) + ((row - prediction) % 256).astype(np.uint8).tobytes()


def packed(samples, depth):
    """The bytes of a row of samples."""
    if depth == 16:
        return np.frombuffer(samples.astype(">u2").tobytes(), np.uint8).astype(int)
    bits = ((samples[:, None] >> np.arange(depth)[::-1]) & 1).ravel().astype(np.uint8)
    return np.packbits(bits).astype(int)


def png(samples, color, depth, palette=None, transparency=None, interlace=0, pieces=1):
    """Samples are [height, width, channels]; row r has the filter r mod 5."""
    height, width, channels = samples.shape
    step = max(1, channels * depth // 8)
    rows, above = [], None
    for number, row in enumerate(samples.reshape(height, -1)):
        row = packed(row, depth)
        above = np.zeros_like(row) if above is None else above
        rows.append(filtered(number % 5, row, above, step))
        above = row
    content = zlib.compress(b"".join(rows))
    size = -(-len(content) // pieces)
    result = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace))
    if palette is not None:
        result += chunk(b"PLTE", palette.astype(np.uint8).tobytes())
    if transparency is not None:
        result += chunk(b"tRNS", transparency)
    result += chunk(b"tEXt", b"Comment\0made by hand")
    for start in range(0, len(content), size):
        result += chunk(b"IDAT", content[start : start + size])
    return result + chunk(b"IEND", b"")


def luminance(colors):
    weights = np.array([19595, 38470, 7471])
    return (colors.astype(int) @ weights + 32768) >> 16


def over_white(values, alpha):
    return (values * alpha + 255 * (255 - alpha) + 127) // 255


def check(name, content, samples, palette, transparency):
    """Reads a picture as TensorFlow does."""
    if palette is not None:
        samples = palette[samples[..., 0]]
    kind = tf.uint16 if samples.max() > 255 else tf.uint8
    channels = samples.shape[-1]
    peer = tf.io.decode_png(content, channels=4 if transparency or channels == 2 else channels, dtype=kind).numpy()
    assert (peer[..., [0, 3] if channels == 2 else slice(channels)] == samples).all(), name


def picture(name, color, depth, width=7, height=11, **options):
    samples = RANDOM.integers(2**depth, size=(height, width, CHANNELS[color]))
    palette = transparency = None
    if color == 3:
        palette = RANDOM.integers(256, size=(2**depth, 3))
        alphas = RANDOM.integers(256, size=3) if options.pop("transparent", False) else None
        transparency = alphas.astype(np.uint8).tobytes() if alphas is not None else None
    content = png(samples, color, depth, palette, transparency, **options)
    values = samples >> 8 if depth == 16 else samples * 255 // (2**depth - 1) if color != 3 else samples
    if color == 3:
        alpha = np.full(len(palette), 255)
        alpha[: len(transparency or b"")] = list(transparency or b"")
        grey = luminance(over_white(palette, alpha[:, None]))[values[..., 0]]
    elif color in (4, 6):
        composed = over_white(values[..., :-1], values[..., -1:])
        grey = composed[..., 0] if color == 4 else luminance(composed)
    else:
        grey = values[..., 0] if color == 0 else luminance(values)
    if not options.get("interlace"):
        check(name, content, samples if depth == 16 else values, palette, transparency)
    return {
        "name": name,
        "width": width,
        "height": height,
        "file": text(content),
        "pixels": text(grey.astype(np.uint8).tobytes()),
    }


def packet(content):
    return gzip.compress(content, mtime=0)


def main():
    pictures = [picture(f"grey {depth}", 0, depth) for depth in (1, 2, 4, 8, 16)]
    pictures += [picture(f"palette {depth}", 3, depth) for depth in (1, 2, 4, 8)]
    pictures += [picture("palette with alpha", 3, 2, transparent=True)]
    pictures += [
        picture(f"{name} {depth}", color, depth)
        for color, name in ((2, "color"), (4, "grey with alpha"), (6, "color with alpha"))
        for depth in (8, 16)
    ]
    pictures += [picture("one pixel", 0, 8, width=1, height=1), picture("many pieces", 2, 8, pieces=9)]
    small = RANDOM.integers(256, size=(3, 2, 4)).astype(np.uint8)
    idx = struct.pack(">BBBBIII", 0, 0, 8, 3, 3, 2, 4) + small.tobytes()
    write(
        __file__,
        "data_files.json",
        {
            "pictures": pictures,
            "interlaced": picture("", 0, 8, interlace=1)["file"],
            "idx": text(idx),
            "idxGzip": text(packet(idx)),
            "twoMembers": text(packet(b"one, ") + packet(b"") + packet(b"two")),
            "bomb": text(packet(bytes(4 << 20))),
        },
    )


if __name__ == "__main__":
    main()
