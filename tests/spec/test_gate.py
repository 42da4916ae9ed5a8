"""The gate: what it keeps, holds, sets aside, and that nothing disappears."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.io.calculator import calculator
from tests.spec.clean_record import CLEAN, frame, gate
from validations.contracts.derive import arrow_schema, pandera_schema
from validations.contracts.entities import ENTITIES
from validations.contracts.tables import VALIDATED
from validations.gate import ContractBroken
from validations.result import findings
from validations.rules.contract import (
    MISSING_KEY,
    OUT_OF_BOUNDS,
    SECOND_RECORD,
    UNKNOWN_PATIENT,
    UNKNOWN_TUMOUR,
    UNKNOWN_WORD,
)


@pytest.fixture
def parents(con):
    """Patients P1 and P2, tumour T1 of P1, all kept."""
    gate(
        con,
        "patient_identity",
        frame("patient_identity", {}, {"local_patient_id": "P2", "sex": "F", **NO_INS}),
    )
    gate(con, "tumour", frame("tumour"))
    return con


NO_INS = {"ins_matricule": None, "ins_status": None}


def found(result):
    return sorted(tuple(row.values()) for row in result.findings.to_pylist())


@pytest.mark.parametrize("entity", ENTITIES)
def test_clean_rows_pass_with_the_columns_and_types_of_the_contract(con, entity):
    for parent in ("patient_identity", "tumour"):
        gate(con, parent, frame(parent))
    kept = gate(con, entity, frame(entity)).kept
    assert kept.schema == arrow_schema(VALIDATED[entity])
    assert kept.num_rows == 1


@pytest.mark.parametrize("entity", ENTITIES)
def test_no_row_is_no_problem(con, entity):
    for parent in ("patient_identity", "tumour"):
        gate(con, parent, frame(parent).slice(0, 0))
    result = gate(con, entity, frame(entity).slice(0, 0))
    assert (result.kept.num_rows, len(result.quarantined), len(result.findings)) == (0, 0, 0)
    assert result.kept.schema == arrow_schema(VALIDATED[entity])


@pytest.mark.parametrize(
    ("change", "rule_id", "field"),
    [
        ({"local_patient_id": None}, MISSING_KEY, "local_patient_id"),
        ({"local_tumour_id": None}, MISSING_KEY, "local_tumour_id"),
        ({"local_patient_id": "P9"}, UNKNOWN_PATIENT, "local_patient_id"),
        ({"local_patient_id": "P2"}, UNKNOWN_TUMOUR, "local_tumour_id"),
        ({"local_tumour_id": "T9"}, UNKNOWN_TUMOUR, "local_tumour_id"),
    ],
)
def test_a_row_that_belongs_to_nobody_is_set_aside(parents, change, rule_id, field):
    result = gate(parents, "surgery", frame("surgery", {}, change))
    assert result.kept.column("row_id").to_pylist() == ["d1:0:2"]
    assert result.quarantined == {"d1:0:3": rule_id}
    assert ("d1:0:3", rule_id, field) in found(result)


@pytest.mark.parametrize(
    ("entity", "change", "rule_id", "field"),
    [
        ("tumour", {"size_mm": 2000.0}, OUT_OF_BOUNDS, "size_mm"),
        ("tumour", {"size_mm": 0.0}, OUT_OF_BOUNDS, "size_mm"),
        ("tumour", {"grade": 9}, OUT_OF_BOUNDS, "grade"),
        ("tumour", {"depth": "nulle"}, UNKNOWN_WORD, "depth"),
        ("tumour", {"grade": 4}, "DIAGNOSIS-009", "grade"),
        ("tumour", {"diagnosis_date": dt.date(2030, 1, 1)}, "DATE-101", "diagnosis_date"),
        ("patient_identity", {"ins_matricule": "123"}, "IDENTITY-001", "ins_matricule"),
    ],
)
def test_a_wrong_value_is_missing_downstream_and_its_row_is_kept(con, entity, change, rule_id, field):
    if entity == "tumour":
        gate(con, "patient_identity", frame("patient_identity"))
    result = gate(con, entity, frame(entity, change))
    assert result.kept.column(field).to_pylist() == [None]
    assert found(result) == [("d1:0:2", rule_id, field)]
    assert result.quarantined == {}


def test_a_held_date_has_an_unknown_precision(parents):
    result = gate(parents, "rcp", frame("rcp", {"rcp_date": dt.date(2030, 1, 1)}))
    assert result.kept.column("rcp_date_precision").to_pylist() == ["unknown"]


def test_a_contradiction_is_kept_and_said(parents):
    early = {"death_date": dt.date(2012, 1, 1), "disease_status": "DOD", "event_date": dt.date(2012, 1, 1)}
    result = gate(parents, "follow_up", frame("follow_up", early))
    assert result.kept.column("death_date").to_pylist() == [dt.date(2012, 1, 1)]
    assert found(result) == [("d1:0:2", "DATE-002", "death_date"), ("d1:0:2", "DATE-009", "event_date")]


@pytest.mark.parametrize(
    ("entity", "other"), [("patient_identity", {"birth_name": "DURAND"}), ("tumour", {"laterality": "right"})]
)
def test_the_first_of_two_descriptions_is_kept(con, entity, other):
    if entity == "tumour":
        gate(con, "patient_identity", frame("patient_identity"))
    result = gate(con, entity, frame(entity, {}, other))
    assert result.kept.column("row_id").to_pylist() == ["d1:0:2"]
    assert result.quarantined == {"d1:0:3": SECOND_RECORD}


def test_events_may_repeat_their_keys(parents):
    other_day = {"surgery_date": dt.date(2016, 1, 1)}
    assert gate(parents, "surgery", frame("surgery", {}, other_day)).kept.num_rows == 2


def test_what_belongs_to_a_row_set_aside_is_set_aside(con):
    gate(con, "patient_identity", frame("patient_identity"))
    gate(con, "tumour", frame("tumour", {"local_patient_id": "P9"}))
    result = gate(con, "rcp", frame("rcp", {"local_patient_id": "P9"}))
    assert result.quarantined == {"d1:0:2": UNKNOWN_PATIENT}


def test_a_rule_does_not_rest_on_a_value_that_was_held(con):
    gate(con, "patient_identity", frame("patient_identity"))
    gate(con, "tumour", frame("tumour", {"diagnosis_date": dt.date(2030, 1, 1)}))
    assert found(gate(con, "biopsy", frame("biopsy"))) == []  # not "15 years before the diagnosis"


@pytest.mark.parametrize(
    ("mapped", "kept"),
    [({"patient_identity", "tumour", "rcp"}, 0), ({"patient_identity", "rcp"}, 1), ({"rcp"}, 1)],
)
def test_a_parent_is_asked_for_only_where_the_centre_sends_it(con, mapped, kept):
    gate(con, "patient_identity", frame("patient_identity"))
    gate(con, "tumour", frame("tumour").slice(0, 0))
    assert gate(con, "rcp", frame("rcp"), mapped=frozenset(mapped)).kept.num_rows == kept


def test_the_problems_of_typing_are_findings_too(parents):
    held = findings([("d1:0:2", "CONTRACT-004", "rcp_date")])
    rcp = frame("rcp", {"rcp_date": None})
    result = gate(parents, "rcp", rcp, held=held)
    assert found(result) == [("d1:0:2", "CONTRACT-004", "rcp_date")]  # not also "the date is unknown"


@pytest.mark.parametrize(
    ("held", "unknown", "failed", "outcome"),
    [([], 0, 2, "failed"), (["d1:0:2"], 1, 1, "failed"), (["d1:0:2", "d1:0:3"], 2, 0, "passed")],
)
def test_what_could_not_be_read_is_unknown_in_the_counts_too(parents, held, unknown, failed, outcome):
    """A finding for each row that is counted as failed: neither says that the date is missing."""
    typing = findings((row_id, "CONTRACT-004", "rcp_date") for row_id in held)
    rcp = frame("rcp", {"rcp_date": None}, {"rcp_date": None}, {})
    result = gate(parents, "rcp", rcp, held=typing)
    [counted] = [row for row in result.results.to_pylist() if row["rule_id"] == "RCP-001"]
    names = ("row_count", "unknown_count", "passed_count", "failed_count", "outcome")
    assert tuple(counted[name] for name in names) == (3, unknown, 1, failed, outcome)
    assert sum(rule_id == "RCP-001" for _, rule_id, _ in found(result)) == failed


@pytest.mark.parametrize("change", [{"file": None}, {"row_id": None}])
def test_an_error_of_ours_stops_without_a_value(parents, change):
    with pytest.raises(ContractBroken) as problem:
        gate(parents, "surgery", frame("surgery", change))
    assert problem.value.__cause__ is None
    assert "CENTRE" not in str(problem.value)


def test_a_wrong_type_of_ours_stops(parents):
    rows = frame("surgery")
    wrong = rows.set_column(rows.column_names.index("line"), "line", [["2"]])
    with pytest.raises(ContractBroken, match="line: WRONG_DATATYPE"):
        gate(parents, "surgery", wrong)


def test_findings_hold_no_value(con):
    secret = {"birth_name": "MARTINEZ9", "ins_matricule": "1999", "birth_place_cog": "SECRETVILLE"}
    result = gate(con, "patient_identity", frame("patient_identity", secret))
    assert len(result.findings) == 3
    text = repr(result.findings.to_pylist()) + repr(result.quarantined)
    assert not any(value in text for value in secret.values())


keys = st.sampled_from(["P1", "P2", None])
changes = st.fixed_dictionaries(
    {},
    optional={
        "local_patient_id": keys,
        "local_tumour_id": st.sampled_from(["T1", None]),
        "size_mm": st.sampled_from([0.0, 50.0, 5000.0, None]),
        "laterality": st.sampled_from(["left", "nowhere", None]),
        "grade": st.sampled_from([1, 7, None]),
    },
)


@given(st.lists(changes, max_size=8))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_row_is_kept_or_set_aside_and_what_is_kept_conforms(some):
    with calculator() as con:
        gate(con, "patient_identity", frame("patient_identity"))
        sent = frame("tumour", *some) if some else frame("tumour").slice(0, 0)
        result = gate(con, "tumour", sent)
    kept, aside = set(result.kept.column("row_id").to_pylist()), set(result.quarantined)
    assert kept | aside == set(sent["row_id"].to_pylist())
    assert not kept & aside
    assert aside <= set(result.findings["row_id"].to_pylist())
    pandera_schema(VALIDATED["tumour"]).validate(result.kept.to_pandas(types_mapper=pd.ArrowDtype), lazy=True)


def test_every_entity_has_a_clean_record():
    assert list(CLEAN) == list(ENTITIES)
