"""How well a delimited file is read when nobody says how it was written: our reader and common ones, out of 10.

A file's score adds ten measures from 0 to 1: that it was read at all; precision, recall and F1 of its header's cells,
of its whole records, of its records' cells. Order does not count; a record without any text counts for nothing.
`python -m benchmarks.dialects --worst 30` lists the files that our reader reads worst.
"""

import argparse
import csv
import importlib.util
import io
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.clean_tables import Row
from benchmarks.pollution import PollutedFile, polluted_files
from pipelines.errors import RegistryError

# Shares of the files that open data portals and hospitals publish, in percent: our estimate. Nearly half follow the
# standard; line ends, separators and code pages vary with the country and the program; lines around the table come
# from reports; damage to single records is rare, and rarer than any choice of dialect.
SHARES = {
    "standard": 40.0, "separator": 11.0, "encoding": 10.0, "line_end": 10.0, "real_life": 8.0, "final_newline": 4.0,
    "quotes_all": 4.0, "preamble": 4.0, "footnote": 2.0, "header": 2.0, "tables": 1.0, "size": 1.0, "escape": 1.0,
    "quote": 0.5, "extra_separator": 0.5, "missing_separator": 0.4, "extra_quote": 0.4, "row_of_spaces": 0.2,
}  # fmt: skip
WORKERS, CHUNK = 2, 40
CRASHES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    csv.Error,
)


@dataclass(frozen=True)
class Reading:
    """What a reader found: the cells of its header (none when it made them up), and its records."""

    header: Row = ()
    records: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Score:
    """Ten measures from 0 to 1."""

    success: float
    header_precision: float
    header_recall: float
    header_f1: float
    record_precision: float
    record_recall: float
    record_f1: float
    cell_precision: float
    cell_recall: float
    cell_f1: float

    @property
    def total(self) -> float:
        """Their sum, out of 10."""
        return float(sum(astuple(self)))


@dataclass(frozen=True)
class Scored:
    """One file, one reader: its score, how the reading ended (`read`, `refused`, `crashed`), processor seconds."""

    file: str
    family: str
    score: Score
    ended: str
    seconds: float
    notes: tuple[str, ...] = ()


Reader = Callable[[bytes], Reading]


def agreement(found: Iterable[Hashable], truth: Iterable[Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1 of one bag of things against another.

    >>> agreement("abb", "abc")
    (0.6666666666666666, 0.6666666666666666, 0.6666666666666666)
    """
    ours, theirs = Counter(found), Counter(truth)
    if not ours or not theirs:
        return (1.0, 1.0, 1.0) if ours == theirs else (0.0, 0.0, 0.0)
    common = (ours & theirs).total()
    precision, recall = common / ours.total(), common / theirs.total()
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def _with_text(records: Sequence[Row]) -> list[Row]:
    return [record for record in records if any(record)]


def _cells(records: Iterable[Row]) -> Iterable[str]:
    return (cell for record in records for cell in record)


def _names(header: Row) -> list[str]:
    return [" ".join(cell.split()) for cell in header]  # a name on two lines is one name


def score(found: Reading | None, truth: PollutedFile) -> Score:
    """The score of a reading; none at all is read as an empty file that did not succeed."""
    reading = found or Reading()
    ours, theirs = _with_text(reading.records), _with_text(truth.records)
    return Score(
        float(found is not None),
        *agreement(_names(reading.header), _names(truth.header)),
        *agreement(ours, theirs),
        *agreement(_cells(ours), _cells(theirs)),
    )


def read_by_reseau(content: bytes) -> Reading:
    """Our reader, without any configuration: the largest table that it finds."""
    from pipelines.io.reading.text_tables import find_text_tables

    found = find_text_tables(content)
    if not found.tables:
        return Reading()
    table = found.tables[found.largest()]
    notes = tuple(
        f"{one.what}={one.value!r} ({one.confidence:.2f})" for one in (*found.decisions, *table.decisions)
    )
    header = tuple(table.header) if table.header_lines else ()
    return Reading(header, tuple(map(tuple, table.records)), notes)


def read_by_pandas(content: bytes) -> Reading:
    """pandas, which looks for the separator."""
    import pandas as pd

    frame = pd.read_csv(io.BytesIO(content), sep=None, engine="python", dtype=str, keep_default_na=False)
    records = frame.astype(object).where(frame.notna(), "").itertuples(index=False, name=None)
    return Reading(tuple(map(str, frame.columns)), tuple(records))


def read_by_duckdb(content: bytes) -> Reading:
    """DuckDB's sniffer, every column as text."""
    import duckdb

    with tempfile.NamedTemporaryFile(suffix=".csv") as file, duckdb.connect() as con:
        Path(file.name).write_bytes(content)
        try:
            relation = con.read_csv(file.name, all_varchar=True)
            names, rows = tuple(relation.columns), relation.fetchall()
        except duckdb.Error as error:
            raise ValueError(type(error).__name__) from None
    header = () if all(re.fullmatch(r"column\d+", name) for name in names) else names
    return Reading(header, tuple(tuple(cell or "" for cell in row) for row in rows))


def read_by_sniffer(content: bytes) -> Reading:
    """Python's own csv.Sniffer on UTF-8, the dialect and the header as it guesses them."""
    text = content.decode("utf-8")
    sniffer = csv.Sniffer()
    rows = tuple(tuple(row) for row in csv.reader(io.StringIO(text, newline=""), sniffer.sniff(text)) if row)
    return Reading(rows[0], rows[1:]) if sniffer.has_header(text) else Reading((), rows)


def read_by_clevercsv(content: bytes) -> Reading:
    """CleverCSV with its own guess of the encoding, the first row as header."""
    import clevercsv

    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        Path(file.name).write_bytes(content)
        rows = tuple(tuple(row) for row in clevercsv.read_table(file.name) if row)
    return Reading(rows[0], rows[1:]) if rows else Reading()


def readers() -> dict[str, Reader]:
    """Our reader and the baselines; CleverCSV where it is installed."""
    known: dict[str, Reader] = {
        "reseau": read_by_reseau,
        "pandas": read_by_pandas,
        "DuckDB": read_by_duckdb,
        "csv.Sniffer": read_by_sniffer,
    }
    if importlib.util.find_spec("clevercsv"):
        known["CleverCSV"] = read_by_clevercsv
    return known


def try_reading(reader: Reader, file: PollutedFile) -> Scored:
    """Read one file; a refusal and a crash are told apart and both fail."""
    start, found, ended = time.process_time(), None, "read"
    try:
        found = reader(file.content)
    except RegistryError:
        ended = "refused"
    except CRASHES as error:
        ended = f"crashed: {type(error).__name__}"
    seconds = time.process_time() - start
    notes = found.notes if found else ()
    return Scored(file.name, file.family, score(found, file), ended, seconds, notes)


def weighted_mean(scored: Sequence[Scored]) -> float:
    """The mean in which every family has its share, divided over its files."""
    families = by_family(scored)
    total = sum(SHARES[family] for family in families)
    return sum(SHARES[family] * mean for family, mean in families.items()) / total


def by_family(scored: Iterable[Scored]) -> dict[str, float]:
    """The simple mean of each family."""
    totals: dict[str, list[float]] = defaultdict(list)
    for one in scored:
        totals[one.family].append(one.score.total)
    return {family: fmean(found) for family, found in totals.items()}


def summary(scored: Sequence[Scored]) -> dict[str, Any]:
    """The figures of one reader."""
    return {
        "simple": round(fmean(one.score.total for one in scored), 3),
        "weighted": round(weighted_mean(scored), 3),
        "families": {family: round(mean, 3) for family, mean in by_family(scored).items()},
        "refused": sum(one.ended == "refused" for one in scored),
        "crashed": sum(one.ended.startswith("crashed") for one in scored),
        "seconds": round(sum(one.seconds for one in scored), 1),
        "slowest": round(max(one.seconds for one in scored), 2),
    }


def _read_as(name: str, file: PollutedFile) -> Scored:
    return try_reading(readers()[name], file)


def read_all(name: str, files: Sequence[PollutedFile]) -> list[Scored]:
    """What one reader makes of every file, in order, on two processors."""
    with ProcessPoolExecutor(max_workers=WORKERS, mp_context=get_context("spawn")) as pool:
        return list(pool.map(partial(_read_as, name), files, chunksize=CHUNK))


def measure() -> dict[str, Any]:
    """The figures of every reader over every file."""
    files = list(polluted_files())
    return {"files": len(files), "readers": {name: summary(read_all(name, files)) for name in readers()}}


def _show(scored: Sequence[Scored], worst: int) -> None:
    figures = summary(scored)
    print(f"simple {figures['simple']}, weighted {figures['weighted']}, {figures['seconds']} s")
    for family, mean in sorted(figures["families"].items(), key=lambda item: item[1]):
        print(f"  {mean:6.3f}  {family}")
    for one in sorted(scored, key=lambda one: one.score.total)[:worst]:
        parts = " ".join(f"{part:.2f}" for part in astuple(one.score))
        print(f"{one.score.total:6.3f}  {one.file}  {one.ended}  [{parts}]\n        {', '.join(one.notes)}")


def main() -> None:
    """One reader over all files, or those whose name contains a word; the worst are listed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--reader", choices=list(readers()), default="reseau")
    parser.add_argument("--worst", type=int, default=20, help="how many files to list")
    parser.add_argument("--only", default="", help="part of the file names: shop/encoding, row_1_, …")
    parser.add_argument("--every", type=int, default=1, help="one file in so many")
    parser.add_argument("--write", type=Path, help="a folder to write the files to, instead of reading them")
    asked = parser.parse_args()
    files = [file for file in polluted_files() if asked.only in file.name][:: asked.every]
    if asked.write:
        for file in files:
            target = asked.write / f"{file.name}.csv"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content)
        return
    _show(read_all(asked.reader, files), asked.worst)


if __name__ == "__main__":
    main()
