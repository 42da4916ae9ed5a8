"""How a model is estimated: from known persons, with no level left impossible."""

import duckdb
import pytest

from pipelines.comparisons import SWAPPED
from pipelines.io.linkage_model import load_model
from pipelines.link.train import FLOOR, count_swap_once, fill_unseen, train
from tests.unit.link.people import people

NAMES = ("MARTIN", "DURAND", "LEROUX", "PETIT", "MOREAU", "GARRIGUES", "FAURE", "ROCHE")
FIRST = ("Anne", "Luc", "Denise", "Paul", "Julie")


def levels(settings):
    return [
        level
        for comparison in settings["comparisons"]
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
    ]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ({"m_probability": 0.9, "u_probability": 0.1}, (0.9, 0.1)),
        ({"m_probability": 0.0, "u_probability": 0.0}, (FLOOR["m_probability"], FLOOR["u_probability"])),
        ({}, (FLOOR["m_probability"], FLOOR["u_probability"])),
        ({"m_probability": "level not observed in training dataset", "u_probability": 0.2}, (1e-4, 0.2)),
    ],
)
def test_a_level_never_met_keeps_the_least_chance(level, expected):
    filled = fill_unseen({"comparisons": [{"comparison_levels": [{"is_null_level": True}, dict(level)]}]})
    null, known = filled["comparisons"][0]["comparison_levels"]
    assert null == {"is_null_level": True}
    assert (known["m_probability"], known["u_probability"]) == expected


def test_a_swap_of_names_counts_once():
    level = {"sql_condition": SWAPPED, "m_probability": 0.01, "u_probability": 1e-7}
    settings = {
        "comparisons": [
            {"output_column_name": name, "comparison_levels": [dict(level)]}
            for name in ("birth_name", "first_name")
        ]
    }
    name, first_name = (c["comparison_levels"][0] for c in count_swap_once(settings)["comparisons"])
    assert name == level
    assert first_name["m_probability"] == first_name["u_probability"] == 1e-7


def _network(con):
    """200 persons of two records each, the second without birth place for every third."""
    lines = []
    for n in range(200):
        traits = f"{NAMES[n % 8]} | {FIRST[n % 5]} | F | {1930 + n % 60}-0{n % 9 + 1}-1{n % 7}"
        lines += [
            f'a | {n} | {traits} | "{35000 + n}"',
            f"b | {n} | {traits} | {'-' if n % 3 else 35000 + n}",
        ]
    people(con, "\n".join(["centre | patient | name | first | sex | born | place", *lines]))
    con.execute("CREATE TABLE truth_record AS SELECT centre_id, local_patient_id, local_patient_id AS person_key "
                "FROM val_patient_identity").fetchall()  # fmt: skip


def test_a_trained_model_knows_what_agreement_is_worth(con):
    _network(con)
    settings = train(con, records_per_identifier=60, max_pairs=1e5, seed=1)
    found = {
        (c["output_column_name"], level["label_for_charts"]): level["m_probability"] / level["u_probability"]
        for c in settings["comparisons"]
        for level in c["comparison_levels"]
        if not level.get("is_null_level")
    }
    assert found["birth_date", "identical"] > 50 > found["birth_name", "Exact match on birth_name"] > 4
    assert found["birth_date", "All other comparisons"] < 0.1
    assert "linker_uid" not in settings


def test_training_twice_gives_the_same_model():
    found = []
    for _ in range(2):
        with duckdb.connect() as con:
            _network(con)
            found.append(train(con, records_per_identifier=60, max_pairs=1e5, seed=1))
    assert found[0] == found[1]


def test_the_shipped_model_is_complete():
    for level in levels(load_model("fr-2026-2").settings):
        assert 0 < level["m_probability"] <= 1
        assert 0 < level["u_probability"] <= 1
