"""The levels of the linked pairs beside those of the model, and the distance between the two."""

import math

import pytest

from pipelines.io.linkage_model import load_model
from pipelines.link import monitor_traits
from pipelines.link.monitor_traits import level_sql, model_levels, write_traits
from pipelines.link.score import match_probability
from tests.tables import rows
from tests.unit.link.people import records
from validations.contracts.derive import ddl
from validations.contracts.tables import TABLES

MODEL = load_model("fr-2026-2")
#: Two communes of a pair that was linked, at each level.
EQUAL, ALIKE, OTHER, MISSING = ("35006", "35006"), ("35006", "35051"), ("35006", "75056"), ("35006", None)
#: Three levels, strongest first, of which the model expects 60, 30 and 10 %.
PLACE = {
    "output_column_name": "birth_place",
    "comparison_levels": [
        {"sql_condition": "birth_place_l IS NULL OR birth_place_r IS NULL", "is_null_level": True},
        {
            "sql_condition": "birth_place_l = birth_place_r",
            "tf_adjustment_column": "birth_place",
            "m_probability": 0.6,
        },
        {"sql_condition": "birth_department_l = birth_department_r", "m_probability": 0.3},
        {"sql_condition": "ELSE", "m_probability": 0.1},
    ],
}


def traits(con, *pairs, decision="link"):
    """level → n, N, then the drift (n, N, index), of pairs of communes of birth."""
    con.execute(
        "CREATE TABLE link_record (record_no BIGINT, birth_place VARCHAR, birth_department VARCHAR)"
    ).fetchall()
    con.execute("CREATE TABLE link_outcome (l BIGINT, r BIGINT, decision VARCHAR)").fetchall()
    con.execute(ddl(TABLES["lnk_monitor"])).fetchall()
    for at, (left, right) in enumerate(pairs):
        con.execute(
            "INSERT INTO link_record SELECT n, place, place[:2] FROM (VALUES (?, ?), (?, ?)) AS t(n, place)",
            [2 * at, left, 2 * at + 1, right],
        ).fetchall()
        con.execute("INSERT INTO link_outcome VALUES (?, ?, ?)", [2 * at, 2 * at + 1, decision]).fetchall()
    write_traits(con, {"comparisons": [PLACE]})
    levels = rows(
        con, "SELECT category, item_count, total_count FROM lnk_monitor WHERE measure = 'trait_level'"
    )
    drift = rows(
        con, "SELECT item_count, total_count, measured_value FROM lnk_monitor WHERE measure = 'trait_drift'"
    )
    return {name: (n, whole) for name, n, whole in levels}, drift


def index(*pairs):
    return round(sum((seen - share) * math.log(seen / share) for seen, share in pairs), 6)


def test_levels_are_counted_and_a_missing_side_is_no_level(con):
    levels, [(known, compared, found)] = traits(con, *[EQUAL] * 5, *[ALIKE] * 3, *[OTHER] * 2, *[MISSING] * 4)
    assert levels == {
        "exact": (5, 14),
        "department": (3, 14),
        "other": (2, 14),
        "missing": (4, 14),
    }
    assert (known, compared) == (10, 14)
    assert found == index((0.5, 0.6), (0.3, 0.3), (0.2, 0.1))


def test_as_expected_is_no_drift(con):
    _, [(_, _, found)] = traits(con, *[EQUAL] * 6, *[ALIKE] * 3, OTHER)
    assert found == 0


def test_a_level_that_nobody_shows_counts_as_one_in_ten_thousand(con):
    _, [(_, _, found)] = traits(con, *[EQUAL] * 7, *[ALIKE] * 3)
    assert found == index((0.7, 0.6), (0.3, 0.3), (1e-4, 0.1))


@pytest.mark.parametrize(
    ("why", "pairs", "decision"),
    [
        ("nothing linked", [], "link"),
        ("no pair with both sides", [MISSING], "link"),
        ("apart", [EQUAL], "apart"),
    ],
)
def test_no_index_without_pairs(con, why, pairs, decision):
    levels, drift = traits(con, *pairs, decision=decision)
    assert drift == [], why
    assert len(levels) == 4


def test_the_shares_of_the_model_make_one_and_its_levels_have_names_of_their_own():
    levels = model_levels(MODEL.settings)
    for trait in {level["trait"] for level in levels}:
        own = [level for level in levels if level["trait"] == trait]
        assert math.isclose(sum(level["share"] or 0 for level in own), 1)
        assert len({level["name"] for level in own}) == len(own)


def test_of_many_pairs_a_part_is_asked(con, monkeypatch):
    monkeypatch.setattr(monitor_traits, "SAMPLED_PAIRS", 10)
    levels, [(known, compared, _)] = traits(con, *[EQUAL] * 24)
    assert known == compared == levels["exact"][0]
    assert 4 <= known <= 12  # every third of them


SOME = """
    centre | patient | status | ins             | name     | used   | first      | sex | born       | precision | place   | home
    a      | 1       | RECUP  | 255081416802538 | DURAND   | -      | Anne Marie | F   | 1950-05-17 | day       | "35006" | "35006"
    a      | 2       | -      | -               | DUPONT   | DURAND | Anne       | F   | 1950-05-17 | day       | "35006" | "35051"
    a      | 3       | -      | -               | ANNE     | -      | Durand     | F   | 1950-05-01 | month     | -       | "69001"
    a      | 4       | RECUP  | 255081416802538 | DURANT   | -      | Anna       | M   | 1950-05-07 | day       | "69001" | -
    a      | 5       | RECUP  | 184072A00104217 | MARTIN   | -      | Paul       | M   | 1950-07-05 | day       | "35281" | "35006"
    a      | 6       | -      | -               | MARTIN   | -      | -          | M   | -          | -         | "35006" | "35281"
"""  # noqa: E501 - a table


def test_the_levels_are_those_that_splink_sees(con):
    from splink import DuckDBAPI, Linker

    records(con, SOME)
    con.execute("CREATE TABLE every AS SELECT '0' AS match_key, a.record_no AS join_key_l, b.record_no AS join_key_r "
                "FROM link_record AS a, link_record AS b WHERE a.record_no < b.record_no").fetchall()  # fmt: skip
    api = DuckDBAPI(connection=con)
    settings = {**MODEL.settings, "retain_matching_columns": True,
                "probability_two_random_records_match": match_probability(6, MODEL.prior)}  # fmt: skip
    linker = Linker(api.register("link_record"), settings, log_level="ERROR", validate_settings=False)
    for name in ("birth_name", "first_name", "birth_place", "residence"):
        linker.table_management.compute_tf_table(name)
    linker.table_management.register_blocked_pairs_for_predict(api.register("every"))
    seen = linker.inference.predict(warning_mode="never").physical_name
    names = [comparison["output_column_name"] for comparison in MODEL.settings["comparisons"]]
    gammas = ", ".join(f"gamma_{name}" for name in names)
    ours = ", ".join(level_sql(comparison) for comparison in MODEL.settings["comparisons"])
    columns = ", ".join(
        f'{side}."{name}" AS "{name}_{side}"' for side in "lr" for (name,) in rows(
            con, "SELECT column_name FROM duckdb_columns() WHERE table_name = 'link_record'")
    )  # fmt: skip
    asked = (f"SELECT {ours} FROM (SELECT {columns} FROM link_record AS l, link_record AS r "
             "WHERE l.record_no < r.record_no) ORDER BY record_no_l, record_no_r")  # fmt: skip
    found = rows(con, asked)
    assert found == rows(con, f"SELECT {gammas} FROM {seen} ORDER BY record_no_l, record_no_r")
    assert {level for row in found for level in row} >= {-1, 0, 1, 2}
