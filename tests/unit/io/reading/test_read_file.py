"""Any file: the right reader for its content, the members of archives as tables, a code for what is no table."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from pipelines.errors import FileRefused
from pipelines.io.reading.found import Decision, FoundFile, FoundTable
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.read_file import default_table, find_tables, read_any
from pipelines.io.reading.text_tables import NOTHING_KNOWN
from tests.unit.io.reading.workbooks import xlsx

CSV = b"IPP;NOM;TAILLE\n1;A;12\n2;B;4\n"
TEXTS = [["IPP", "NOM", "TAILLE"], ["1", "A", "12"], ["2", "B", "4"]]
WORKBOOK = xlsx({"Feuil1": [["IPP", "NOM", "TAILLE"], ["1", "A", 12], ["2", "B", 4]]})
PDF = b"%PDF-1.7\n"


def archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        for name, member in members.items():
            target.writestr(name.replace("_", "."), member)
    return content.getvalue()


def with_part(name: str) -> bytes:
    """The workbook with one more part."""
    content = io.BytesIO(WORKBOOK)
    with zipfile.ZipFile(content, "a") as target:
        target.writestr(name, b"")
    return content.getvalue()


def found(content: bytes) -> FoundFile:
    return find_tables(content, name="x", overrides=NOTHING_KNOWN, limits=Limits())


def decided(decisions: tuple[Decision, ...]) -> list[tuple[str, str]]:
    return [(d.what, d.value) for d in decisions if d.what in ("kind", "container", "passed over")]


@pytest.mark.parametrize(
    ("content", "names", "decisions"),
    [
        (CSV, [None], [("kind", "text")]),
        (CSV.decode().encode("utf-16"), [None], [("kind", "text")]),
        (WORKBOOK, ["Feuil1"], [("kind", "xlsx")]),
        (gzip.compress(CSV), [None], [("container", "gzip"), ("kind", "text")]),
        (gzip.compress(WORKBOOK), ["Feuil1"], [("container", "gzip"), ("kind", "xlsx")]),
        (archive(a_csv=CSV), ["a.csv"], [("container", "zip"), ("kind", "text")]),
        (archive(a_xlsx=WORKBOOK), ["a.xlsx › Feuil1"], [("container", "zip"), ("kind", "xlsx")]),
        (archive(a_zip=archive(b_csv=CSV)), ["a.zip › b.csv"], [("container", "zip"), ("kind", "text")]),
        (archive(a_csv=CSV, b_xlsx=WORKBOOK), ["a.csv", "b.xlsx › Feuil1"], [("container", "zip")]),
        (archive(a_csv=CSV, b_pdf=PDF), ["a.csv"], [("container", "zip"), ("passed over", "b.pdf")]),
        (archive(a_csv=CSV, b_csv=b""), ["a.csv"], [("container", "zip"), ("passed over", "b.csv")]),
    ],
)
def test_every_table_is_found_and_named(
    content: bytes, names: list[str | None], decisions: list[tuple[str, str]]
):
    file = found(content)
    assert [table.name for table in file.tables] == names
    assert all([list(t.header), *map(list, t.records)] == TEXTS for t in file.tables)
    assert decided(file.decisions) == decisions


@pytest.mark.parametrize(
    ("content", "decisions"),
    [
        (b"", [("kind", "empty")]),
        (xlsx({"F": []}), [("kind", "xlsx")]),
        (gzip.compress(b""), [("container", "gzip"), ("kind", "empty")]),
        (archive(), [("container", "zip")]),
        (archive(a_csv=b""), [("container", "zip"), ("kind", "empty")]),
    ],
)
def test_no_table_is_no_refusal(content: bytes, decisions: list[tuple[str, str]]):
    file = found(content)
    assert file.tables == ()
    assert decided(file.decisions) == decisions


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PDF, "unknown_kind"),
        (b"<table><tr><td>1</td></tr></table>", "unknown_kind"),
        (b'<?xml version="1.0"?><a/>', "unknown_kind"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///c">]><a>&b;</a>', "xml_entities"),
        ('<?xml version="1.0"?><!doctype a>'.encode("utf-16"), "xml_entities"),
        (archive(b_pdf=PDF), "unknown_kind"),
        (archive(b_pdf=PDF, a_csv=b""), "unknown_kind"),
        (with_part("xl/vbaProject.bin"), "macros"),
        (archive(a_csv=CSV, b_xlsx=with_part("xl/vbaProject.bin")), "macros"),
        (WORKBOOK[:-100], "truncated_workbook"),
        (archive(a_csv=CSV, b_xlsx=WORKBOOK[:-100]), "truncated_workbook"),
        (gzip.compress(CSV)[:-4], "truncated_archive"),
        (archive(a_csv=CSV, b_gz=gzip.compress(CSV)[:-4]), "truncated_archive"),
    ],
)
def test_refused(content: bytes, code: str):
    with pytest.raises(FileRefused) as problem:
        found(content)
    assert problem.value.refusal.code == code


def test_what_is_decided_of_a_member_stands_with_its_tables():
    tables = found(archive(a_csv=CSV, b_csv=CSV.replace(b";", b","))).tables
    separators = [[d.value for d in table.decisions if d.what == "separator"] for table in tables]
    assert separators == [[";"], [","]]


def test_the_lines_outside_a_member_bear_its_name():
    assert found(archive(a_csv=CSV + b"\n\n", b_csv=CSV)).outside == {"a.csv › blank": [4, 5]}


def test_a_file_is_told_by_its_content_and_named_by_its_name(tmp_path: Path):
    (tmp_path / "export.csv").write_bytes(WORKBOOK)
    assert [table.name for table in read_any(tmp_path / "export.csv").tables] == ["Feuil1"]
    (tmp_path / "a\nb.xls").write_bytes(PDF)
    with pytest.raises(FileRefused) as problem:
        read_any(tmp_path / "a\nb.xls")
    assert problem.value.refusal.file == "a\\nb.xls"


def test_a_file_over_the_limit_is_not_read(tmp_path: Path):
    (tmp_path / "export.csv").write_bytes(CSV)
    with pytest.raises(FileRefused) as problem:
        read_any(tmp_path / "export.csv", limits=Limits(total_bytes=len(CSV) - 1))
    assert problem.value.refusal.code == "over_limit"


def table(n_records: int, *, hidden: bool = False) -> FoundTable:
    decisions = (Decision(what="hidden", value="yes", confidence=1.0, evidence="x"),) if hidden else ()
    records = [["1"]] * n_records
    return FoundTable(name=None, header=["a"], records=records, lines=range(n_records), decisions=decisions)


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ([table(1), table(3), table(2)], 1),
        ([table(2), table(2)], 0),
        ([table(1), table(9, hidden=True)], 0),
        ([table(1, hidden=True), table(2, hidden=True)], 1),
        ([table(9, hidden=True), table(0)], 1),
    ],
)
def test_the_default_is_the_largest_that_is_shown(tables: list[FoundTable], expected: int):
    assert default_table(FoundFile(decisions=(), tables=tuple(tables))) == expected
