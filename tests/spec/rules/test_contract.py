"""What the gate applies itself: keys, bounds, words, second records, and what becomes of a row that breaks a rule."""

import datetime as dt
import math
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.spec.clean_record import CLEAN, frame, gate
from tests.tables import parse
from validations.contracts.entities import ENTITIES, ENTITY_REQUIRED, EVENT_ENTITIES
from validations.contracts.model import Kind
from validations.gate import RECORD_KEYS, ContractBroken, check
from validations.result import GateResult, findings

DAY = dt.date
NO_INS = {"ins_matricule": None, "ins_status": None}


@pytest.fixture(scope="module")
def families() -> dict[str, pa.Table]:
    """Patients P1 and P2, tumours T1 of P1 and T2 of P2, all kept."""
    second = {"local_patient_id": "P2", "birth_name": "DURAND", **NO_INS}
    people = frame("patient_identity", {}, second)
    tumours = frame("tumour", {}, {"local_patient_id": "P2", "local_tumour_id": "T2"})
    with duckdb.connect() as con:
        return {
            f"val_{entity}": gate(con, entity, rows).kept
            for entity, rows in {"patient_identity": people, "tumour": tumours}.items()
        }


@pytest.fixture
def parents(con, families):
    """A connection that has gone through the patients and the tumours."""
    for name, rows in families.items():
        con.register(name, rows)
    return con


def found(result: GateResult) -> list[tuple[str, str, str]]:
    """Line, rule and field of each finding, in the order of the lines."""
    return sorted(
        (row["row_id"].rpartition(":")[2], row["rule_id"], row["field"])
        for row in result.findings.to_pylist()
    )


def kept(result: GateResult) -> list[str]:
    return [row_id.rpartition(":")[2] for row_id in result.kept["row_id"].to_pylist()]


def aside(result: GateResult) -> dict[str, str]:
    return {row_id.rpartition(":")[2]: rule for row_id, rule in result.quarantined.items()}


# --- keys -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_row_without_one_of_its_keys_is_set_aside_once_and_each_empty_key_is_named(parents, entity):
    """Line 2 is whole, then each key is empty in turn, then all of them."""
    keys = ENTITY_REQUIRED[entity]
    empty = [*({key} for key in keys), set(keys)]
    result = gate(parents, entity, frame(entity, {}, *(dict.fromkeys(some) for some in empty)))
    expected = [(str(line), "CONTRACT-001", key) for line, some in enumerate(empty, start=3) for key in some]
    assert kept(result) == ["2"]
    assert aside(result) == {str(line): "CONTRACT-001" for line in range(3, 3 + len(empty))}
    assert [row for row in found(result) if row[1] == "CONTRACT-001"] == sorted(expected)


# --- bounds ---------------------------------------------------------------------------------------------------------

BOUNDS = parse("""
    entity    | field     | below | lowest | highest | above
    tumour    | size_mm   | 0.29  | 0.3    | 1000.0  | 1000.1
    tumour    | grade     | 0     | 1      | 4       | 5
    treatment | dose_gy   | -0.1  | 0.0    | 150.0   | 150.1
    treatment | fractions | 0     | 1      | 80      | 81
    treatment | cycles    | 0     | 1      | 60      | 61
""")


@pytest.mark.parametrize("bounds", BOUNDS, ids=lambda row: row["field"])
def test_a_number_is_held_outside_its_bounds_only(parents, bounds):
    entity, field, *values = bounds.values()
    rows = [
        {field: value, "grade_system": "icdo", "local_tumour_id": f"N{i}"}
        for i, value in enumerate([*values, None])
    ]
    result = gate(parents, entity, frame(entity, *rows), mapped=frozenset({entity}))
    assert result.kept[field].to_pylist() == [None, values[1], values[2], None, None]
    assert [row for row in found(result) if row[1] == "CONTRACT-002"] == [
        ("2", "CONTRACT-002", field),
        ("5", "CONTRACT-002", field),
    ]
    assert aside(result) == {}


def test_every_bounded_field_is_in_the_table_of_bounds():
    bounded = {(e, f.name) for e in ENTITIES for f in ENTITIES[e] if f.low is not None or f.high is not None}
    assert bounded == {(row["entity"], row["field"]) for row in BOUNDS}


# --- words ----------------------------------------------------------------------------------------------------------

CODED = {entity: [f for f in ENTITIES[entity] if f.kind is Kind.CODE] for entity in ENTITIES}
OWN = {"patient_identity": "local_patient_id", "patient_history": "local_patient_id"}


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_word_is_held_unless_it_is_exactly_one_of_the_list(parents, entity):
    """Each row is a patient or tumour of its own; labels, other cases and blanks are not codes."""
    words = {
        f.name: ["", "autre chose", f.codes[0].value.swapcase(), f"{f.codes[0].value} ", None, *f.code_values]
        for f in CODED[entity]
    }
    rows = [
        {name: dict(enumerate(some)).get(i) for name, some in words.items()}
        | {f"{name}_raw": "as sent" for name in words}
        | {OWN.get(entity, "local_tumour_id"): f"N{i}"}
        for i in range(max(map(len, words.values())))
    ]
    result = gate(parents, entity, frame(entity, *rows), mapped=frozenset({entity}))
    held = {(line, name) for line, rule, name in found(result) if rule == "CONTRACT-003"}
    assert held == {(str(line), name) for name in words for line in (2, 3, 4, 5)}
    for name, some in words.items():
        assert [*filter(None, result.kept[name].to_pylist())] == some[5:]
        assert set(result.kept[f"{name}_raw"].to_pylist()) == {"as sent"}


# --- second records -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entity", "rows", "lines_kept", "lines_aside"),
    [
        ("patient_identity", ["P1", "P2"], ["2", "3"], []),
        ("patient_identity", ["P1", "P1"], ["2"], ["3"]),
        ("patient_identity", ["P1", "P2", "P1", "P2", "P1"], ["2", "3"], ["4", "5", "6"]),
        ("patient_identity", ["P1", "p1"], ["2", "3"], []),
        ("patient_identity", ["01", "1"], ["2", "3"], []),
        ("tumour", ["P1 T1", "P1 T2"], ["2", "3"], []),
        ("tumour", ["P1 T1", "P2 T1"], ["2", "3"], []),
        ("tumour", ["P1 T1", "P1 T1", "P2 T2"], ["2", "4"], ["3"]),
        ("patient_history", ["P1", "P1"], ["2", "3"], []),
        ("surgery", ["P1 T1", "P1 T1"], ["2", "3"], []),
        ("follow_up", ["P1 T1", "P1 T1"], ["2", "3"], []),
    ],
)
def test_the_first_description_of_a_patient_or_tumour_is_kept(parents, entity, rows, lines_kept, lines_aside):
    keys = [dict(zip(("local_patient_id", "local_tumour_id"), row.split(), strict=False)) for row in rows]
    if entity == "patient_identity":
        keys = [key | NO_INS for key in keys]
    result = gate(parents, entity, frame(entity, *keys), mapped=frozenset({entity}))
    assert kept(result) == lines_kept
    assert aside(result) == dict.fromkeys(lines_aside, "CONTRACT-012")


def test_a_row_that_cannot_be_used_is_not_the_first_description(parents):
    nameless = {"local_tumour_id": None}
    result = gate(parents, "tumour", frame("tumour", nameless, {}, {"laterality": "right"}))
    assert kept(result) == ["3"]
    assert aside(result) == {"2": "CONTRACT-001", "4": "CONTRACT-012"}


def test_a_second_description_is_not_judged_further(parents):
    """It is gone: its clinical contradictions are nobody's question."""
    result = gate(parents, "tumour", frame("tumour", {}, {"morphology_code": "mars-00", "grade": 4}))
    assert found(result) == [("3", "CONTRACT-012", "local_tumour_id")]


def test_only_what_is_described_once_has_a_record_key():
    assert RECORD_KEYS == {
        "patient_identity": ["local_patient_id"],
        "tumour": ["local_patient_id", "local_tumour_id"],
    }


# --- orphans --------------------------------------------------------------------------------------------------------

ALL, NO_TUMOURS, NO_PATIENTS, ALONE = "patient tumour", "patient", "tumour", ""
SENT = {
    ALL: frozenset(ENTITIES),
    NO_TUMOURS: frozenset(ENTITIES) - {"tumour"},
    NO_PATIENTS: frozenset(ENTITIES) - {"patient_identity"},
    ALONE: frozenset(EVENT_ENTITIES),
}


ORPHANS = {
    ALL: """
        patient | tumour | rule
        P1      | T1     | -
        P9      | T1     | CONTRACT-013
        P9      | T9     | CONTRACT-013
        P1      | T9     | CONTRACT-014
        P1      | T2     | CONTRACT-014
        P2      | T2     | -
    """,
    NO_TUMOURS: """
        patient | tumour | rule
        P1      | T9     | -
        P9      | T1     | CONTRACT-013
    """,
    NO_PATIENTS: """
        patient | tumour | rule
        P1      | T1     | -
        P9      | T1     | CONTRACT-014
        P1      | T9     | CONTRACT-014
    """,
    ALONE: """
        patient | tumour | rule
        P9      | T9     | -
    """,
}


@pytest.mark.parametrize("sent", ORPHANS, ids=lambda sent: sent or "events alone")
@pytest.mark.parametrize("entity", ["surgery", "follow_up"])
def test_an_event_needs_the_patient_and_the_tumour_that_its_centre_sends(parents, entity, sent):
    cases = parse(ORPHANS[sent])
    ids = [{"local_patient_id": case["patient"], "local_tumour_id": case["tumour"]} for case in cases]
    result = gate(parents, entity, frame(entity, *ids), mapped=SENT[sent])
    rules = {str(line): case["rule"] for line, case in enumerate(cases, start=2)}
    assert aside(result) == {line: rule for line, rule in rules.items() if rule}
    assert kept(result) == [line for line, rule in rules.items() if not rule]


@pytest.mark.parametrize("entity", ["patient_history", "tumour"])
@pytest.mark.parametrize(
    ("sent", "patient", "rule"),
    [(ALL, "P1", None), (ALL, "P9", "CONTRACT-013"), (NO_PATIENTS, "P9", None)],
)
def test_a_tumour_or_a_history_needs_its_patient_only(parents, entity, sent, patient, rule):
    row = frame(entity, {"local_patient_id": patient, "local_tumour_id": "T9"})
    assert aside(gate(parents, entity, row, mapped=SENT[sent])) == ({"2": rule} if rule else {})


def test_a_patient_needs_nobody(con):
    assert aside(gate(con, "patient_identity", frame("patient_identity"))) == {}


def test_an_event_of_a_second_record_still_has_the_first_as_parent(con):
    gate(con, "patient_identity", frame("patient_identity", {}, {"birth_name": "DURAND"}))
    gate(con, "tumour", frame("tumour", {}, {"laterality": "right"}))
    assert kept(gate(con, "surgery", frame("surgery", {}, {"surgery_kind": "re_excision"}))) == ["2", "3"]


# --- consequences ---------------------------------------------------------------------------------------------------

HELD = parse("""
    entity           | field                | rule
    patient_identity | birth_date           | DATE-110
    tumour           | diagnosis_date       | DATE-101
    biopsy           | biopsy_date          | DATE-102
    imaging          | imaging_date         | DATE-103
    rcp              | rcp_date             | DATE-104
    pathology_review | expert_date          | DATE-105
    surgery          | surgery_date         | DATE-106
    treatment        | treatment_start_date | DATE-107
    follow_up        | event_date           | DATE-108
    follow_up        | death_date           | DATE-109
""")


@pytest.mark.parametrize("held", HELD, ids=lambda row: row["rule"])
def test_a_held_date_is_missing_with_its_precision_and_everything_else_stays(parents, held):
    entity, field, rule = held.values()
    rows = frame(entity, {}, {field: DAY(2031, 5, 4), "local_patient_id": "P2", "local_tumour_id": "T2"})
    result = gate(parents, entity, rows)
    assert (kept(result), aside(result)) == (["2", "3"], {})
    assert ("3", rule, field) in found(result)
    assert result.kept.to_pylist() == [
        rows.to_pylist()[0],
        rows.to_pylist()[1] | {field: None, f"{field}_precision": "unknown"},
    ]


@pytest.mark.parametrize(
    ("entity", "change", "rules"),
    [
        ("tumour", {"size_mm": 800.0}, {"DIAGNOSIS-013"}),
        ("tumour", {"morphology_code": "mars-00"}, {"DIAGNOSIS-001"}),
        ("tumour", {"size_mm": 800.0, "depth": "superficial"}, {"DIAGNOSIS-013", "DIAGNOSIS-014"}),
        ("surgery", {"surgery_date": DAY(1950, 1, 1)}, {"DATE-126", "DATE-142"}),
        ("surgery", {"surgery_kind": "exploratory"}, {"SURGERY-002"}),
        ("treatment", {"dose_gy": 100.0, "fractions": 5}, {"TREATMENT-001", "TREATMENT-002"}),
        ("treatment", {"treatment_end_date": DAY(2014, 1, 1)}, {"DATE-005"}),
        ("rcp", {"rcp_date": DAY(2008, 5, 1), "rcp_kind": "resos"}, {"RCP-003", "DATE-144"}),
        ("follow_up", {"death_date": DAY(2017, 1, 1)}, {"FOLLOWUP-002", "DATE-003"}),
    ],
)
def test_a_row_that_is_only_asked_about_is_kept_as_it_is(parents, entity, change, rules):
    rows = frame(entity, change)
    result = gate(parents, entity, rows)
    assert result.kept.to_pylist() == rows.to_pylist()
    assert {rule for _, rule, _ in found(result)} == rules
    assert aside(result) == {}


def test_two_fields_of_one_row_are_held_each_for_its_reason(parents):
    result = gate(parents, "tumour", frame("tumour", {"size_mm": 5000.0, "depth": "nulle", "grade": 4}))
    assert found(result) == [
        ("2", "CONTRACT-002", "size_mm"),
        ("2", "CONTRACT-003", "depth"),
        ("2", "DIAGNOSIS-009", "grade"),
    ]
    row = result.kept.to_pylist()[0]
    assert (row["size_mm"], row["depth"], row["grade"], row["laterality"]) == (None, None, None, "left")


def test_a_row_held_and_set_aside_is_set_aside_with_all_its_findings(parents):
    result = gate(parents, "surgery", frame("surgery", {"margin": "R9", "local_tumour_id": "T9"}))
    assert (kept(result), aside(result)) == ([], {"2": "CONTRACT-014"})
    assert ("2", "CONTRACT-003", "margin") in found(result)


def test_an_orphan_is_asked_about_its_own_fields_too(parents):
    """The centre corrects its row once, not twice."""
    result = gate(parents, "surgery", frame("surgery", {"local_tumour_id": "T9", "surgery_kind": None}))
    assert found(result) == [
        ("2", "CONTRACT-014", "local_tumour_id"),
        ("2", "SURGERY-004", "surgery_kind"),
    ]


def test_a_value_that_was_held_is_judged_by_no_further_rule(parents):
    """5000 Gy is out of bounds; its dose per fraction is then unknown, not also wrong."""
    result = gate(parents, "treatment", frame("treatment", {"dose_gy": 5000.0}))
    assert found(result) == [("2", "CONTRACT-002", "dose_gy")]


@pytest.mark.parametrize(
    ("held_field", "changes", "said"),
    [
        ("surgery_date", {"surgery_date": None}, []),
        ("surgery_kind", {"surgery_kind": None}, []),
        ("surgery_kind", {"surgery_date": None}, ["SURGERY-003"]),
        ("margin", {"margin": None}, []),
    ],
)
def test_missing_is_not_said_of_a_field_that_could_not_be_read(parents, held_field, changes, said):
    """`held` comes from the typing: the centre wrote something there."""
    held = findings([("d1:0:2", "CONTRACT-004", held_field)])
    result = gate(parents, "surgery", frame("surgery", changes), held=held)
    assert [rule for _, rule, _ in found(result) if rule != "CONTRACT-004"] == said


def test_what_could_not_be_read_in_one_row_says_nothing_of_another(parents):
    held = findings([("d1:0:2", "CONTRACT-004", "surgery_date")])
    rows = frame("surgery", {"surgery_date": None}, {"surgery_date": None})
    assert found(gate(parents, "surgery", rows, held=held)) == [
        ("2", "CONTRACT-004", "surgery_date"),
        ("3", "SURGERY-003", "surgery_date"),
    ]


def test_a_rejection_found_while_typing_sets_the_row_aside_too(parents):
    held = findings([("d1:0:2", "CONTRACT-011", "line")])
    result = gate(parents, "surgery", frame("surgery", {}, {}), held=held)
    assert (kept(result), aside(result)) == (["3"], {"2": "CONTRACT-011"})


def test_the_first_reason_found_is_the_reason_of_the_quarantine(parents):
    held = findings([("d1:0:2", "CONTRACT-011", "line")])
    result = gate(parents, "surgery", frame("surgery", {"local_tumour_id": None}), held=held)
    assert aside(result) == {"2": "CONTRACT-011"}
    assert {rule for _, rule, _ in found(result)} == {"CONTRACT-011", "CONTRACT-001"}


# --- deliveries -----------------------------------------------------------------------------------------------------


def of_delivery(delivery: str, line: int, **changes: Any) -> dict[str, Any]:
    return {"delivery_id": delivery, "row_id": f"{delivery}:0:{line}", "line": line, **changes}


EXPORTED = {"d1": DAY(2020, 1, 31), "d2": DAY(2024, 6, 30), "d3": None}


@pytest.mark.parametrize(
    ("delivery", "surgery_date", "rules"),
    [
        ("d1", DAY(2020, 1, 31), set()),
        ("d1", DAY(2020, 2, 1), {"DATE-106"}),
        ("d1", DAY(2024, 6, 30), {"DATE-106"}),
        ("d2", DAY(2020, 2, 1), set()),
        ("d2", DAY(2024, 7, 1), {"DATE-106"}),
        ("d3", DAY(2051, 1, 1), set()),
        ("d4", DAY(2051, 1, 1), set()),
    ],
)
def test_each_row_is_held_against_the_day_of_its_own_export(parents, delivery, surgery_date, rules):
    """Three deliveries at once; nothing is known of the fourth."""
    beside = [of_delivery(name, 90) for name in EXPORTED]
    rows = frame("surgery", of_delivery(delivery, 2, surgery_date=surgery_date), *beside)
    result = check("surgery", rows, con=parents, held=findings(), as_of=EXPORTED, mapped=frozenset(ENTITIES))
    assert {rule for _, rule, _ in found(result)} == rules
    assert result.kept.num_rows == 4


def test_a_patient_of_one_delivery_is_the_parent_of_events_of_another(parents):
    rows = frame("surgery", of_delivery("d2", 2), of_delivery("d3", 2, local_tumour_id="T9"))
    result = check("surgery", rows, con=parents, held=findings(), as_of=EXPORTED, mapped=frozenset(ENTITIES))
    assert result.quarantined == {"d3:0:2": "CONTRACT-014"}


def test_the_first_of_two_descriptions_is_that_of_the_first_delivery(con):
    rows = frame("patient_identity", of_delivery("d1", 9), of_delivery("d2", 2))
    result = check(
        "patient_identity", rows, con=con, held=findings(), as_of=EXPORTED, mapped=frozenset(ENTITIES)
    )
    assert result.quarantined == {"d2:0:2": "CONTRACT-012"}


def test_a_date_held_in_the_parent_accuses_no_child(con):
    gate(con, "patient_identity", frame("patient_identity", {"birth_date": DAY(2060, 1, 15), **NO_INS}))
    gate(con, "tumour", frame("tumour", {"diagnosis_date": DAY(2051, 3, 10)}))
    assert found(gate(con, "surgery", frame("surgery"))) == []


# --- what is ours ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entity", ["tumour", "surgery", "patient_history"])
def test_rows_are_kept_in_the_order_of_the_export(parents, entity):
    rows = frame(entity, *({"line": 40 - i, "row_id": f"d1:0:{40 - i}"} for i in range(3)))
    result = gate(parents, entity, rows)
    expected = ["40"] if entity in RECORD_KEYS else ["40", "39", "38"]
    assert kept(result) == expected


def test_findings_come_in_the_same_order_whatever_the_order_of_the_rows(parents):
    changes = [{"surgery_kind": None, "row_id": f"d1:0:{i}"} for i in (3, 2, 4)]
    one = gate(parents, "surgery", frame("surgery", *changes)).findings
    other = gate(parents, "surgery", frame("surgery", *reversed(changes))).findings
    assert one.equals(other)
    assert one["row_id"].to_pylist() == ["d1:0:2", "d1:0:3", "d1:0:4"]


@pytest.mark.parametrize("column", ["row_id", "centre_id", "delivery_id", "file", "line"])
def test_a_row_without_provenance_is_our_error_and_stops(parents, column):
    with pytest.raises(ContractBroken, match=f"val_surgery.{column}"):
        gate(parents, "surgery", frame("surgery", {column: None}))


def test_two_rows_of_one_id_are_our_error_and_stop(parents):
    with pytest.raises(ContractBroken, match="DUPLICATES"):
        gate(parents, "surgery", frame("surgery", {}, {"row_id": "d1:0:2"}))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a column too many", lambda rows: rows.append_column("note", pa.array(["x"]))),
        ("a column missing", lambda rows: rows.drop_columns(["margin"])),
        ("columns exchanged", lambda rows: rows.select(list(reversed(rows.column_names)))),
    ],
)
def test_rows_of_another_shape_are_our_error_and_stop(parents, name, change):
    with pytest.raises(ContractBroken) as problem:
        gate(parents, "surgery", change(frame("surgery")))
    assert problem.value.__cause__ is None


def test_a_number_that_is_none_is_not_kept(parents):
    """A division of ours could make one; no rule may then take it for a large number."""
    result = gate(parents, "tumour", frame("tumour", {"size_mm": math.nan}))
    assert result.kept["size_mm"].to_pylist() == [None]


def test_every_entity_has_a_clean_record_with_most_of_its_fields():
    for entity, fields in ENTITIES.items():
        said = {*CLEAN[entity], "local_patient_id", "local_tumour_id"}
        assert len({f.name for f in fields} & said) >= len(fields) / 2, entity
