"""What ties a finding to its record: the same record is one id, and what it says changes its digest."""

import pyarrow as pa
import pytest

from pipelines.stage.findings import finding_table, located_schema
from pipelines.stage.records import record_digests, record_ids

KEY = b"k" * 32
ROW = {"row_id": "r1", "centre_id": "alpha", "delivery_id": "d1", "file": "a.csv", "sheet": None, "line": "2"}
TUMOUR = {
    **ROW,
    "row_id": "t1",
    "local_patient_id": "P1",
    "local_tumour_id": "T1",
    "diagnosis_date": "2015-03-10",
}
SURGERY = {
    **ROW,
    "local_patient_id": "P1",
    "local_tumour_id": "T1",
    "margin": None,
    "surgery_kind": "resection",
}
OTHER = {**SURGERY, "row_id": "r2", "surgery_kind": "re_excision"}


def text_table(rows):
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in rows[0]]))


def digest(rule_id="SURGERY-001", table="val_surgery", *, tumour=TUMOUR, surgeries=(SURGERY, OTHER)):
    staged = {"tumour": text_table([tumour]), "surgery": text_table(list(surgeries))}
    found = {
        "row_id": "r1",
        "rule_id": rule_id,
        "table_name": table,
        "local_patient_id": "P1",
        "local_tumour_id": "T1",
    }
    [made] = record_digests(pa.Table.from_pylist([found], schema=located_schema()), staged, key=KEY)
    return made


ALONE, BESIDE, ACROSS = "SURGERY-001", "DATE-142", "PATHWAY-005"


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ({"surgeries": ({**SURGERY, "margin": "R0"}, OTHER)}, {ALONE, BESIDE, ACROSS}),
        ({"tumour": {**TUMOUR, "diagnosis_date": "2016"}}, {BESIDE}),
        ({"surgeries": (SURGERY, {**OTHER, "margin": "R1"})}, {ACROSS}),
        ({"surgeries": (SURGERY,)}, {ACROSS}),
        ({"surgeries": (OTHER, SURGERY)}, set()),
        ({"surgeries": ({**SURGERY, "line": "9", "file": "b.csv", "delivery_id": "d2"}, OTHER)}, set()),
        ({"surgeries": (SURGERY, {**OTHER, "local_patient_id": "P2"})}, {ACROSS}),
    ],
    ids=[
        "its own value",
        "its tumour",
        "another act",
        "an act gone",
        "the order",
        "the place",
        "another patient",
    ],
)
def test_a_digest_changes_with_what_the_rule_reads_and_only_then(change, changed):
    assert {rule for rule in (ALONE, BESIDE, ACROSS) if digest(rule) != digest(rule, **change)} == changed


def test_the_digest_is_keyed_and_holds_no_value():
    assert "resection" not in digest()
    assert len(digest()) == 32


def test_a_finding_on_a_file_has_a_digest_too():
    assert digest("CONTRACT-016", "stg_surgery") != digest("CONTRACT-016", None)


def test_a_record_is_named_by_its_own_keys():
    first, again, other, elsewhere = record_ids(
        [("n", "alpha", "val_surgery", "P1", "T1"), ("n", "alpha", "val_surgery", "P1", "T1"),
         ("n", "alpha", "val_surgery", "P1", "T2"), ("n", "beta", "val_surgery", "P1", "T1")], key=KEY,
    )  # fmt: skip
    assert first == again
    assert len({first, other, elsewhere}) == 3


def test_what_is_only_counted_is_tied_to_no_record():
    found = [
        {**SURGERY, "rule_id": rule_id, "table_name": "val_surgery", "field": "margin", "line": 2,
         "is_quarantined": False}
        for rule_id in ("SURGERY-005", "SURGERY-009")
    ]  # fmt: skip
    located = pa.Table.from_pylist(found, schema=located_schema())
    made = finding_table(located, {"surgery": text_table([SURGERY])}, network_id="n", key=KEY).to_pylist()
    asked, counted = sorted(made, key=lambda row: row["rule_id"])
    assert (asked["severity"], counted["severity"]) == ("warning", "info")
    assert asked["record_id"]
    assert asked["record_digest"]
    assert (counted["record_id"], counted["record_digest"]) == (None, None)
