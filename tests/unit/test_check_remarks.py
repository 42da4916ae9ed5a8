"""A finding as its centre reads it: its own column, identifier and value; the worst first."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines.check_remarks import Remark, remarks
from pipelines.delivery import Delivery
from pipelines.io.tables import write_table
from tests.dialects import centre
from validations.rules import contract as c
from validations.rules.catalogue import CATALOGUE

CENTRE = centre(
    r"""
export: {format: csv}
files:
  - match: 'tout\.csv'
    sheets:
      - tables:
          - {entity: patient_identity, columns: {local_patient_id: IPP, sex: SEXE}}
          - {entity: surgery, columns: {local_patient_id: IPP, local_tumour_id: TUM, margin: MARGE 1}}
          - {entity: surgery, columns: {local_patient_id: IPP, local_tumour_id: TUM, margin: MARGE 2}}
  - match: 'actes\.csv'
    sheets: [{tables: [{entity: surgery, columns: {local_patient_id: N°, local_tumour_id: T, margin: Résection}}]}]
"""
)
#: The rank of a row's table among those of its file is the second part of its id.
STAGED = {
    "patient_identity": [{"row_id": "d0:0:2", "local_patient_id": "P1", "sex": "X"}],
    "surgery": [
        {"row_id": "d0:1:2", "local_patient_id": "P1", "margin": "R8"},
        {"row_id": "d0:2:2", "local_patient_id": "P1", "margin": "R9"},
        {"row_id": "d1:0:2", "local_patient_id": "P2", "margin": "=1+1"},
        {"row_id": "d1:0:3", "local_patient_id": None, "margin": None},
    ],
}
FINDING = ("rule_id", "table_name", "row_id", "delivery_id", "file", "sheet", "field")


def delivery(index: int) -> Delivery:
    return Delivery(
        delivery_id=f"d{index}", centre_id="alpha", file_name=f"{index}.csv", content_hash="h", size=1,
        file_index=index,
    )  # fmt: skip


def finding(row_id: str = "d1:0:2", **changes: Any) -> dict[str, Any]:
    facts = {
        "rule_id": c.UNKNOWN_WORD, "table_name": "val_surgery", "row_id": row_id, "file": "actes.csv",
        "delivery_id": row_id.partition(":")[0], "sheet": None, "line": int(row_id.rpartition(":")[2]),
        "field": "margin", "is_quarantined": False,
    }  # fmt: skip
    return {**facts, **changes}


def said(folder: Path, *found: dict[str, Any], cut: dict[str, str] | None = None) -> tuple[Remark, ...]:
    """The remarks on these findings; `cut` are the lines that could not become rows, by row id."""
    columns = {name: pa.array([one[name] for one in found], pa.string()) for name in FINDING}
    columns["line"] = pa.array([one["line"] for one in found], pa.int64())
    columns["is_quarantined"] = pa.array([one["is_quarantined"] for one in found], pa.bool_())
    write_table(pa.table(columns), folder / "finding.parquet")
    raw = {row_id: (c.RAGGED_ROW, json.dumps({"raw": text})) for row_id, text in (cut or {}).items()}
    aside = {"d1:0:2": (c.MISSING_KEY, json.dumps({"margin": "set aside"})), **raw}
    names = ("row_id", "rule_id", "payload")
    rows = [dict(zip(names, (row_id, *told), strict=True)) for row_id, told in aside.items()]
    write_table(pa.Table.from_pylist(rows), folder / "quarantine.parquet")
    for entity, staged in STAGED.items():
        write_table(pa.Table.from_pylist(staged), folder / f"stg_{entity}.parquet")
    return remarks(CENTRE, [delivery(0), delivery(1)], folder)


READ = {
    "its own header": (finding(), ("Résection", "P2", "=1+1")),
    "of its table": (finding("d0:1:2"), ("MARGE 1", "P1", "R8")),
    "of the next table of the same sheet": (finding("d0:2:2"), ("MARGE 2", "P1", "R9")),
    "of another entity": (
        finding("d0:0:2", table_name="val_patient_identity", field="sex"),
        ("SEXE", "P1", "X"),
    ),
    "the patient's id": (finding(field="local_patient_id"), ("N°", "P2", "P2")),
    "an empty cell": (finding("d1:0:3"), ("Résection", None, None)),
    "a field that is not sent": (finding(field="surgery_kind"), (None, "P2", None)),
    "a row that is not staged": (finding("d1:0:9"), ("Résection", None, None)),
    "a column that nobody maps": (
        finding("d1:0:1", rule_id=c.UNMAPPED_COLUMN, field="EN PLUS"),
        ("EN PLUS", None, None),
    ),
    "of a staged table": (finding(table_name="stg_surgery"), ("Résection", "P2", "=1+1")),
}


@pytest.mark.parametrize(("found", "shown"), READ.values(), ids=READ)
def test_a_finding_has_the_centre_s_column_identifier_and_value(tmp_path: Path, found, shown):
    [remark] = said(tmp_path, found)
    assert (remark.column, remark.patient, remark.value) == shown


def test_a_line_that_could_not_become_a_row_is_shown_whole(tmp_path: Path):
    cut = finding("d1:0:4", rule_id=c.RAGGED_ROW, field="")
    [remark] = said(tmp_path, cut, cut={"d1:0:4": "P3;T1;cut", "d1:0:5": "P4;T1;cut"})
    assert (remark.value, remark.column, remark.patient) == ("P3;T1;cut", None, None)


def test_what_another_rule_says_of_a_row_set_aside_is_its_value(tmp_path: Path):
    [remark] = said(tmp_path, finding(is_quarantined=True))
    assert (remark.value, remark.is_set_aside) == ("=1+1", True)


def test_a_finding_keeps_its_place_and_rule(tmp_path: Path):
    [remark] = said(tmp_path, finding("d1:0:3", sheet="Actes", file="a.xlsx", line=12))
    assert remark.rule is CATALOGUE[c.UNKNOWN_WORD]
    assert (remark.entity, remark.file, remark.sheet, remark.line) == ("surgery", "a.xlsx", "Actes", 12)
    assert (remark.field, remark.is_set_aside) == ("margin", False)


def test_each_finding_has_the_value_of_its_own_row(tmp_path: Path):
    order = ["d1:0:3", "d0:1:2", "d1:0:2", "d0:2:2", "d1:0:2"]
    found = said(tmp_path, *(finding(row_id, line=number) for number, row_id in enumerate(order)))
    assert [remark.value for remark in found] == [None, "R8", "=1+1", "R9", "=1+1"]


def test_without_a_finding_there_is_no_remark(tmp_path: Path):
    assert said(tmp_path) == ()


def test_the_worst_is_first_then_the_rule_the_file_the_sheet_the_line_and_the_field(tmp_path: Path):
    error, warning, info = (
        min(r.id for r in CATALOGUE.values() if r.severity == word and r.id != c.UNKNOWN_WORD)
        for word in ("error", "warning", "info")
    )
    assert error < c.UNKNOWN_WORD
    assert warning < c.UNKNOWN_WORD
    wanted = [
        finding(rule_id=error, file="z.csv", line=9),
        finding(file="a.csv", sheet=None, line=10),
        finding(file="a.csv", sheet="A", line=2),
        finding(file="a.csv", sheet="A", line=10),
        finding(file="a.csv", sheet="B", line=1, field="margin"),
        finding(file="a.csv", sheet="B", line=1, field="surgery_kind"),
        finding(file="b.csv", line=1),
        finding(rule_id="IDENTITY-001", file="a.csv", line=1),
        finding(rule_id=warning, file="a.csv", line=1),
        finding(rule_id=info, file="a.csv", line=1),
    ]
    found = said(tmp_path, *reversed(wanted))
    assert [(one.rule.id, one.file, one.sheet, one.line, one.field) for one in found] == [
        (one["rule_id"], one["file"], one["sheet"], one["line"], one["field"]) for one in wanted
    ]
    assert [one.is_asked for one in found] == [True] * 9 + [False]


def test_a_person_is_in_no_representation(tmp_path: Path):
    told = repr(said(tmp_path, finding(), finding("d0:1:2")))
    assert "=1+1" not in told
    assert "P2" not in told
    assert "R8" not in told
