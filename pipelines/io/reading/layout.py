"""Where the tables of a file are: which rows are headers, which are records, and which belong to no table.

A boundary needs evidence: blank rows and a new shape, or a lasting change of width under a row of names.
One odd row is a record with the cells that it has.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from pipelines.io.reading.records import Record
from pipelines.io.reading.shapes import CODE, EMPTY, TEXT, TYPED, shape

_BODY = 60
_MISSING = re.compile(
    r"\s*(?:n/?[acdrs]p?\.?|null|none|nan|[-?.*x]+|inconnue?s?|unknown|missing)\s*", re.IGNORECASE
)
_UNIT = re.compile(
    r"\s*(?:[(\[].{1,15}[)\]]|[-–%€$]|[munkcdµM]?(?:m|g|l|L|s|Gy|Hz|W|V|Pa|mol)[²³]?|°[CF]|h|min|jours?|mois|ans?|années?"
    r"|heures?|euros?|nombre|texte?|date|days?|years?|number)\s*"
)
_RULE = re.compile(r"\s*[-=_+:]{2,}[-=_+: ]*")
_MOST_HEADER_ROWS = 4
_LEAST_WORDS = 5
_LEAST_WIDTH = 3
_YEAR = re.compile(r"(?:18|19|20|21)\d\d")
_COMMENT = re.compile(r"\s*(?:#|//)")
_NOTE = re.compile(
    r"\s*(?:\(?\d{1,2}[.)]\s+\w|\[\d{1,2}\]|\(?\d?\)?\s*(?:sources?|notes?|nota|remarques?|champ|lecture|légende|legend|copyright|©)\b|[*†‡]|\(\*?\w{0,2}\)"
    r"|(?:généré|généree|exporté|édité|extrait|extraction|imprimé|fin|end of|generated|exported|created|printed)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Table:
    """The rows of one table: those of its header, then its records. `names` are its columns."""

    names: list[str]
    header: list[Record]
    records: list[Record]
    evidence: str
    confidence: float


@dataclass(frozen=True)
class _Usual:
    """The number of cells that most rows of a file have, and how many of them have content."""

    width: int
    filled: int


@dataclass
class Layout:
    """The tables in file order, and the rows outside them, by reason."""

    tables: list[Table] = field(default_factory=list)
    outside: dict[str, list[Record]] = field(default_factory=dict)

    def put_outside(self, reason: str, rows: Sequence[Record]) -> None:
        """Add rows to those that belong to no table."""
        if rows:
            self.outside.setdefault(reason, []).extend(rows)


def find_layout(records: Sequence[Record], *, width: int, header_rows: int | None = None) -> Layout:
    """The tables in records of which most have `width` cells. `header_rows` forces that number in the first table."""
    layout = Layout()
    blocks = _blocks(records, layout)
    for part in _parts(blocks, layout, width):
        forced = header_rows if not layout.tables else None
        rows = _without_footer(_without_rule(part, layout), layout)
        layout.tables.append(_table(rows, layout, forced))
    return layout


def is_blank(record: Record) -> bool:
    """True for a row without any content: nothing, or separators only."""
    return not any(cell.strip() for cell in record.cells)


def n_filled(record: Record) -> int:
    """How many cells of a row have content."""
    return sum(1 for cell in record.cells if cell.strip())


def _blocks(records: Sequence[Record], layout: Layout) -> list[list[Record]]:
    """The runs of rows between blank ones."""
    blocks: list[list[Record]] = [[]]
    blank: list[Record] = []
    for record in records:
        if is_blank(record):
            blank.append(record)
            if blocks[-1]:
                blocks.append([])
        else:
            blocks[-1].append(record)
    layout.put_outside("blank", blank)
    return [block for block in blocks if block]


def _parts(blocks: Sequence[list[Record]], layout: Layout, width: int) -> Iterator[list[Record]]:
    """The rows of each table, header included."""
    usual = _Usual(width, _usual_filled([row for block in blocks for row in block], width))
    current: list[Record] = []
    for n, block in enumerate(blocks):
        is_last = n == len(blocks) - 1
        if _is_notes(block, usual, is_first=not current, is_last=is_last):
            layout.put_outside("footer" if current else "preamble", block)
            continue
        for piece in _cut_at_headers(_without_preamble(block, layout, usual, is_first=not current)):
            if current and not _opens_table(piece, current):
                current = [*current, *piece]
            else:
                if current:
                    yield current
                current = piece
    if current:
        yield current


def _is_notes(block: Sequence[Record], usual: _Usual, *, is_first: bool, is_last: bool) -> bool:
    """True for a block of titles or remarks, beside a table that has more columns."""
    if usual.width < 2 or not (is_first or is_last):
        return False
    if (is_first and is_last) or (is_first and len(block) > 2 and contradicts(block[0], block[1:])):
        return False
    is_outside = _is_title if is_first else _is_closing
    return all(is_outside(row, usual) for row in block)


def _is_title(row: Record, usual: _Usual) -> bool:
    """True for a row above a table that has too little content to belong to it."""
    n = n_filled(row)
    return n == 1 or n <= min(2, usual.filled // 2) or _is_prose(row, usual.width)


def _is_closing(row: Record, usual: _Usual) -> bool:
    """True for a row below a table and a blank row that has too little content to belong to it."""
    return (n_filled(row) == 1 and bool(row.cells[0].strip())) or _is_prose(row, usual.width)


def _is_prose(row: Record, width: int) -> bool:
    """True for a sentence that the separator cut: every piece but the first begins with a space."""
    return 1 < len(row.cells) < width and all(cell.startswith(" ") for cell in row.cells[1:])


def _without_preamble(block: list[Record], layout: Layout, usual: _Usual, *, is_first: bool) -> list[Record]:
    """The block from its first row that may be a header."""
    if not is_first or usual.width < 2:
        return block
    least = max(2, (_usual_filled(block, usual.width) + 1) // 2)
    start = next((i for i, row in enumerate(block) if _may_be_header(block, i, usual.width, least)), 0)
    start = _past_comments(block, start, usual.width)
    for row in block[:start]:
        is_comment = bool(_COMMENT.match(row.cells[0]))
        layout.put_outside("comment" if is_comment else "preamble", [row])
    return block[start:]


def _may_be_header(block: Sequence[Record], i: int, width: int, least: int) -> bool:
    """True for a row with enough content, or of names but the first, that is no sentence above a row of names."""
    row, below = block[i], block[i + 1 : i + 2]
    if _is_prose(row, width + 1) and below and n_filled(below[0]) >= least:
        return _is_prose(below[0], width + 1)
    if _is_property(row, width) and below and n_filled(below[0]) > max(2, least - 1):
        return False
    is_unnamed = len(row.cells) == width and not row.cells[0].strip() and n_filled(row) == width - 1
    return n_filled(row) >= least or _spans(row, below) or (is_unnamed and len(row.cells) > 1)


def _is_property(row: Record, width: int) -> bool:
    """True for a key and its value, above a table that has more columns."""
    is_key = row.cells[0].rstrip().endswith(":") or len(row.cells) == 2
    return is_key and n_filled(row) == 2 < width


def _spans(row: Record, below: Sequence[Record]) -> bool:
    """True for names that stand over groups of columns, none over the first, above a fuller row of names."""
    if not below or len(row.cells) != len(below[0].cells) or row.cells[0].strip() or is_blank(row):
        return False
    is_short = n_filled(row) > 1 or len("".join(row.cells).split()) < _LEAST_WORDS
    return is_short and n_filled(below[0]) > n_filled(row) and all(map(_has_no_value, (row, below[0])))


def _has_no_value(row: Record) -> bool:
    """True for a row of words, blank cells and years."""
    typed = [cell for cell in row.cells if shape(cell) in TYPED and not _YEAR.fullmatch(cell.strip())]
    return not typed and _are_words(row)


def _past_comments(block: Sequence[Record], start: int, width: int) -> int:
    while (
        start < len(block) - 1 and _COMMENT.match(block[start].cells[0]) and len(block[start].cells) != width
    ):
        start += 1
    return start


def _usual_filled(rows: Sequence[Record], width: int) -> int:
    counts = [n for row in rows if len(row.cells) == width and (n := n_filled(row)) > 1]
    return sorted(counts)[len(counts) // 2] if counts else 2


def _without_rule(rows: list[Record], layout: Layout) -> list[Record]:
    """The rows without the line drawn below the header."""
    drawn = [row for row in rows[: _MOST_HEADER_ROWS + 1] if all(map(_RULE.fullmatch, row.cells))]
    if not drawn or len(rows) < 2:
        return rows
    layout.put_outside("rule", drawn)
    return [row for row in rows if row not in drawn]


def _cut_at_headers(rows: list[Record]) -> Iterator[list[Record]]:
    """The rows cut where another table begins without a blank row."""
    start = 0
    at = 2
    while at < len(rows):
        if _is_boundary(rows, start, at):
            yield rows[start:at]
            start = at
            at += 1
        at += 1
    yield rows[start:]


def _is_boundary(rows: Sequence[Record], start: int, at: int) -> bool:
    row, before = rows[at], rows[at - 1]
    after = rows[at + 1 : at + 1 + _BODY]
    if not after or len(row.cells) < 2 or not _reads_as_names(row):
        return False
    if len(row.cells) == len(before.cells):
        return (
            row.cells != rows[start].cells
            and n_filled(row) > 1
            and not _comes_again(row, rows[max(start, at - _BODY) : at], after)
            and contradicts(row, rows[max(start + 1, at - _BODY) : at])
            and contradicts(row, after)
        )
    if sum(len(r.cells) == len(row.cells) for r in rows[max(start, at - _BODY) : at]) > 1:
        return False
    lasting = after[:3]
    if any(len(r.cells) != len(row.cells) for r in lasting):
        return False
    return len(rows[at - 2].cells) == len(before.cells) or len(lasting) > 2


def _comes_again(row: Record, *others: Sequence[Record]) -> bool:
    """True when a cell of the row is found in its column above or below: names are not."""
    return any(
        mine.strip() and mine == cell
        for rows in others
        for other in rows
        for mine, cell in zip(row.cells, other.cells, strict=False)
    )


def _without_repeats(rows: list[Record], n_header: int, layout: Layout) -> list[Record]:
    """The records of a table without its header printed again, as at the top of each page."""
    last = [row.cells for row in rows[:n_header]]
    if not last or not _reads_as_names(rows[0]) or len(last[0]) < 2:
        return rows[n_header:]
    repeats = [row for row in rows[n_header:] if row.cells in last]
    layout.put_outside("header again", repeats)
    return [row for row in rows[n_header:] if row.cells not in last] if repeats else rows[n_header:]


def _reads_as_names(row: Record) -> bool:
    """True for a row of different texts, none of them typed."""
    cells = [cell.strip() for cell in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    if not cells or len(set(cells)) < len(cells) or not all(cells):
        return False
    return all(shape(cell) not in TYPED or _YEAR.fullmatch(cell) for cell in cells)


def _opens_table(piece: Sequence[Record], current: Sequence[Record]) -> bool:
    """True when rows after a blank row or a change of width are a table of their own."""
    first = piece[0]
    if first.cells == current[0].cells:
        return False
    if len(piece) > 1 and _reads_as_names(first):
        body = piece[1 : 1 + _BODY]
        if len(first.cells) != len(current[-1].cells):
            return _usual_length(piece) != _usual_length(current)
        return contradicts(first, body) and contradicts(first, current[-_BODY:])
    return len(piece) > 2 and _usual_length(piece) != _usual_length(current) and _usual_length(piece) > 1


def _usual_length(rows: Sequence[Record]) -> int:
    return Counter(len(row.cells) for row in rows).most_common(1)[0][0]


def contradicts(row: Record, body: Sequence[Record]) -> bool:
    """True when the row has text where the body has typed cells, and nothing typed where it has."""
    contrary, alike = _contrast(row, body)
    return contrary > 0 and alike == 0


def is_like(row: Record, body: Sequence[Record]) -> bool:
    """True when the row is typed where the body is, more often than it is text there."""
    contrary, alike = _contrast(row, body)
    return alike > contrary


def _contrast(row: Record, body: Sequence[Record]) -> tuple[int, int]:
    """In how many columns the row is text above typed cells, and in how many it is typed like them."""
    kinds = column_kinds(body, len(row.cells))
    are_years = _are_years(row) and not _hold_years(body, row)
    contrary = alike = 0
    for cell, kind in zip(row.cells, kinds, strict=True):
        mine = TEXT if are_years and _YEAR.fullmatch(cell.strip()) else shape(cell)
        if kind in TYPED and mine in (TEXT, CODE):
            contrary += mine == TEXT or not any(c.isdigit() for c in cell)
            contrary += mine == CODE and kind != CODE and cell[0].isalpha()
        elif mine in TYPED and (mine == kind or kind in TYPED):
            alike += 1
    return contrary, alike


def column_kinds(body: Sequence[Record], width: int) -> list[str]:
    """The shape that most filled cells of each column have, or text."""
    counts = [Counter[str]() for _ in range(width)]
    rows = [row for row in body[:_BODY] if len(row.cells) == width] or body[:_BODY]
    for row in rows:
        for count, cell in zip(counts, row.cells, strict=False):
            count[shape(cell)] += 1
    return [_most(count) for count in counts]


def _most(count: Counter[str]) -> str:
    filled = sum(n for name, n in count.items() if name != EMPTY)
    if not filled:
        return EMPTY
    name, n = max(((k, v) for k, v in count.items() if k != EMPTY), key=lambda pair: pair[1])
    return name if n >= 0.6 * filled else TEXT


def _without_footer(rows: list[Record], layout: Layout) -> list[Record]:
    """The rows without comments, and without the remarks at their end: single cells beside three columns or more."""
    width = _usual_length(rows)
    comments = [row for row in rows if len(row.cells) == 1 < width and _COMMENT.match(row.cells[0])]
    if comments:
        layout.put_outside("comment", comments)
        rows = [row for row in rows if not (len(row.cells) == 1 and _COMMENT.match(row.cells[0]))]
    end = len(rows)
    while end > 1 and width > 2 and is_remark(rows[end - 1], width):
        end -= 1
    end = min(end, _end_without_notes(rows, width))
    layout.put_outside("footer", rows[end:])
    return rows[:end]


def _end_without_notes(rows: Sequence[Record], width: int) -> int:
    """Where the last texts that are alone in their rows begin: one is a note, and no row above is like them."""
    alone = [n_filled(row) == 1 and bool(row.cells[0].strip()) for row in rows]
    end = len(rows)
    while end > 1 and alone[end - 1]:
        end -= 1
    last = rows[end:]
    if width < _LEAST_WIDTH or end < 2 or any(alone[:end]) or any(shape(r.cells[0]) in TYPED for r in last):
        return len(rows)
    has_note = any(is_remark(row, width) or len(row.cells[0].split()) >= _LEAST_WORDS for row in last)
    return end if has_note else len(rows)


def is_remark(row: Record, width: int) -> bool:
    """True when a last row of a table is a note on it: a sentence, alone in its row."""
    text = row.cells[0].strip()
    if text and _NOTE.match(text) and (n_filled(row) == 1 or _is_prose(row, width)):
        return True
    if n_filled(row) != 1 or not text:
        return False
    return len(row.cells) < width and len(row.cells) == 1 and " " in text and shape(text) == TEXT


def _table(rows: list[Record], layout: Layout, forced: int | None) -> Table:
    n, evidence, confidence = (forced, "given", 1.0) if forced is not None else _n_header_rows(rows)
    width = max((len(row.cells) for row in rows[:n]), default=0) or _usual_length(rows)
    names = _names([row.cells for row in rows[:n]]) if n else [f"col{i + 1}" for i in range(width)]
    return Table(names, rows[:n], _without_repeats(rows, n, layout), evidence, confidence)


def _n_header_rows(rows: Sequence[Record]) -> tuple[int, str, float]:
    """How many rows the header takes, why, and how sure that is."""
    if len(rows) == 1:
        typed = [shape(cell) in TYPED for cell in rows[0].cells]
        is_header = sum(typed) * 4 < len(typed) or _are_years(rows[0])
        return (1, "one row, of names", 0.6) if is_header else (0, "one row, of typed values", 0.6)
    for n in range(min(_MOST_HEADER_ROWS, len(rows) - 1), 1, -1):
        if all(_is_header_row(rows, i, n) for i in range(n)):
            return n, f"{n} rows of text above typed columns", 0.8
    contrary, alike = _contrast(rows[0], rows[1 : 1 + _BODY])
    if contrary and contrary >= alike:
        return 1, f"text above {contrary} typed columns", 0.95
    if alike:
        return 0, f"the first row has the shapes of the {alike} typed columns below it", 0.9
    return _by_values(rows)


def _is_header_row(rows: Sequence[Record], i: int, n: int) -> bool:
    """True when row i, one of n candidates, reads as a part of the header of the rows below."""
    row, body = rows[i], rows[n : n + _BODY]
    if i == 0 and (_spans(row, rows[1:2]) or (_are_in_brackets(rows[1]) and _has_no_value(row))):
        return True
    if n_filled(row) < 2 or (i and len(row.cells) != len(rows[0].cells)):
        return False
    contrary, alike = _contrast(row, body)
    typed = sum(kind in TYPED for kind in column_kinds(body, len(row.cells)))
    if i and not alike and _are_units(row) and (contrary or _are_in_brackets(row)):
        return True
    if alike or contrary < max(1, typed // 2) or not _has_no_value(row):
        return False
    return i == 0 or contrary > 1 or not _recur(row, body)


def _are_units(row: Record) -> bool:
    """True for a row of units below names: all of its cells are, and more than one is not a mere dash."""
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    return all(map(_UNIT.fullmatch, filled)) and sum(cell not in "-–" for cell in filled) > 1


def _are_in_brackets(row: Record) -> bool:
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    return len(filled) > 1 and all(cell[0] in "([" and cell[-1] in ")]" for cell in filled)


def _are_words(row: Record) -> bool:
    """True when nearly all cells read as words or names, none as a mere sign for a missing value."""
    shapes = [CODE if shape(cell) == CODE and not cell.strip()[0].isalpha() else TEXT for cell in row.cells]
    return shapes.count(TEXT) >= 0.8 * len(shapes) - 1 and not any(map(_MISSING.fullmatch, row.cells))


def _recur(row: Record, body: Sequence[Record]) -> bool:
    """True when a cell of the row, blank ones aside, is found again in its column, or the row is not full."""
    if n_filled(row) < len(row.cells):
        return True
    return any(
        cell == below.cells[i] for below in body for i, cell in enumerate(row.cells) if i < len(below.cells)
    )


def _are_years(row: Record) -> bool:
    years = [int(cell) for cell in row.cells if _YEAR.fullmatch(cell.strip())]
    others = [cell for cell in row.cells if shape(cell) in TYPED and not _YEAR.fullmatch(cell.strip())]
    is_alone = len(years) == 1 and shape(row.cells[0]) == TEXT
    are_in_order = years in (sorted(set(years)), sorted(set(years), reverse=True))
    return (len(years) > 1 or is_alone) and not others and are_in_order


def _hold_years(body: Sequence[Record], row: Record) -> bool:
    """True when the columns below the years of a row mostly hold years themselves."""
    places = [i for i, cell in enumerate(row.cells) if _YEAR.fullmatch(cell.strip())]
    below = [r.cells[i].strip() for r in body[:_BODY] for i in places if i < len(r.cells)]
    return sum(bool(_YEAR.fullmatch(cell)) for cell in below) > len(below) / 2


def _by_values(rows: Sequence[Record]) -> tuple[int, str, float]:
    """A first row without contrast: names are different from one another and are not found below."""
    cells = [cell.strip() for cell in rows[0].cells]
    filled = [cell for cell in cells if cell]
    below = [{row.cells[i].strip() for row in rows[1:] if i < len(row.cells)} for i in range(len(cells))]
    repeated = sum(bool(cell) and cell in values for cell, values in zip(cells, below, strict=True))
    are_few = sum(len(values) <= len(rows) // 2 for values in below) * 2 > len(cells)
    if repeated or (len(set(filled)) < len(filled) - 1 and not are_few):
        return 0, "the values of the first row come again below it", 0.7
    return 1, "all columns are text; the first row is taken for their names", 0.6


def _names(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name for each column: the texts of the header rows joined by a space, equal parts once."""
    if len(rows) == 1:
        return list(rows[0])
    columns = zip_longest(*rows, fillvalue="")
    return [" ".join(dict.fromkeys(part.strip() for part in parts if part.strip())) for parts in columns]
