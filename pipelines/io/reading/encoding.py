"""The characters of a file that says nothing of its encoding.

A byte order mark decides; then what cannot be otherwise (ASCII, valid UTF-8, the zero bytes of UTF-16). Among encodings
of one byte per character all texts are valid, so the accented letters themselves are judged, as French writes them.
"""

import codecs
import re
from collections import Counter
from functools import partial

from pipelines.io.reading.found import Decision

#: The longest marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKED_NAME = {
    "utf-8": "utf-8-sig",
    "utf-8-sig": "utf-8-sig",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "utf-16": "utf-16",
}
_ONE_BYTE = ("cp1252", "iso-8859-15", "cp850", "mac_roman")
_FRENCH = frozenset("éèêëàâäîïôöùûüçœæÉÈÊËÀÂÄÎÏÔÖÙÛÜÇŒÆÿ")
_FOREIGN = frozenset("áíóúñãõåøßìòÁÍÓÚÑÃÕÅØ")
_SIGNS = frozenset("€°²³«»’‘“”–—…µ±§½¼¾·£©®×œ\xa0")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff]+[A-Za-z\x80-\xff]*")
_SAMPLE = 4 << 20
#: Under this mean, the high bytes read as no western European text: the general detector is asked.
_POOR = 0.45
_FALLBACK = "cp1252 where not utf-8"


def decode(content: bytes, *, forced: str | None = None) -> tuple[str, tuple[Decision, ...]]:
    """The text of a file without its mark, and how its encoding was decided. Any bytes give a text."""
    encoding, confidence, evidence = (forced, 1.0, "given") if forced else decide_encoding(content)
    text = _text(content, encoding)
    decision = Decision(what="encoding", value=encoding, confidence=confidence, evidence=evidence)
    return text, (decision, *_replaced(text))


def _replaced(text: str) -> tuple[Decision, ...]:
    count = text.count("\ufffd")
    if not count:
        return ()
    evidence = f"{count} characters were lost before this file was written, or are impossible in its encoding"
    return (Decision(what="replacement characters", value=str(count), confidence=1.0, evidence=evidence),)


def _text(content: bytes, encoding: str) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark) and _MARKED_NAME.get(name, name) == _MARKED_NAME.get(encoding, encoding):
            return content[len(mark) :].decode(name, errors="replace")
    if encoding == _FALLBACK:
        return content.decode("utf-8", errors="reseau_cp1252")
    if encoding in ("utf-16", "utf-8-sig"):
        encoding = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}[encoding]
    return content.decode(encoding, errors="replace")


def _as_cp1252(problem: UnicodeError) -> tuple[str, int]:
    """The undecodable bytes of a text that is UTF-8 elsewhere, read as Windows would."""
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    return problem.object[problem.start : problem.end].decode("cp1252", errors="replace"), problem.end


codecs.register_error("reseau_cp1252", _as_cp1252)


def decide_encoding(content: bytes) -> tuple[str, float, str]:
    """The encoding, the confidence in it and the evidence for it.

    >>> decide_encoding("Prénom;Âge".encode("cp850"))[0]
    'cp850'
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _MARKED_NAME.get(name, name), 1.0, "byte order mark"
    wide = _without_mark(content)
    if wide:
        return wide, 0.95, "every second byte is zero"
    if content.isascii():
        return "utf-8", 1.0, "ASCII characters only"
    return _utf8(content) or _one_byte(content)


def _without_mark(content: bytes) -> str | None:
    """UTF-16 of mostly western text has a zero in one half of its pairs of bytes."""
    sample = content[: _SAMPLE & ~1]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.5 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.5 * half and odd < 0.1 * half else None


def _utf8(content: bytes) -> tuple[str, float, str] | None:
    """UTF-8, whole or with a few foreign bytes; None when it is something else."""
    bad: list[int] = []
    codecs.register_error("reseau_count", partial(_count, bad))
    text = content.decode("utf-8", errors="reseau_count")
    good = sum(1 for _ in re.finditer(r"[^\x00-\x7f]+", text))
    if not bad:
        return "utf-8", 0.99, f"valid, with {good} sequences beyond ASCII"
    if good > 2 * len(bad):
        return _FALLBACK, 0.7, f"{good} valid sequences, {len(bad)} bytes that are not UTF-8"
    return None


def _count(bad: list[int], problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    bad.append(problem.start)
    return "", problem.end


def _one_byte(content: bytes) -> tuple[str, float, str]:
    words = Counter(match.group() for match in _WORD.finditer(content[:_SAMPLE]))
    total = sum(words.values())
    means = {name: sum(n * _plausible(w, name) for w, n in words.items()) / total for name in _ONE_BYTE}
    best = max(_ONE_BYTE, key=lambda name: means[name])
    if means[best] < _POOR:
        return _asked(content) or (best, 0.3, "the accented letters suit no known encoding well")
    second = max(means[name] for name in _ONE_BYTE if name != best)
    evidence = f"the {total} words with accents read best so: {means[best]:.2f}, next {second:.2f}"
    return best, min(0.95, 0.6 + means[best] - second), evidence


def _plausible(word: bytes, encoding: str) -> float:
    """How much a word with high bytes looks like a word: accented letters inside, signs at its edges."""
    try:
        text = word.decode(encoding)
    except UnicodeDecodeError:
        return -1.0
    values = [_letter(text, i) for i, c in enumerate(text) if ord(c) > 127]
    return sum(values) / len(values)


def _letter(text: str, i: int) -> float:
    char = text[i]
    before, after = text[max(i - 1, 0) : i], text[i + 1 : i + 2]
    if any(c.isalpha() and ord(c) > 127 for c in (before, after) if c):
        return 0.1  # two accented letters in a row are another alphabet, or a wrong one
    if char in _FRENCH or char in _FOREIGN:
        broken = char.isupper() and before.islower()
        return -0.5 if broken else 1.0 if char in _FRENCH else 0.7
    if char in _SIGNS:
        return 0.2 if before.isalpha() and after.isalpha() and char not in "’‘" else 0.8
    if char.isalpha():
        return 0.3
    return -1.0 if ord(char) < 0xA0 else -0.3


def _asked(content: bytes) -> tuple[str, float, str] | None:
    from charset_normalizer import from_bytes

    found = from_bytes(content[: 256 << 10]).best()
    if found is None:
        return None
    return str(found.encoding), 0.5, "the general detector reads it best so"
