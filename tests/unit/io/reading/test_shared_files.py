"""The shared collection of hostile and messy files: each is read, or refused with a code, by a contained process.

It is no part of the repository: RESEAU_HOSTILE_FILES names its folder.
"""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import FileRefused, RefusalCode
from pipelines.io.contained import allowance, run_contained
from pipelines.io.reading.describe import describe_file
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.text_tables import NOTHING_KNOWN
from tests.unit.io.reading.workbooks import xlsx

SHARED = Path(os.environ.get("RESEAU_HOSTILE_FILES", "no-such-folder"))
PRELOAD = ("pipelines.io.reading.describe", "pipelines.io.reading.workbook_tables")
CODES = {value for name, value in vars(RefusalCode).items() if name.isupper()}
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="RESEAU_HOSTILE_FILES names no folder: hostile files were NOT read"
)
#: Where the collection's own answers contradict its files: their line ends were changed, a number was made up.
CORRECTIONS = {"newlines_crlf": ("\\r\\n", "\\n"), "location_coordinates": ("1234567890", "2095257564")}


def read_rows(path: Path, clean: Path) -> list[list[str]]:
    """The header and the records of the default table, from its clean CSV."""
    keep = {"clean.csv": clean}
    limits = allowance(path.stat().st_size)
    arguments = (path, NOTHING_KNOWN, Limits(), None, Path("clean.csv"))
    run_contained(describe_file, *arguments, limits=limits, name=path.name, keep=keep, preload=PRELOAD)
    with clean.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(
    "folder", ["apache-poi-spreadsheet", "calamine", "messytables-horror", "frictionless", "xxe", "zip-slip"]
)
def test_every_file_is_read_or_refused_with_a_code(folder: str, tmp_path: Path):
    files = [path for path in sorted((SHARED / folder).rglob("*")) if path.is_file()]
    ends = {path.name: end_of(path, tmp_path / "clean.csv") for path in files}
    assert files
    assert {name: end for name, end in ends.items() if end not in CODES | {"read"}} == {}


def end_of(path: Path, clean: Path) -> str:
    try:
        read_rows(path, clean)
    except FileRefused as problem:
        return problem.refusal.code
    return "read"


SPECTRUM = sorted((SHARED / "csv-spectrum" / "csvs").glob("*.csv"))


@pytest.mark.parametrize("path", SPECTRUM, ids=lambda path: path.stem)
def test_csv_spectrum_is_exact(path: Path, tmp_path: Path):
    answer = (SHARED / "csv-spectrum" / "json" / f"{path.stem}.json").read_text(encoding="utf-8")
    expected: Any = json.loads(answer.replace(*CORRECTIONS.get(path.stem, ("", ""))))
    header, *records = read_rows(path, tmp_path / "clean.csv")
    found = [dict(zip(header, record, strict=True)) for record in records]
    assert found == (expected if isinstance(expected, list) else [expected])


def naughty() -> list[str]:
    strings: list[str] = json.loads((SHARED / "naughty-strings" / "blns.json").read_text(encoding="utf-8"))
    assert len(strings) == 515
    return strings


def text_file(rows: list[list[str]]) -> bytes:
    content = io.StringIO(newline="")
    csv.writer(content).writerows(rows)
    return content.getvalue().encode()


@pytest.mark.parametrize(
    ("write", "impossible"),
    [(text_file, set()), (lambda rows: xlsx({"F": rows}), {"\ufffe"})],  # no XML can hold that character
    ids=["csv", "xlsx"],
)
def test_naughty_values_and_headers_are_exact(write: Any, impossible: set[str], tmp_path: Path):
    strings = [text for text in naughty() if text not in impossible]
    by_record = [["id", "value"], *([str(i), text] for i, text in enumerate(strings))]
    by_column = [
        ["id", *(text or "x" for text in strings)],
        *([str(i)] * (len(strings) + 1) for i in range(3)),
    ]
    for rows in (by_record, by_column):
        (tmp_path / "naughty").write_bytes(write(rows))
        assert read_rows(tmp_path / "naughty", tmp_path / "clean.csv") == rows


def test_naughty_file_names_are_read(tmp_path: Path):
    names = {text.replace("/", "⁄").replace("\0", "")[:60].strip() for text in naughty()} - {"", ".", ".."}
    for number, name in enumerate(sorted(names)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_bytes(b"a,b\n1,2\n")
        assert read_rows(folder / name, tmp_path / "clean.csv") == [["a", "b"], ["1", "2"]]


def test_naughty_sheet_names_are_exact(tmp_path: Path):
    clean = [("".join(c for c in text if c not in "[]:*?/\\"))[:15].strip("'") for text in naughty()]
    names = {name.casefold(): name for name in clean if name.isprintable() and name.strip()}
    (tmp_path / "a.xlsx").write_bytes(xlsx({name: [["a", "b"], [1, 2]] for name in names.values()}))
    arguments = (tmp_path / "a.xlsx", NOTHING_KNOWN, Limits(), None, None)
    answer = run_contained(describe_file, *arguments, limits=allowance(0), name="a.xlsx", preload=PRELOAD)
    assert [table["name"] for table in answer.facts["tables"]] == list(names.values())
