"""Each kind of fault, by what it does to a value."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.synthetic import damage


def rows(**columns):
    return pd.DataFrame({name: pd.array([value], "string[pyarrow]") for name, value in columns.items()})


def struck(kind, field, seed=1, **columns):
    new = damage.KINDS[kind](rows(**columns), field, np.random.default_rng(seed))
    found = {name: values.iloc[0] for name, values in new.items()}
    return {name: None if pd.isna(value) else value for name, value in found.items()}


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("phonetic", "PHILIPPEAU", "FILIPPEAU"),
        ("phonetic", "MOREAU", "MORAU"),
        ("phonetic", "BOYER", "BOIER"),
        ("phonetic", "DUPONT", "DUPON"),
        ("phonetic", "KIM", "KIM"),
        ("compound_first_name", "JEAN-PIERRE MARIE", "JEAN PIERRE MARIE"),
        ("compound_first_name", "JEAN PIERRE MARIE", "JEAN-PIERRE MARIE"),
        ("fewer_first_names", "JEAN PIERRE", "JEAN"),
        ("swapped_day_month", "2014-03-07", "2014-07-03"),
        ("impossible_date", "2014-03-07", "2014-02-31"),
        ("missing", "2014-03-07", None),
        ("mistyped_ins", "1730493008012", "1730493008021"),
        ("unit_slip", "83", "8.3"),
        ("unit_slip", "120", "12"),
    ],
)
def test_a_fault_makes_this_of_that(kind, before, after):
    assert struck(kind, "value", value=before)["value"] == after


@pytest.mark.parametrize(
    ("kind", "before", "possible"),
    [
        ("default_date", "1961-03-07", {"1961-01-01", "1961-12-31"}),
        ("date_typo", "1961-03-07", {"1961-03-08", "1951-03-07"}),
        ("partial_date", "1961-03-07", {"1961-03", "1961"}),
    ],
)
def test_a_fault_makes_one_of_these(kind, before, possible):
    found = {struck(kind, "value", seed, value=before)["value"] for seed in range(40)}
    assert found == possible


@pytest.mark.parametrize("seed", range(12))
def test_a_typo_changes_one_letter(seed):
    found = struck("typo", "name", seed, name="BERNARD")["name"]
    assert len(found) in {6, 7}
    assert sum(a != b for a, b in zip(sorted(found), sorted("BERNARD"), strict=False)) <= 7
    assert found == found.strip("\0")


def test_names_are_exchanged():
    found = struck("swapped_names", "birth_name", birth_name="MARTIN", first_names="JEAN")
    assert found == {"birth_name": "JEAN", "first_names": "MARTIN"}
    assert struck("married_name", "birth_name", birth_name="A", used_name="B") == {"birth_name": "B"}


def test_an_identity_without_ins_is_not_qualified():
    found = struck("missing_ins", "ins_matricule", ins_matricule="1", ins_oid="x", ins_status="QUAL")
    assert found["ins_matricule"] is None
    assert found["ins_oid"] is None
    assert found["ins_status"] in {"VALI", "PROV"}


def test_a_number_of_before_is_of_the_list_of_waiting_numbers():
    found = struck("changed_ins", "ins_matricule", ins_matricule="2730493008012", ins_oid="nir")
    assert found["ins_matricule"] == "8730493008012"
    assert found["ins_oid"].endswith(".4.9")


@pytest.mark.parametrize(
    ("kind", "columns", "expected"),
    [
        ("swapped_day_month", {"f": ["2014-03-07", "2014-03-17", "2014", None]}, [True, False, True, False]),
        ("partial_date", {"f": ["2014-03-07", "2014-03", None]}, [True, False, False]),
        ("married_name", {"f": ["A", "B"], "used_name": ["A", "C"]}, [False, True]),
        ("mistyped_ins", {"f": ["1", "1"], "ins_status": ["RECUP", "QUAL"]}, [True, False]),
        ("compound_first_name", {"f": ["JEAN", "JEAN-PAUL", "JEAN PAUL"]}, [False, True, True]),
        ("typo", {"f": ["A", None]}, [True, True]),
    ],
)
def test_a_fault_strikes_only_where_it_can(kind, columns, expected):
    assert damage.can_strike(kind, pa.table(columns), "f").tolist() == expected
