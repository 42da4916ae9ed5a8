"""How every hostile file ends, read by both of our doors: `reseau read`, and the pipeline with a declared format.

`python -m benchmarks.run --only hostile` reads the generated files and, where RESEAU_HOSTILE_FILES names a folder that
is no part of the project, every file in it. An end is loaded, set aside (loaded, but for some rows) or the code of a
refusal; anything else is a crash of ours.
"""

import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.naughty import csv_spectrum, naughty
from benchmarks.reading import PRELOAD, describe
from pipelines.config import Export, FileFormat, SheetMap
from pipelines.config_checks import compared_header
from pipelines.errors import FileRefused, RefusalCode, RegistryError
from pipelines.io.contained import allowance, run_contained
from pipelines.io.exports import read_tables
from pipelines.io.reading.found import FoundTable
from pipelines.io.reading.kind import kind_of
from pipelines.io.reading.read_file import read_any
from tests import hostile

CODES = {value for name, value in vars(RefusalCode).items() if name.isupper()}
NO_TABLE = "no table"
_BOMB_MIB = 300
_KIND_BYTES = 1 << 20
_FORMATS: dict[str, FileFormat] = {
    "xlsx": "xlsx",
    "xls": "xls",
    "xlsb": "xlsb",
    "ods": "ods",
    "parquet": "parquet",
}
#: A column that no file has: a file without a table is refused for its header.
_NOWHERE: dict[str, Any] = {"sheet": None, "column": "\u0001", "header_line": 1, "header_rows": 1}
#: The members that hostile archives put above themselves, and where those that go up far enough would land.
_LURES = ("evil.txt", "evil.xml", "export.csv")
_SEPARATORS = {",": ",", ";": ";", "\\t": "\t", "tab": "\t", "|": "|", "none": ";"}


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
        if end not in CODES | {hostile.LOADED, hostile.ASIDE, NO_TABLE}:
            self.wrong.append(name)

    def facts(self) -> dict[str, Any]:
        """The counts and the slowest, as facts that JSON can hold."""
        return {
            "files": self.counts.total(),
            "crashes of ours": len(self.wrong),
            "files that crashed us": self.wrong or "none",
            "slowest seconds": round(self.slowest, 2),
            "slowest file": self.slowest_file,
            "ends": dict(sorted(self.counts.items())),
        }


def by_reading(path: Path) -> str:
    """The end of a file at the door of `reseau read`."""
    tables = describe(path)["tables"]
    if not tables:
        return NO_TABLE
    return hostile.ASIDE if any(table["ragged_lines"] for table in tables) else hostile.LOADED


def by_pipeline(path: Path, found: dict[str, Any], declared: FileFormat | None = None) -> str:
    """The end of a file that a centre would have declared as what it seems to be, with the header that was `found`."""
    with path.open("rb") as file:
        kind = kind_of(file.read(_KIND_BYTES) if path.stat().st_size > _KIND_BYTES else path.read_bytes()).id
    file_format = declared or _FORMATS.get(kind, "csv")
    is_workbook = file_format not in ("csv", "parquet")
    [table] = read_tables(
        path, export=_export(file_format, found), sheets=[_map(found, is_workbook)], name=path.name
    )
    return hostile.ASIDE if table.ragged else hostile.LOADED


def _export(file_format: FileFormat, found: dict[str, Any]) -> Export:
    if file_format != "csv":
        return Export.model_validate({"format": file_format})
    separator = _SEPARATORS.get(found.get("separator", ""), "auto")
    unsaid = {"encoding": "auto", "separator": separator, "quote": "auto"}
    return Export.model_validate({"format": file_format, **unsaid})


def _map(found: dict[str, Any], is_workbook: bool) -> SheetMap:
    table = {"entity": "patient_identity", "columns": {"local_patient_id": found["column"]}}
    sheet = found["sheet"] if is_workbook else None
    where = {"header_line": found["header_line"], "header_rows": found["header_rows"]}
    return SheetMap.model_validate({"sheet": sheet, "tables": [table], **where})


def guess(path: Path) -> dict[str, Any]:
    """Where the first table of a file has its header, and one of its columns; a file that is refused has neither."""
    limits = allowance(path.stat().st_size)
    try:
        answer = run_contained(
            first_table, path, limits=limits, name=path.name, preload=(*PRELOAD, "benchmarks.hostile")
        )
    except FileRefused:
        return _NOWHERE
    return dict(answer.facts)


def first_table(path: Path) -> dict[str, Any]:
    """In a contained process: the sheet, the header lines and a column of the first table, and the separator."""
    found = read_any(path)
    if not found.tables:
        return _NOWHERE
    table = found.tables[0]
    decisions = {decision.what: decision.value for decision in (*found.decisions, *table.decisions)}
    header = table.header_lines or (min(table.lines, default=1),)
    return {
        "sheet": table.name,
        "column": _single(_header(table)),
        "header_line": min(header),
        "header_rows": max(header) - min(header) + 1,
        "separator": decisions.get("separator", ""),
    }


def _header(table: FoundTable) -> list[str]:
    """The names of the columns; a file that has none is read as if its first record named them."""
    return list(table.header if table.header_lines or not table.records else table.records[0])


def _single(header: list[str]) -> str:
    """The first name that no other column has."""
    names = [compared_header(name) for name in header]
    return next((name for name in names if name and names.count(name) == 1), str(_NOWHERE["column"]))


def shared_files(folder: Path) -> Iterator[Path]:
    """The files of a folder, in order."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def write_generated(folder: Path, n_mib: int) -> list[tuple[Path, FileFormat]]:
    """Write every generated file, bombs of `n_mib` MiB too; each with its declared format."""
    written: list[tuple[Path, Any]] = []
    for number, file in enumerate([*hostile.everything(), *hostile.bombs(n_mib)]):
        path = folder / f"{number:03d} {file.name.replace('/', '_')}"
        path.write_bytes(file.make())
        written.append((path, file.file_format))
    return written


def generated_elsewhere(folder: Path, n_mib: int) -> list[tuple[Path, FileFormat]]:
    """The same by a process of its own: what writing needs of memory is not that of reading."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(write_generated, folder, n_mib).result()


def ends(files: Iterable[tuple[Path, FileFormat | None]]) -> dict[str, Any]:
    """The ends of every file, by door."""
    found = {"reseau read": Ends(), "pipeline": Ends()}
    for path, file_format in files:
        found["reseau read"].take(path.name, partial(by_reading, path))
        found["pipeline"].take(path.name, partial(by_pipeline, path, guess(path), file_format))
    return {name: door.facts() for name, door in found.items()}


def _census(*places: Path) -> dict[Path, int]:
    """Every file in and below the places, and every lure that lies where an archive would throw it: when written."""
    far = (Path(place) / name for place in ("/", tempfile.gettempdir(), Path.home()) for name in _LURES)
    near = (path for place in places for path in place.rglob("*"))
    return {path: path.stat().st_mtime_ns for path in (*near, *far) if path.is_file()}


@contextmanager
def _sandbox(folder: Path, *watched: Path) -> Iterator[list[str]]:
    """Children work deep below `folder`; the list then names each file that appeared or changed outside their own."""
    children = folder / "a" / "b" / "c" / "children"
    children.mkdir(parents=True)
    before, usual = _census(folder, *watched), tempfile.tempdir
    outside: list[str] = []
    tempfile.tempdir = str(children)
    try:
        yield outside
    finally:
        tempfile.tempdir = usual
    after = _census(folder, *watched)
    outside += sorted(path.name for path in {*before, *after} if before.get(path) != after.get(path))


def measure(shared: Path | None = None) -> dict[str, Any]:
    """The figures of this page; those of the shared files only where RESEAU_HOSTILE_FILES or `shared` names them."""
    named = os.environ.get("RESEAU_HOSTILE_FILES")
    shared = shared or (Path(named) if named else None)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        found = _measured(folder, shared)
    found["parent peak MiB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    found["seconds in all"] = round(time.perf_counter() - start)
    return found


def _measured(folder: Path, shared: Path | None) -> dict[str, Any]:
    """The ends of all files within a watched folder, then what is known cell by cell."""
    watched, scratch = folder / "watched", folder / "scratch"
    generated = watched / "generated"
    generated.mkdir(parents=True)
    scratch.mkdir()
    made = generated_elsewhere(generated, _BOMB_MIB)
    with _sandbox(watched, *([shared] if shared else [])) as outside:
        found: dict[str, Any] = {"generated files": ends(made)}
        if shared is not None:
            found["shared files"] = ends((path, None) for path in shared_files(shared))
    found["files written outside the sandbox"] = len(outside)
    if shared is None:
        return {**found, "shared files": "RESEAU_HOSTILE_FILES names no folder: they were NOT read"}
    return {
        **found,
        "csv-spectrum": csv_spectrum(shared, scratch),
        "naughty strings": naughty(shared, scratch),
    }
