"""Any table of diagnoses (CSV or Parquet), for `reseau code`: every row is read, in its order, and comes out once.

The rows of a table with a million lines hold a few thousand combinations: they are numbered here, and decided once.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import IntakeError
from pipelines.io.reading.clean_csv import replacing

#: The columns that say something of a diagnosis; others are not read.
STATED = (
    "label",
    "morphology",
    "adicap",
    "icd10",
    "topography_text",
    "topography_code",
    "icdo_version",
)
_SEPARATORS = (",", ";", "\t", "|")
#: The csv module refuses longer cells; a label may be a whole report.
_LONGEST_CELL = 2**31 - 1
_REMEDY = (
    "Give a Parquet file, or a CSV in UTF-8 whose header line has `id` and one of " + ", ".join(STATED) + "."
)


@dataclass(frozen=True, kw_only=True)
class StatedLabels:
    """The ids of the rows, the distinct combinations in the order of `STATED`, and the combination of each row."""

    ids: list[str]
    combinations: list[tuple[str | None, ...]]
    combination_of: list[int]


def load_labels(path: Path) -> StatedLabels:
    """The table of a file. IntakeError when it is no table, or has no `id` or none of the columns that are read."""
    if not path.is_file():
        raise IntakeError("there is no such table", where=path.name, remedy=_REMEDY)
    rows = _parquet_rows(path) if path.suffix.lower() in (".parquet", ".pq") else _csv_rows(path)
    seen: dict[tuple[str | None, ...], int] = {}
    ids: list[str] = []
    combination_of: list[int] = []
    for name, stated in rows:
        ids.append(name)
        combination_of.append(seen.setdefault(stated, len(seen)))
    if not ids:
        raise IntakeError("the table has no row", where=path.name)
    return StatedLabels(ids=ids, combinations=list(seen), combination_of=combination_of)


def _places(header: Sequence[str], path: Path) -> tuple[int, list[int | None]]:
    """Where `id` and each column of `STATED` stand; None for a column that the table lacks."""
    names = [name.strip().lower() for name in header]
    twice = {name for name in names if name and names.count(name) > 1} & {"id", *STATED}
    if twice:
        raise IntakeError(
            f"the header names a column twice: {', '.join(sorted(twice))}", where=path.name, remedy=_REMEDY
        )
    if "id" not in names or not set(names) & set(STATED):
        raise IntakeError(
            "the header lacks `id`, or every column that is read", where=path.name, remedy=_REMEDY
        )
    return names.index("id"), [names.index(name) if name in names else None for name in STATED]


def _csv_rows(path: Path) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows_of(file, path)
    except UnicodeDecodeError as problem:
        what = f"the file is not UTF-8 (byte {problem.start})"
        raise IntakeError(what, where=path.name, remedy=_REMEDY + " `reseau read` cleans others.") from None
    except (OSError, csv.Error) as problem:  # their messages may hold a value
        what = f"this is no table that can be read ({type(problem).__name__})"
        raise IntakeError(what, where=path.name, remedy=_REMEDY) from None


def _rows_of(file: io.TextIOWrapper, path: Path) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    first = file.readline()
    separator = max(_SEPARATORS, key=first.count)
    header = next(csv.reader([first], delimiter=separator), [])
    at, columns = _places(header, path)
    width = len(header)
    for cells in csv.reader(file, delimiter=separator):
        if not cells:
            continue
        if len(cells) > width:  # a separator in the last cell, which nobody quoted
            cells = [*cells[: width - 1], separator.join(cells[width - 1 :])]
        cells += [""] * (width - len(cells))
        yield (
            cells[at],
            tuple(cells[place].strip() or None if place is not None else None for place in columns),
        )


def _parquet_rows(path: Path) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        at, columns = _places(file.schema_arrow.names, path)
        for batch in file.iter_batches():
            texts = [[_text(value) for value in column.to_pylist()] for column in batch.columns]
            empty: list[str | None] = [None] * batch.num_rows
            stated = zip(*(empty if place is None else texts[place] for place in columns), strict=True)
            yield from zip((name or "" for name in texts[at]), stated, strict=True)
    except (OSError, pa.ArrowException) as problem:
        what = f"this is no table that can be read ({type(problem).__name__})"
        raise IntakeError(what, where=path.name, remedy=_REMEDY) from None


def _text(value: object) -> str | None:
    return None if value is None else str(value).strip() or None


def write_coded(
    target: Path,
    header: Sequence[str],
    table: StatedLabels,
    answers: Sequence[Sequence[str]],
) -> None:
    """Write id and answer of every row, in the order of the table; the file appears when it is complete."""
    with replacing(target) as building, building.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(header)
        file.writelines(_lines(table, answers))


def _lines(table: StatedLabels, answers: Sequence[Sequence[str]]) -> Iterable[str]:
    """The lines of the file; an answer is written once however many rows it has."""
    texts = [_line(answer) for answer in answers]
    for name, combination in zip(table.ids, table.combination_of, strict=True):
        yield f"{_cell(name)},{texts[combination]}"


def _line(cells: Sequence[str]) -> str:
    return ",".join(_cell(cell) for cell in cells) + "\n"


def _cell(text: str) -> str:
    """A cell of CSV, quoted where it must be."""
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
