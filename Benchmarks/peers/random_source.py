"""The library's random source in Python: what decides which texts are for training, validation and test.

Philox4x32-10 (Salmon et al. 2011); see Sources/Recurrent/Tensor/RandomSource.swift and Division (RecurrentData).
"""

import math

WORD = 0xFFFFFFFF


def philox(counter, key):
    """Four words of counter and two of key to four random words."""
    (c0, c1, c2, c3), (k0, k1) = counter, key
    for _ in range(10):
        product0, product1 = c0 * 0xD2511F53, c2 * 0xCD9E8D57
        c0, c1, c2, c3 = product1 >> 32 ^ c1 ^ k0, product1 & WORD, product0 >> 32 ^ c3 ^ k1, product0 & WORD
        k0, k1 = k0 + 0x9E3779B9 & WORD, k1 + 0xBB67AE85 & WORD
    return c0, c1, c2, c3


class RandomSource:
    """`RandomSource(seed:)` at the beginning of its stream."""

    def __init__(self, seed):
        self.key = seed & WORD, seed >> 32
        self.words = self.draw()

    def draw(self):
        group = 0
        while True:
            yield from philox((group & WORD, group >> 32, 0, 0), self.key)
            group += 1

    def below(self, bound):
        """A whole number from 0 to bound - 1, for bounds of 32 bits."""
        threshold = 2**32 % bound
        while True:
            product = next(self.words) * bound
            if product & WORD >= threshold:
                return product >> 32

    def permutation(self, count):
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order


def split(labels, validation_fraction, test_fraction, seed):
    """The places of the examples for training, validation and test, each class divided in the same shares."""
    random = RandomSource(seed)
    training, validation, test = [], [], []
    for label in sorted(set(labels)):
        members = [place for place, other in enumerate(labels) if other == label]
        order = [members[place] for place in random.permutation(len(members))]
        tests = min(math.floor(len(order) * test_fraction + 0.5), len(order) - 1)
        validations = min(math.floor(len(order) * validation_fraction + 0.5), len(order) - 1 - tests)
        test += order[:tests]
        validation += order[tests : tests + validations]
        training += order[tests + validations :]
    return sorted(training), sorted(validation), sorted(test)
