"""Damage for coherence judging: each kind lowers the score by a fixed amount per blow."""

from random import Random

FAKE_SYLLABLES = ("ba", "do", "ri", "mel", "ta", "vo", "sun", "ko", "pli", "gra", "ne", "fu", "dor", "li", "zam", "wen", "tro", "ki", "bor", "el")


def fake_word(rng: Random) -> str:
    """A made-up noun of two or three syllables."""
    return "".join(rng.choice(FAKE_SYLLABLES) for _ in range(rng.choice((2, 2, 3))))


def replace_nouns(rng: Random, texts: list[str], nouns: list[str]) -> list[str]:
    """The texts with each of the nouns replaced by one made-up word throughout."""
    for noun in nouns:
        fake = fake_word(rng)
        texts = [text.replace(noun, fake) for text in texts]
    return texts


def invent_nouns(rng: Random, ctx: dict[str, str], texts: list[str]) -> list[str]:
    """The texts with the subject, the place and the person of the context under made-up names."""
    nouns = [ctx["S"].removeprefix("the "), ctx["place"].removeprefix("the ")]
    if ctx["n"] != "I" and not ctx["n"].startswith("the "):
        nouns.append(ctx["n"])
    return replace_nouns(rng, texts, nouns)


def _glue(rng: Random, words: list[str]) -> None:
    i = rng.randrange(len(words))
    word = words[i]
    if len(word) < 4 or rng.random() < 0.4:
        if i + 1 < len(words):
            words[i : i + 2] = [words[i] + words[i + 1]]
        return
    cut = rng.randrange(1, len(word) - 1)
    other = words[rng.randrange(len(words))]
    words[i] = rng.choice((word[:cut] + other[-3:], word[:cut] + word[cut - 1 :] + other[:2], word[:cut] + word[cut + 1 :], word[cut:] + word[:cut]))


def _double(rng: Random, words: list[str]) -> None:
    i = rng.randrange(len(words))
    words.insert(i, words[i])


def _drop(rng: Random, words: list[str]) -> None:
    if len(words) > 4:
        del words[rng.randrange(len(words) - 1)]


def _swap(rng: Random, words: list[str]) -> None:
    if len(words) > 4:
        i, j = sorted(rng.sample(range(len(words)), 2))
        words[i], words[j] = words[j], words[i]


def _stray(rng: Random, words: list[str], pool: list[str]) -> None:
    words.insert(rng.randrange(len(words)), rng.choice(pool))


def damage(rng: Random, text: str, other: str) -> tuple[str, int]:
    """A damaged text and its coherence score (0..80). `other` supplies stray words and fragments."""
    words = text.split()
    pool = other.split()
    roll = rng.random()
    if roll < 0.45:
        blows = rng.choice((1, 1, 2, 2, 3, 4, 5))
        for _ in range(blows):
            kind = rng.choice((0, 0, 1, 2, 3, 4))
            if kind == 4:
                _stray(rng, words, pool)
            else:
                (_glue, _double, _drop, _swap)[kind](rng, words)
        density = blows / max(len(words), 6)
        score = 80 if blows == 1 else 60 if blows == 2 else 40 if density < 0.25 else 20
        if blows == 1 and len(words) < 7:
            score = 70
        return " ".join(words), score
    if roll < 0.62:  # phrase repeated
        times = rng.choice((1, 1, 2, 3, 5))
        size = min(len(words), rng.choice((2, 3, 4, 6, 9)))
        at = rng.randrange(len(words) - size + 1)
        words[at + size : at + size] = words[at : at + size] * times
        return " ".join(words[:45]), {1: 60, 2: 40, 3: 20, 5: 10}[times]
    if roll < 0.70:  # one word over and over
        at = rng.randrange(len(words))
        times = rng.randrange(4, 14)
        words[at + 1 :] = [words[at]] * times
        return " ".join(words), 10 if times < 8 and at > 5 else 0
    if roll < 0.82:  # word salad
        mixed = words + pool[: len(words)]
        rng.shuffle(mixed)
        return " ".join(mixed[: max(8, len(words))]), 0
    if roll < 0.90:  # a shuffled half
        half = len(words) // 2
        tail = words[half:]
        rng.shuffle(tail)
        return " ".join(words[:half] + tail), 30
    if roll < 0.96:  # breaks off into another text's middle
        at = rng.randrange(2, max(3, len(words) - 1))
        start = rng.randrange(1, max(2, len(pool) - 3))
        return " ".join(words[:at] + pool[start:]), 50
    return "".join(ch if ch != " " or rng.random() < 0.5 else "" for ch in text), 20
