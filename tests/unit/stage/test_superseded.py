"""Incremental exports: a later one replaces its patients as a whole, by declared date, whatever came first."""

import datetime as dt

import pytest

from pipelines.account import check_closed
from pipelines.delivery import Delivery, delivery_id
from pipelines.io.store import Store
from pipelines.stage.centre import stage_centre
from tests.conftest import KEY
from tests.dialects import centre

FILES = r"""
export: {format: csv}
files:
  - match: 'patients\.csv'
    sheets: [{tables: [{entity: patient_identity, columns: {local_patient_id: IPP, birth_name: NOM}}]}]
  - match: 'tumeurs_(?P<exported>\d{8})(_(?P<kind>full))?(_v(?P<version>\d))?(_(?P<part>\d))?\.csv'
    mode: MODE
    sheets:
      - tables:
        - {entity: tumour, columns: {local_patient_id: IPP, local_tumour_id: TUM, diagnosis_label: DIAG}}
        - {entity: surgery, columns: {local_patient_id: IPP, local_tumour_id: TUM, ccam_code: ACTE}}
"""
PEOPLE = "IPP;NOM\n1;A\n2;B\n3;C\n"
HEADER = "IPP;TUM;DIAG;ACTE\n"
OLD, NEW, NEWEST = "tumeurs_20240101.csv", "tumeurs_20240201.csv", "tumeurs_20240301.csv"


@pytest.fixture
def stage(tmp_path):
    store = Store(tmp_path)

    def run(files, *, mode="incremental"):
        where = centre(FILES.replace("MODE", mode))
        deliveries = [_delivery(store, where, name, text) for name, text in files.items()]
        return stage_centre(
            where, deliveries, open_delivery=lambda d: store.path(d.content_hash), network_id="net", key=KEY
        )

    return run


def _delivery(store, where, name, text):
    content_hash = store.put(text.encode())
    index = next(i for i, file in enumerate(where.files) if file.pattern.fullmatch(name))
    found = where.files[index].pattern.fullmatch(name).groupdict()
    exported = found.get("exported")
    return Delivery(
        delivery_id=delivery_id(where.id, content_hash),
        centre_id=where.id,
        file_name=name,
        content_hash=content_hash,
        size=len(text),
        file_index=index,
        exported=dt.datetime.strptime(exported, "%Y%m%d").date() if exported else None,  # noqa: DTZ007
        part=int(found["part"]) if found.get("part") else None,
        version_number=int(found.get("version") or 0),
        mode="full" if found.get("kind") else where.files[index].mode,
    )


def texts(result, entity, column):
    return sorted(result.staged[entity].column(column).to_pylist())


def outcomes(result, entity="tumour"):
    found = [(r.outcome, r.reason, r.rows) for r in result.reasons if r.table == f"stg_{entity}"]
    return sorted(found)


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ({OLD: "1;a;x;\n2;a;y;\n", NEW: "1;a;z;\n"}, ["y", "z"]),
        ({NEW: "1;a;z;\n", OLD: "1;a;x;\n2;a;y;\n"}, ["y", "z"]),  # the order of arrival is nothing
        ({OLD: "1;a;x;\n1;b;y;\n", NEW: "1;a;z;\n"}, ["z"]),  # a patient is replaced as a whole
        ({OLD: "1;a;x;\n", NEW: "1;a;y;\n", NEWEST: "2;a;z;\n"}, ["y", "z"]),
        ({OLD: "1;a;x;\n", NEW: "1;a;y;\n", NEWEST: "1;a;z;\n"}, ["z"]),
        ({OLD: "1;a;x;\n", "tumeurs_20240101_2.csv": "1;b;y;\n"}, ["x", "y"]),  # two parts of one export
        ({OLD: "1;a;x;\n", "tumeurs_20240101_v2.csv": "1;a;y;\n"}, ["y"]),  # a correction of that export
        ({NEW: "1;a;x;\n", "tumeurs_20240101_v9.csv": "1;a;y;\n"}, ["x"]),  # the day comes before the number
        ({"tumeurs_20240101_full.csv": "1;a;x;\n2;a;y;\n", NEW: "1;a;z;\n"}, ["y", "z"]),  # upon a full one
        (
            {OLD: "1;a;x;\n", "tumeurs_20240201_full.csv": "1;a;y;\n"},
            ["x", "y"],
        ),  # which fulls count is not ours
        ({OLD: ";a;x;\n", NEW: "1;a;z;\n"}, ["x", "z"]),  # nobody is replaced by a line without a patient
        ({OLD: "1;a;x;\n", NEW: ";a;z;\n"}, ["x", "z"]),
    ],
)
def test_a_later_export_replaces_the_patients_that_it_names(stage, files, kept):
    result = stage({"patients.csv": PEOPLE} | {name: HEADER + text for name, text in files.items()})
    assert texts(result, "tumour", "diagnosis_label") == kept
    check_closed(result.accounts, result.reasons)


def test_full_exports_do_not_replace_each_other_here(stage):
    """Which full export counts is decided when it is received."""
    files = {"patients.csv": PEOPLE, OLD: HEADER + "1;a;x;\n", NEW: HEADER + "1;a;z;\n"}
    assert texts(stage(files, mode="full"), "tumour", "diagnosis_label") == ["x", "z"]


def test_an_event_that_the_later_export_no_longer_states_is_gone(stage):
    files = {"patients.csv": PEOPLE, OLD: HEADER + "1;a;x;ACT1\n2;a;y;ACT2\n", NEW: HEADER + "1;a;z;\n"}
    result = stage(files)
    assert texts(result, "surgery", "ccam_code") == ["ACT2"]
    assert outcomes(result, "surgery") == [("filtered", "nothing_stated", 1), ("filtered", "superseded", 1)]


def test_a_replaced_row_names_what_replaced_it(stage):
    files = {"patients.csv": PEOPLE, OLD: HEADER + "1;a;x;ACT1\n", NEW: HEADER + "2;a;y;\n1;a;z;\n"}
    result = stage(files)
    [new] = {row["delivery_id"] for row in result.staged["tumour"].to_pylist() if row["file"] == NEW}
    found = {
        row["table_name"]: (row["outcome"], row["into_row_id"], row["into_delivery_id"])
        for row in result.merged.to_pylist()
    }
    assert found == {
        "stg_tumour": ("filtered", f"{new}:0:3", new),
        "stg_surgery": ("filtered", None, new),  # the later export states no act of that patient
    }


def test_a_row_said_again_is_replaced_not_merged(stage):
    files = {"patients.csv": PEOPLE, OLD: HEADER + "1;a;x;\n", NEW: "IPP;TUM;DIAG;ACTE\n2;a;y;\n1;a;x;\n"}
    result = stage(files)
    assert outcomes(result) == [("filtered", "superseded", 1)]
    assert {row["file"] for row in result.staged["tumour"].to_pylist()} == {NEW}
