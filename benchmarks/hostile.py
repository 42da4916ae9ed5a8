"""How every hostile file ends, read by both of our doors: `reseau read`, and the pipeline with a declared format.

`python -m benchmarks.hostile FOLDER` adds the files of a folder that is no part of the project to the generated ones.
An end is loaded, set aside (loaded, but for some rows) or the code of a refusal; anything else is a crash of ours.
"""

import csv
import json
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.config import Export, FileFormat, SheetMap
from pipelines.errors import FileRefused, RefusalCode, RegistryError
from pipelines.io.contained import Allowance, allowance, run_contained
from pipelines.io.exports import read_tables
from pipelines.io.reading.describe import describe_file
from pipelines.io.reading.kind import kind_of
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.read_file import read_any
from pipelines.io.reading.text_tables import NOTHING_KNOWN
from tests import hostile
from tests.dialects import xlsx

CODES = {value for name, value in vars(RefusalCode).items() if name.isupper()}
PRELOAD = ("pipelines.io.reading.describe", "pipelines.io.reading.workbook_tables")
_BOMB_MIB = 300
_FORMATS: dict[str, FileFormat] = {
    "xlsx": "xlsx",
    "xls": "xls",
    "xlsb": "xlsb",
    "ods": "ods",
    "parquet": "parquet",
}
#: A map that fits the first column of any file.
_COLUMN = "\u0001"
#: Where the answers of csv-spectrum contradict its files: line ends were changed, a number was made up.
_CORRECTIONS = {"newlines_crlf": ("\\r\\n", "\\n"), "location_coordinates": ("1234567890", "2095257564")}


@dataclass
class Ends:
    """The ends of a set of files: how many of each, the slowest, and the files that ended as none may."""

    counts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_file: str = ""
    wrong: list[str] = field(default_factory=list)

    def take(self, name: str, read: Callable[[], str]) -> None:
        """Read one file and note its end."""
        start = time.perf_counter()
        try:
            end = read()
        except FileRefused as problem:
            end = problem.refusal.code
        except RegistryError as problem:
            end = type(problem).__name__
        seconds = time.perf_counter() - start
        self.counts[end] += 1
        if seconds > self.slowest:
            self.slowest, self.slowest_file = seconds, name
        if end not in CODES | {hostile.LOADED, hostile.ASIDE, "no table"}:
            self.wrong.append(name)

    def facts(self) -> dict[str, Any]:
        """The counts and the slowest, as facts that JSON can hold."""
        return {
            "files": self.counts.total(),
            "ends": dict(sorted(self.counts.items())),
            "slowest_seconds": round(self.slowest, 2),
            "slowest_file": self.slowest_file,
            "crashes_of_ours": self.wrong,
        }


def describe(path: Path, clean: Path | None = None) -> dict[str, Any]:
    """What `reseau read` says of a file; the clean CSV is written to `clean`."""
    own = None if clean is None else Path("clean.csv")
    answer = run_contained(
        describe_file, path, NOTHING_KNOWN, Limits(), None, own,
        limits=allowance(path.stat().st_size), name=path.name, preload=PRELOAD,
        keep={} if clean is None else {"clean.csv": clean},
    )  # fmt: skip
    return dict(answer.facts)


def _by_reading(path: Path) -> str:
    tables = describe(path)["tables"]
    if not tables:
        return "no table"
    return hostile.ASIDE if any(table["ragged_lines"] for table in tables) else hostile.LOADED


def _by_pipeline(path: Path, declared: FileFormat | None = None) -> str:
    """The end of a file that a centre would have declared as what it seems to be, with a header that fits."""
    content = path.read_bytes()
    file_format = declared or _FORMATS.get(kind_of(content).id, "csv")
    unsaid = {"encoding": "auto", "separator": "auto", "quote": "auto"} if file_format == "csv" else {}
    export = Export.model_validate({"format": file_format, **unsaid})
    sheet = _map_of(path, is_workbook=file_format not in ("csv", "parquet"))
    [table] = read_tables(path, export=export, sheets=[sheet], name=path.name)
    return hostile.ASIDE if table.ragged else hostile.LOADED


def _map_of(path: Path, *, is_workbook: bool) -> SheetMap:
    """A map of the first column of the first table, so that the rows are read whatever the file is about."""
    try:
        tables = describe(path)["tables"]
    except FileRefused:
        tables = []
    first = tables[0] if tables else {"header": [], "header_lines": [], "name": None}
    columns = {"local_patient_id": next((name for name in first["header"] if name.strip()), _COLUMN)}
    table = {"entity": "patient_identity", "columns": columns}
    facts = {
        "header_line": min(first["header_lines"], default=1),
        "header_rows": len(first["header_lines"]) or 1,
    }
    return SheetMap.model_validate(
        {"sheet": first["name"] if is_workbook else None, "tables": [table], **facts}
    )


def shared_files(folder: Path) -> Iterator[Path]:
    """The files of a folder, in order."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def generated_files(folder: Path) -> Iterator[tuple[Path, FileFormat]]:
    """The generated files, each written as it is asked for, with its declared format."""
    for number, file in enumerate([*hostile.everything(), *hostile.bombs(_BOMB_MIB)]):
        path = folder / f"{number:03d} {file.name.replace('/', '_')}"
        path.write_bytes(file.make())
        yield path, file.file_format  # type: ignore[misc]
        path.unlink()


def ends(shared: Path | None, folder: Path) -> dict[str, Any]:
    """The ends of every file, by door."""
    found = {"read": Ends(), "pipeline": Ends()}
    for path in shared_files(shared) if shared else ():
        found["read"].take(path.name, lambda path=path: _by_reading(path))  # type: ignore[misc]
        found["pipeline"].take(path.name, lambda path=path: _by_pipeline(path))  # type: ignore[misc]
    for path, file_format in generated_files(folder):
        found["read"].take(path.name, lambda path=path: _by_reading(path))  # type: ignore[misc]
        found["pipeline"].take(path.name, lambda p=path, f=file_format: _by_pipeline(p, f))  # type: ignore[misc]
    return {name: door.facts() for name, door in found.items()}


def csv_spectrum(shared: Path, folder: Path) -> dict[str, int]:
    """How many files of csv-spectrum give exactly their expected rows."""
    cases = sorted((shared / "csv-spectrum" / "csvs").glob("*.csv"))
    exact = sum(_is_exact(path, folder / "clean.csv") for path in cases)
    return {"exact": exact, "of": len(cases)}


def _is_exact(path: Path, clean: Path) -> bool:
    describe(path, clean)
    with clean.open(encoding="utf-8", newline="") as file:
        found = [dict(row) for row in csv.DictReader(file)]
    expected = (path.parents[1] / "json" / f"{path.stem}.json").read_text(encoding="utf-8")
    rows = json.loads(expected.replace(*_CORRECTIONS.get(path.stem, ("", ""))))
    return bool(found == (rows if isinstance(rows, list) else [rows]))


def naughty(shared: Path, folder: Path) -> dict[str, dict[str, int]]:
    """What becomes of each naughty string as value, header, file name and sheet name."""
    words = json.loads((shared / "naughty-strings" / "blns.json").read_text(encoding="utf-8"))
    found = {}
    for place, write in (
        ("value", _as_value), ("header", _as_header), ("file name", _as_file_name), ("sheet name", _as_sheet_name)
    ):  # fmt: skip
        below = folder / place
        below.mkdir()
        written = [write(word, below / str(number)) for number, word in enumerate(words)]
        paths = [None if case is None else case.path for case in written]
        answer = run_contained(
            _read_all,
            paths,
            limits=Allowance(seconds=600),
            name=place,
            preload=(*PRELOAD, "benchmarks.hostile"),
        )
        ends = Counter(_naughty_end(case, read) for case, read in zip(written, answer.facts, strict=True))
        found[place] = dict(sorted(ends.items()))
    return found


@dataclass(frozen=True)
class _Case:
    """A file with a naughty string in it, and what must be read from it: name, header and records."""

    path: Path
    expected: list[Any]


def _read_all(paths: list[Path | None]) -> list[Any]:
    """In a contained process: the name, header and records of the only table of each file, or a code."""
    return [None if path is None else _read_one(path) for path in paths]


def _read_one(path: Path) -> Any:
    try:
        tables = read_any(path).tables
    except FileRefused as problem:
        return problem.refusal.code
    return [[table.name, list(table.header), [list(record) for record in table.records]] for table in tables]


def _naughty_end(case: _Case | None, read: Any) -> str:
    if case is None:
        return "no such name"
    if isinstance(read, str):
        return read
    return "exact" if read == [case.expected] else "changed"


def _text_case(rows: list[list[str]], path: Path) -> _Case:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    return _Case(path, [None, rows[0], rows[1:]])


def _as_value(word: str, path: Path) -> _Case:
    return _text_case([["IPP", "NOM", "VILLE"], ["1", word, "Lyon"], ["2", "B", "Nice"]], path)


def _as_header(word: str, path: Path) -> _Case:
    return _text_case([["IPP", word, "VILLE"], ["1", "A", "Lyon"], ["2", "B", "Nice"]], path)


def _as_file_name(word: str, path: Path) -> _Case | None:
    path.mkdir()
    if not word or "/" in word or word in (".", ".."):
        return None
    try:
        return _text_case([["IPP", "NOM"], ["1", "A"]], path / word)
    except (OSError, ValueError):
        return None


def _as_sheet_name(word: str, path: Path) -> _Case:
    mark = b"NAUGHTYNAME"
    name = "".join(f"&#{ord(character)};" for character in word).encode()
    book = xlsx([["IPP", "NOM"], ["1", "A"], ["2", "B"]], title=mark.decode())
    path.write_bytes(hostile.changed(book, {"xl/workbook.xml": lambda xml: xml.replace(mark, name)}))
    return _Case(path, [word, ["IPP", "NOM"], [["1", "A"], ["2", "B"]]])


def measure(shared: Path | None = None) -> dict[str, Any]:
    """The figures of this page; those of the shared files only where RESEAU_HOSTILE_FILES or `shared` names them."""
    named = os.environ.get("RESEAU_HOSTILE_FILES")
    shared = shared or (Path(named) if named else None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found: dict[str, Any] = ends(shared, folder)
        if shared is not None:
            found["csv_spectrum"] = csv_spectrum(shared, folder)
            found["naughty_strings"] = naughty(shared, folder)
    found["parent_peak_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]) if len(sys.argv) > 1 else None), indent=1, ensure_ascii=False))
