"""Makes word_vectors.json: files of word vectors as gensim writes them, and the neighbours and analogies that it finds.

Run: python make_word_vectors.py   (needs gensim and numpy)

`text`, `binary` (in base64) and `glove` are the same vectors in three files. Each of `neighbours` has the words that are
added and taken away and, nearest first, the words found and their cosines.
"""

import base64
import pathlib
import tempfile

import numpy as np
from gensim.models import KeyedVectors

from fixture import Inputs, rounded, tensor, write

WORDS = ["the", "king", "queen", "man", "woman", "café", "don't", "😀"]
WIDTH = 5


def main():
    vectors = KeyedVectors(WIDTH)
    values = Inputs(23).normal(len(WORDS), WIDTH).astype(np.float32)
    vectors.add_vectors(WORDS, values)
    with tempfile.TemporaryDirectory() as directory:
        def written(**options):
            path = pathlib.Path(directory) / "vectors"
            vectors.save_word2vec_format(str(path), **options)
            return path.read_bytes()
        text, binary, glove = written(), written(binary=True), written(write_header=False)
    queries = [(["king"], []), (["😀"], []), (["king", "woman"], ["man"]), (["the", "queen"], ["café", "don't"])]
    found = [(plus, minus, vectors.most_similar(positive=plus, negative=minus, topn=4)) for plus, minus in queries]
    write(__file__, "word_vectors.json", {
        "words": WORDS,
        "vectors": tensor(values),
        "text": text.decode(),
        "binary": base64.b64encode(binary).decode(),
        "glove": glove.decode(),
        "neighbours": [
            {"plus": plus, "minus": minus, "words": [word for word, _ in near],
             "cosines": rounded([cosine for _, cosine in near])}
            for plus, minus, near in found
        ],
    })


if __name__ == "__main__":
    main()
