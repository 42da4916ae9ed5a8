"""Whatever the reader says of a file, a French terminal says it in French."""

import gzip
import io
import zipfile

import pytest

from pipelines.cli.read_words import OUTSIDE, WHAT, evidence_in_french, value_in_french, what_in_french
from pipelines.io.reading.found import Decision, FoundFile
from pipelines.io.reading.kind import kind_of
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.read_file import find_tables
from pipelines.io.reading.text_tables import NOTHING_KNOWN, Overrides
from tests.unit.io.reading.workbooks import xlsx

ROWS = [["IPP", "NOM", "TAILLE"], ["1", "A", 12], ["2", "B", 4]]
CSV = b"IPP;NOM;TAILLE\n1;A;12\n2;B;4\n"


def archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        for name, member in (("a.csv", CSV), ("b.pdf", b"%PDF-1"), ("c.csv", b""), ("d.json", b'{"a": 1}')):
            target.writestr(name, member)
    return content.getvalue()


CONTENTS = [
    CSV,
    b"",
    b"IPP",
    b"12",
    b"1;2\n3;4\n5;6\n",
    b"a;b\na;b\nb;a\n",
    b"a;b\nc;d\ne;f\n",
    b"Patient;;Tumeur\nIPP;NOM;TAILLE\n1;A;12\n2;B;13\n",
    b"titre\n\nIPP;NOM;TAILLE\n1;A;12\n2;B;4\n\nSource : x\n",
    b"# c\nIPP;NOM;TAILLE\n1;A;12\n2;B;4\n",
    CSV.replace(b"A", "Élève".encode()),
    CSV.replace(b"A", "Élève".encode("cp1252")),
    CSV.replace(b"A", "Élève".encode("cp850")),
    CSV.replace(b"A", "é".encode() * 5 + b"\xe9"),
    CSV.replace(b"A", "\ufffd".encode()),
    CSV.replace(b"A", b"\xe1\xed\xf3\xfa\xf1\xf8\xbf\xa1\xac"),
    CSV.decode().encode("utf-16"),
    CSV.decode().encode("utf-16-le"),
    CSV.replace(b"A", b'"A\\"B"'),
    CSV.replace(b"A", b'"A"B"'),
    b"IPP   NOM      TAILLE\n1     A        12\n2     B        4\n34    C        5\n55    DD       6\n",
    b'"IPP;NOM;TAILLE"\n"1;A;12"\n"2;B;13"\n',
    CSV + b"3,C,5\n4;D;6\n",
    CSV.replace(b"A", b"\0"),
    xlsx({"F": ROWS}, at=(2, 2)),
    xlsx({"F": ROWS, "G": ROWS}, hidden=("G",)),
    gzip.compress(CSV),
    archive(),
]


def decisions(file: FoundFile) -> list[Decision]:
    return [*file.decisions, *(decision for table in file.tables for decision in table.decisions)]


@pytest.mark.parametrize(
    "overrides", [NOTHING_KNOWN, Overrides(encoding="cp1252", header_rows=1, widths=(1, 2))]
)
@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
def test_every_word_has_its_french(content: bytes, overrides: Overrides):
    file = find_tables(content, name="x", overrides=overrides, limits=Limits())
    said = decisions(file)
    assert said
    assert {decision.what for decision in said} <= set(WHAT)
    assert {reason.split(" › ")[-1] for reason in file.outside} <= set(OUTSIDE)
    assert [
        d.evidence for d in said if d.what != "line_end" and evidence_in_french(d.evidence) == d.evidence
    ] == []


@pytest.mark.parametrize(
    "content", [b"%PDF-1", b"\0" * 9, b"a" * 257 + b"ustar", b"PK\3\4", b"PK\5\6" + b"\0" * 18, CSV, xlsx({})]
)
def test_the_french_of_a_kind_is_that_of_the_reader(content: bytes):
    kind = kind_of(content)
    assert evidence_in_french(kind.evidence_en) == kind.evidence_fr


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("100% of records agree on 3 cells; cells make sense at 90%",
         "100% des lignes ont 3 cellules ; les cellules ont un sens à 90%"),
        ("9% of records agree on 3 cells; cells make sense at 90%; next tab at 7% of it",
         "9% des lignes ont 3 cellules ; les cellules ont un sens à 90% ; suivant : tabulation à 7%"),
        ("it is a PDF document", "c'est un document PDF"),
        ("something new", "something new"),
    ],
)  # fmt: skip
def test_an_evidence(english: str, french: str):
    assert evidence_in_french(english) == french


@pytest.mark.parametrize(
    ("english", "french"),
    [("0 rows", "aucune"), ("1 rows", "1 ligne"), ("3 rows", "3 lignes"), ("tab", "tabulation"), ("|", "|")],
)
def test_a_value(english: str, french: str):
    assert value_in_french(english) == french


def test_a_new_decision_keeps_its_name():
    assert what_in_french("something new") == "something new"
