"""Makes bleu.json: corpora of generated sentences and their BLEU by sacrebleu.

Run: python make_bleu.py   (needs sacrebleu)

Sentences are of 0 to 12 words of a small vocabulary, with capitals and accents; translations are their references with
words left out, changed, doubled or swapped. Some corpora have several references of a sentence (those that are missing
are None for sacrebleu), some have no quadruple, pair or word right, and some are empty.
"""

import random

from fixture import write
from sacrebleu.metrics import BLEU

WORDS = "le chat Le noir dort sur un toit , été Élan . ? l'eau c'est à « » rouge".split()


def changed(words, rate, generator):
    result = []
    for word in words:
        kind = generator.random()
        if kind < rate / 4:
            continue
        if kind < rate / 2:
            result.append(generator.choice(WORDS))
        elif kind < rate * 3 / 4:
            result += [word, word]
        else:
            result.append(word.upper() if generator.random() < 0.1 else word)
    if len(result) > 2 and generator.random() < rate:
        place = generator.randrange(len(result) - 1)
        result[place], result[place + 1] = result[place + 1], result[place]
    return result


def corpus(seed, sentences, longest, rate, references=1, empty=0.0):
    generator = random.Random(seed)
    hypotheses, all_references = [], []
    for _ in range(sentences):
        meaning = [generator.choice(WORDS) for _ in range(generator.randint(1, longest))]
        count = generator.randint(1, references)
        all_references.append([" ".join(changed(meaning, 0.3 if place else 0, generator)) for place in range(count)])
        hypotheses.append("" if generator.random() < empty else " ".join(changed(meaning, rate, generator)))
    return hypotheses, all_references


CORPORA = {
    "exact": corpus(1, 6, 12, 0),
    "near": corpus(2, 12, 12, 0.3),
    "several references": corpus(3, 12, 10, 0.4, references=4),
    "empty translations": corpus(4, 12, 10, 0.2, references=2, empty=0.4),
    "short sentences": corpus(5, 8, 3, 0.2),
    "no quadruple right": (["le chat noir sur un toit", "un chat"], [["le chat noir dort sur un toit ."], ["un chat ."]]),
    "no pair right": (["toit un chat le"], [["le élan chat toit", "chat sur un"]]),
    "no word right": (["le chat noir dort"], [["un toit rouge élan"]]),
    "all empty": (["", ""], [["le chat"], ["un toit ."]]),
    "between two lengths": (["le chat noir dort sur un"], [["le chat noir dort sur", "le chat noir dort sur un toit"]]),
    "too short for quadruples": (["le chat"], [["le chat"]]),
    "spaces": (["  le  chat noir dort .  "], [["Le chat noir dort . "]]),
}


def judged(hypotheses, references):
    most = max(len(own) for own in references)
    streams = [[own[place] if place < len(own) else None for own in references] for place in range(most)]
    score = BLEU(lowercase=True, tokenize="none", force=True).corpus_score(hypotheses, streams)
    return {
        "hypotheses": hypotheses,
        "references": references,
        "score": score.score,
        "precisions": list(score.precisions),
        "brevityPenalty": score.bp,
        "matches": list(score.counts),
        "totals": list(score.totals),
        "hypothesisLength": score.sys_len,
        "referenceLength": score.ref_len,
    }


write(__file__, "bleu.json", {name: judged(*pair) for name, pair in CORPORA.items()})
