"""Files whose every cell is known: what comes out must be what went in, letter by letter.

csv-spectrum has 12 files with their answers. Each of the naughty strings is written as a value, a header, a file name,
a member of an archive and a sheet: one per file, then all of them in one file.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reading import PRELOAD, describe
from pipelines.errors import FileRefused
from pipelines.io.contained import Allowance, run_contained
from pipelines.io.reading.read_file import read_any
from tests import hostile
from tests.dialects import xlsx

_MARK = "NAUGHTYNAME"
EXACT, CHANGED, IMPOSSIBLE = "exact", "changed", "no such name"
#: The answers of csv-spectrum that contradict their own file: what they say, what the file has, and why.
CORRECTIONS = {
    "newlines_crlf": ("\\r\\n", "\\n", "the answer has CR LF within a cell, the stored file has LF"),
    "location_coordinates": ("1234567890", "2095257564", "the answer has a number that is not in the file"),
}


def csv_spectrum(shared: Path, folder: Path) -> dict[str, Any]:
    """How many files of csv-spectrum give exactly the rows of their answers, as corrected and as they stand."""
    cases = sorted((shared / "csv-spectrum" / "csvs").glob("*.csv"))
    found = {path.stem: _rows(path, folder / "clean.csv") for path in cases}
    as_they_stand = {path.stem: _answer(path) for path in cases}
    corrected = {path.stem: _answer(path, *CORRECTIONS.get(path.stem, ("", ""))[:2]) for path in cases}
    return {
        "exact": _of(found, corrected),
        "exact by the answers as they stand": _of(found, as_they_stand),
        **{f"{name} corrected": why for name, (_, _, why) in CORRECTIONS.items() if name in found},
    }


def _of(found: dict[str, Any], expected: dict[str, Any]) -> str:
    return f"{sum(found[name] == expected[name] for name in found)} of {len(found)}"


def _rows(path: Path, clean: Path) -> list[dict[str, str]]:
    describe(path, clean)
    with clean.open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def _answer(path: Path, said: str = "", true: str = "") -> list[dict[str, str]]:
    text = (path.parents[1] / "json" / f"{path.stem}.json").read_text(encoding="utf-8")
    rows = json.loads(text.replace(said, true) if said else text)
    return rows if isinstance(rows, list) else [rows]


@dataclass(frozen=True)
class Case:
    """A file with naughty strings in it, and what must be read: the name, header and records of each table."""

    path: Path
    expected: list[Any]


def naughty(shared: Path, folder: Path) -> dict[str, Any]:
    """What becomes of the naughty strings in every place: one per file, and all in one."""
    words = json.loads((shared / "naughty-strings" / "blns.json").read_text(encoding="utf-8"))
    return {
        "one per file": {place: _alone(place, write, words, folder) for place, write in _ALONE.items()},
        "all in one file": {
            place: _together(write(words, folder / f"all {place}")) for place, write in _ALL.items()
        },
    }


def _alone(
    place: str, write: Callable[[str, Path], Case | None], words: list[str], folder: Path
) -> dict[str, int]:
    below = folder / place
    below.mkdir()
    cases = [write(word, below / str(number)) for number, word in enumerate(words)]
    found = iter(_read([case.path for case in cases if case], place))
    ends = Counter(_end(case, next(found)) if case else IMPOSSIBLE for case in cases)
    return dict(sorted(ends.items()))


def _end(case: Case, read: Any) -> str:
    if isinstance(read, str):
        return read
    return EXACT if read == case.expected else CHANGED


def _together(case: Case) -> dict[str, int]:
    """How many of the tables' parts that hold a string (sheets, headers or records) are exact."""
    [read] = _read([case.path], case.path.name)
    expected = [part for table in case.expected for part in _parts(table)]
    found = [] if isinstance(read, str) else [part for table in read for part in _parts(table)]
    n_exact = sum((Counter(expected) & Counter(found)).values())
    ends = {EXACT: n_exact, read if isinstance(read, str) else CHANGED: len(expected) - n_exact}
    return {end: count for end, count in ends.items() if count}


def _parts(table: list[Any]) -> list[str]:
    """The pieces to count: a header by its names, then the records; a sheet of one record is one piece."""
    name, header, records = table
    if name is not None:
        return [json.dumps(table)]
    return [*(json.dumps(cell) for cell in header), *(json.dumps(record) for record in records)]


def _read(paths: list[Path], place: str) -> list[Any]:
    answer = run_contained(
        read_all, paths, limits=Allowance(seconds=600), name=place, preload=(*PRELOAD, "benchmarks.naughty")
    )
    return list(answer.facts)


def read_all(paths: list[Path]) -> list[Any]:
    """In a contained process: the name, header and records of every table of each file, or its code."""
    return [_read_one(path) for path in paths]


def _read_one(path: Path) -> Any:
    try:
        tables = read_any(path).tables
    except FileRefused as problem:
        return problem.refusal.code
    return [[table.name, list(table.header), [list(record) for record in table.records]] for table in tables]


def _text_case(rows: Sequence[list[str]], path: Path) -> Case:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    return Case(path, [[None, rows[0], list(rows[1:])]])


def _as_value(word: str, path: Path) -> Case:
    return _text_case([["IPP", "NOM", "VILLE"], ["1", word, "Lyon"], ["2", "B", "Nice"]], path)


def _as_header(word: str, path: Path) -> Case:
    return _text_case([["IPP", word, "VILLE"], ["1", "A", "Lyon"], ["2", "B", "Nice"]], path)


def _as_file_name(word: str, path: Path) -> Case | None:
    path.mkdir()
    if not word or "/" in word or word in (".", ".."):
        return None
    try:
        return _text_case([["IPP", "NOM"], ["1", "A"]], path / word)
    except (OSError, ValueError):
        return None


def _as_sheet_name(word: str, path: Path) -> Case:
    return _as_sheet_names([word], path)


def _as_values(words: list[str], path: Path) -> Case:
    body = [[str(number), word, "Lyon"] for number, word in enumerate(words, 1)]
    return _text_case([["IPP", "NOM", "VILLE"], *body], path)


def _as_headers(words: list[str], path: Path) -> Case:
    body = [[f"{row}{column}" for column in range(len(words))] for row in ("1", "2")]
    return _text_case([words, *body], path)


def _as_sheet_names(words: list[str], path: Path) -> Case:
    """A workbook with a sheet of each name, each with its own record; no workbook has a name twice."""
    words = list(dict.fromkeys(words))
    sheets = {f"{_MARK}{at}.": [["IPP", "NOM"], [str(at), "A"], ["2", "B"]] for at in range(len(words))}
    first, *others = sheets
    book = xlsx(sheets[first], title=first, more={name: sheets[name] for name in others})
    path.write_bytes(hostile.changed(book, {"xl/workbook.xml": lambda xml: _renamed(xml, sheets, words)}))
    return Case(path, [[word, rows[0], rows[1:]] for word, rows in zip(words, sheets.values(), strict=True)])


def _renamed(xml: bytes, marks: Iterable[str], words: list[str]) -> bytes:
    for mark, word in zip(marks, words, strict=True):
        name = "".join(f"&#{ord(character)};" for character in word)
        xml = xml.replace(mark.encode(), name.encode())
    return xml


_ALONE: dict[str, Callable[[str, Path], Case | None]] = {
    "value": _as_value,
    "header": _as_header,
    "file name": _as_file_name,
    "sheet name": _as_sheet_name,
}
_ALL: dict[str, Callable[[list[str], Path], Case]] = {
    "value": _as_values,
    "header": _as_headers,
    "sheet name": _as_sheet_names,
}
