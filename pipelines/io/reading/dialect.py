"""The separator, quote and escape of a text that says nothing of them.

Every candidate cuts the same sample into records. The one whose records keep one width from line to line, whose cells
mean something alone and whose quotes are sound wins; the usual separators are preferred where the evidence is equal.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from pipelines.io.reading.found import Decision
from pipelines.io.reading.layout import contradicts, is_like
from pipelines.io.reading.records import Dialect, Escape, Record, read_records
from pipelines.io.reading.shapes import credit

_USUAL = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 0.97}
_RARE = {" ": 0.8, ":": 0.75, "~": 0.85, "^": 0.85, "#": 0.6, "!": 0.6, "&": 0.6, "*": 0.6, "=": 0.5, "$": 0.6,
         "%": 0.5, "@": 0.5, "§": 0.85, "¬": 0.85, "¦": 0.85, "\x01": 0.95, "\x1c": 0.95, "\x1d": 0.95, "\x1e": 0.95,
         "\x1f": 0.95, "\x14": 0.9, "þ": 0.7}  # fmt: skip
_SPACED = (",", ";", "|", ":")
_DOUBLED = ("|", "~", "^", ":", "#", "&", "@", "$")
_MOST_RECORDS = 400
_MOST_CELLS = 6000
_LEAST = 0.35
_FEW = 20
_NAMELESS = 0.92
_LEFT_OUT, _LEAST_NAMES, _TOP = 0.8, 3, 5
_FEW_QUOTED, _WITHIN = 2, 0.85
_PADDING = re.compile(r"\S  +\S")
_SHOWN = {"\t": "tab", " ": "space", ", ": "comma and space", "": "none"}


@dataclass(frozen=True)
class Found:
    """The dialect of a text, the number of cells that most of its records have, and the decisions.

    `may_be_padded` says that nothing separates the cells, or spaces that look like padding.
    """

    dialect: Dialect
    width: int
    may_be_padded: bool
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class _Trial:
    dialect: Dialect
    width: int
    score: float
    agreement: float
    sense: float
    soundness: float


def find_dialect(
    sample: Sequence[str],
    *,
    separator: str | None = None,
    quote: str | None = None,
    escape: str | None = None,
) -> Found:
    """The dialect in which a sample of physical lines reads best; what is given is not decided."""
    lines = [line for line in sample if line.strip()]
    quotes = [quote] if quote is not None else _quotes(lines)
    separators = [separator] if separator is not None else ["", *_separators(lines)]
    given = None if escape is None else _escape_of(escape)
    trials = [
        _tried(lines, Dialect(sep, q, given or e))
        for sep in separators
        for q in quotes
        for e in (_escapes(lines, q) if given is None else (given,))
    ]
    best = max(trials, key=lambda trial: trial.score)
    if separator is None and best.dialect.separator in ("", " "):
        best = _rather_usual(best, trials)
    if quote is None and best.dialect.quote == "'":
        best = _rather_without_apostrophe(best, trials, lines)
    dialect = _with_settled_escape(best.dialect, lines, is_given=given is not None)
    is_padded = _may_be_padded(best, lines)
    return Found(dialect, best.width, is_padded, tuple(_decisions(dialect, best, trials)))


def _may_be_padded(best: _Trial, lines: Sequence[str]) -> bool:
    """True when most records have runs of spaces within cells, or empty columns between single spaces."""
    separator = best.dialect.separator
    records = [r.cells for r in _sampled(lines, best.dialect)]
    if separator != " ":
        return sum(any(map(_PADDING.search, cells)) for cells in records) > 0.6 * len(records)
    whole = [cells for cells in records if len(cells) == best.width]
    return best.agreement < 0.9 or any(not any(column) for column in zip(*whole, strict=True))


def _escape_of(text: str) -> Escape:
    return "backslash" if text in ("\\", "backslash") else "none" if text == "none" else "doubled"


def _quotes(lines: Sequence[str]) -> list[str]:
    """The quotes worth a trial: those that stand at the edge of a line or beside something that may separate."""
    text = "\n".join(lines[: 2 * _MOST_RECORDS])
    found = [q for q in "\"'" if re.search(rf"(?m)(?:^|[^\w\s]|\s){q}|{q}(?:$|[^\w\s]|\s)", text)]
    return found if '"' in found else ['"', *found]


def _escapes(lines: Sequence[str], quote: str) -> tuple[Escape, ...]:
    is_seen = quote and any("\\" + quote in line for line in lines)
    return ("doubled", "backslash") if is_seen else ("doubled",)


def _separators(lines: Sequence[str]) -> list[str]:
    """The texts that may separate cells: those that stand in most lines, or in the only ones."""
    counts = Counter(char for line in lines[:_MOST_RECORDS] for char in set(line))
    n = min(len(lines), _MOST_RECORDS)
    known = [c for c in (*_USUAL, *_RARE) if counts[c] and (c in _USUAL or counts[c] >= 0.4 * n)]
    text = "\n".join(lines[:_MOST_RECORDS])
    return [*known, *_long_separators(text, known)]


def _long_separators(text: str, known: Sequence[str]) -> Iterator[str]:
    for char in known:
        total = text.count(char)
        if char in _SPACED and 2 * text.count(char + " ") >= total:
            yield char + " "
        if char in _SPACED and 2 * text.count(f" {char} ") >= total:
            yield f" {char} "
        if char in _DOUBLED and total >= 2 and 2 * text.count(char * 2) >= total:
            yield char * 2


def _prior(separator: str) -> float:
    if not separator:
        return 0.75
    char = separator.strip(" ") or " "
    return _USUAL.get(char[0], _RARE.get(char[0], 0.5)) * (1.01 if len(separator) > 1 else 1.0)


def _tried(lines: Sequence[str], dialect: Dialect) -> _Trial:
    records = _sampled(lines, dialect)
    widths = [len(record.cells) for record in records]
    width = _usual_width(widths)
    if dialect.separator and width < 2:
        return _Trial(dialect, 1, 0.0, 0.0, 0.0, 0.0)
    agreement = max(_agreement(widths, width), _agreement_within(records, width))
    if agreement < _LEFT_OUT and dialect.separator in _USUAL and _leave_ends_out(records):
        agreement, width = _LEFT_OUT, max(widths)
        dialect = replace(dialect, leaves_ends_out=True)
    sense = _sense(records, width)
    soundness = sum(record.is_sound for record in records) / max(len(records), 1)
    size = 1.0 if not dialect.separator or _parts_names_from_values(records, dialect) else 1.0 - 0.25 / width
    score = _prior(dialect.separator) * agreement * sense * (0.5 + 0.5 * soundness) * size
    if dialect.separator and _begins_without_names(records, width):
        score *= _NAMELESS
    return _Trial(dialect, width, score, agreement, sense, soundness)


def _leave_ends_out(records: Sequence[Record]) -> bool:
    """True when a row of names near the top is the widest and no shorter row ends with an empty cell."""
    widest = max(len(record.cells) for record in records)
    top = next(i for i, record in enumerate(records) if len(record.cells) == widest)
    names = records[top].cells
    if widest < _LEAST_NAMES or top >= _TOP or any(not name or name.startswith(" ") for name in names):
        return False
    shorter = [record.cells for record in records[top + 1 :] if 1 < len(record.cells) < widest]
    return len(shorter) > 1 and all(cells[-1].strip() for cells in shorter)


def _parts_names_from_values(records: Sequence[Record], dialect: Dialect) -> bool:
    """True when a space cuts every line in two, with words above a typed column: no list of phrases does that."""
    if dialect.separator != " " or len(records) < _LEAST_NAMES or any(len(r.cells) != 2 for r in records):
        return False
    return contradicts(records[0], records[1:]) and all(records[0].cells)


def _begins_without_names(records: Sequence[Record], width: int) -> bool:
    """True when the first row of the usual width is typed like those below it: most files name their columns."""
    whole = [record for record in records if len(record.cells) == width][:_FEW]
    return len(whole) > 2 and is_like(whole[0], whole[1:])


def _sampled(lines: Sequence[str], dialect: Dialect) -> list[Record]:
    first = list(islice(read_records(lines, dialect, width=None, is_trial=True), 60))
    width = _usual_width([len(record.cells) for record in first])
    expected = width if width > 1 else None
    return list(islice(read_records(lines, dialect, width=expected, is_trial=True), _MOST_RECORDS))


def _usual_width(widths: Sequence[int]) -> int:
    """The number of cells of most records: of those of one cell only when hardly any has more."""
    counts = Counter(widths)
    wide = Counter({w: n for w, n in counts.items() if w > 1})
    if not wide or (counts[1] > 3 and sum(wide.values()) < 0.1 * len(widths)):
        return 1
    return max(wide, key=lambda w: (wide[w], w))


def _agreement(widths: Sequence[int], width: int) -> float:
    """How steady the width is: from record to record, and over all. A single record agrees with itself, weakly."""
    if len(widths) < 2:
        return 0.8
    steady = sum(a == b and (a > 1 or width == 1) for a, b in pairwise(widths)) / (len(widths) - 1)
    return 0.5 * steady + 0.5 * widths.count(width) / len(widths)


def _agreement_within(records: Sequence[Record], width: int) -> float:
    """How steady the width is between the lines of one cell that stand above and below a small table."""
    places = [i for i, record in enumerate(records) if len(record.cells) == width]
    if width < _LEAST_NAMES or len(places) < 2:
        return 0.0
    inner = records[places[0] : places[-1] + 1]
    if 4 * len(inner) < len(records) or any(cell.startswith(" ") for r in inner for cell in r.cells[1:]):
        return 0.0
    return _WITHIN * _agreement([len(record.cells) for record in inner], width)


def _sense(records: Sequence[Record], width: int) -> float:
    """The mean credit of the cells of the records that have more than one, or of all in a single column."""
    cells = [cell for record in records if len(record.cells) > 1 or width == 1 for cell in record.cells]
    cells = cells[:_MOST_CELLS]
    return sum(map(credit, cells)) / len(cells) if cells else 0.0


def _rather_usual(best: _Trial, trials: Sequence[_Trial]) -> _Trial:
    """Nothing, or a space that only parts words, loses to a usual separator that holds its own."""
    if best.agreement >= 0.95 and best.dialect.separator:
        return best
    least_width, least_agreement = (2, 0.6) if best.dialect.separator else (3, 0.45)
    usual = [
        t
        for t in trials
        if t.dialect.separator.strip(" ") in _USUAL
        and t.width >= least_width
        and t.agreement > least_agreement
        and t.score > 0.6 * best.score
    ]
    return max(usual, key=lambda t: t.score, default=best)


def _rather_without_apostrophe(best: _Trial, trials: Sequence[_Trial], lines: Sequence[str]) -> _Trial:
    """Apostrophes around a cell or two are text, unless records are steadier when they are quotes."""
    end = re.escape(best.dialect.separator) if best.dialect.separator else r"\Z"
    quoted = re.compile(rf"(?:^|(?<={end}))'(?:[^']|'')*'(?=$|{end})")
    cells = [cell for line in lines[:_MOST_RECORDS] for cell in quoted.findall(line.rstrip("\r\n"))]
    same = best.dialect.separator
    is_needed = any(re.search("[^']''[^']", cell) or (same.strip() or " ") in cell for cell in cells)
    if len(cells) > _FEW_QUOTED or is_needed:
        return best
    others = [t for t in trials if t.dialect.separator == same and t.dialect.quote != "'"]
    other = max(others, key=lambda t: t.score, default=best)
    return other if other.agreement >= best.agreement else best


def _with_settled_escape(dialect: Dialect, lines: Sequence[str], *, is_given: bool) -> Dialect:
    """A quote that is never doubled and often bare within cells is not escaped at all."""
    if dialect.escape == "backslash":
        return replace(dialect, escapes_itself=_escapes_itself(lines, dialect.quote))
    if is_given or dialect.escape != "doubled" or not dialect.quote:
        return dialect
    bare, doubled = _inner_quotes(lines, dialect)
    return replace(dialect, escape="none") if bare > 2 and bare > 4 * doubled else dialect


def _escapes_itself(lines: Sequence[str], quote: str) -> bool:
    """True when every backslash stands before a quote or another backslash, and some do before another."""
    escaped = set(re.findall(r"\\(.?)", "\n".join(lines)))
    return "\\" in escaped and escaped <= {"\\", quote}


def _inner_quotes(lines: Sequence[str], dialect: Dialect) -> tuple[int, int]:
    """How many bare and how many doubled quotes stand within words of the sample."""
    q = re.escape(dialect.quote)
    text = "\n".join(lines[:_MOST_RECORDS])
    pairs = len(re.findall(rf"[^{q}\s{re.escape(dialect.separator)}]{q}{q}[^{q}]|{q}{q}{q}(?!{q})", text))
    trial = read_records(lines[:_MOST_RECORDS], dialect, width=None, is_trial=True)
    bare = sum(not record.is_sound and any(dialect.quote in c[1:] for c in record.cells) for record in trial)
    return bare, pairs


def _decisions(dialect: Dialect, best: _Trial, trials: Sequence[_Trial]) -> Iterator[Decision]:
    others = [t for t in trials if t.dialect.separator != dialect.separator]
    second = max(others, key=lambda t: t.score, default=None)
    margin = 1.0 if second is None else 1 - second.score / best.score if best.score else 0.0
    confidence = round(min(1.0, 0.5 + max(margin, -0.5) / 2) * (1.0 if best.score >= _LEAST else 0.5), 2)
    evidence = (
        f"{best.agreement:.0%} of records agree on {best.width} cells; cells make sense at {best.sense:.0%}"
    )
    if second is not None and second.score:
        evidence += (
            f"; next {shown(second.dialect.separator)} at {second.score / max(best.score, 1e-9):.0%} of it"
        )
    yield Decision(what="separator", value=shown(dialect.separator), confidence=confidence, evidence=evidence)
    quotes = f"{best.soundness:.0%} of records have sound quotes"
    yield Decision(
        what="quote", value=shown(dialect.quote), confidence=round(best.soundness, 2), evidence=quotes
    )
    yield Decision(
        what="escape", value=dialect.escape, confidence=round(best.soundness, 2), evidence=_why(dialect)
    )


def _why(dialect: Dialect) -> str:
    return {
        "doubled": "quotes within cells are doubled, or there is none",
        "backslash": "a backslash stands before quotes within cells",
        "none": "quotes stand bare within cells and are never doubled",
    }[dialect.escape]


def shown(text: str) -> str:
    """A separator or quote in words, where its sign alone could not be seen."""
    return _SHOWN.get(text, text if text.isprintable() else text.encode("unicode_escape").decode())
