"""What each trait weighs in a pair that is asked: the parts of a pair are its weight, and say why."""

import pytest

from pipelines.comparisons import COMPARISONS, EXACT, MISSING, OTHER, PRIOR, level_of, named_levels
from pipelines.errors import ConfigError
from pipelines.io.linkage_model import load_model, model_ids
from pipelines.link.explain import explain_review, splink_parts
from pipelines.link.step import MADE, link
from tests.conftest import KEY
from tests.tables import rows
from tests.unit.link.people import people

MODEL = load_model("fr-2026-2")
A, B = "255081416802538", "184072A00104217"
#: Twins, a mother and her daughter, homonyms, a married name, one number twice, a record with two numbers.
TOWN = f"""
    centre | patient | ins | status | name      | used      | first      | sex | born       | place   | home
    a      | 1       | -   | -      | GARRIGUES | -         | Anne       | F   | 1950-05-17 | "35006" | "35006"
    b      | 1       | -   | -      | GARRIGUES | -         | Zoé        | F   | 1950-05-17 | "35006" | "35006"
    c      | 1       | -   | -      | GARRIGUES | -         | Anne       | F   | 1975-05-17 | "35006" | -
    d      | 1       | -   | -      | MARTIN    | GARRIGUES | Anna       | F   | 1950-05-07 | -       | "35006"
    a      | 2       | {A} | QUAL   | ROCHE     | -         | Paul       | M   | 1961-02-11 | -       | -
    b      | 2       | {A} | QUAL   | FAURE     | -         | Luc        | M   | 1948-11-23 | -       | "34001"
    c      | 2       | {A} | QUAL   | DURAND    | -         | Marc       | M   | 1971-03-12 | -       | -
    c      | 2       | {B} | QUAL   | DURAND    | -         | Marc       | M   | 1971-03-12 | -       | -
    a      | 3       | -   | -      | MOREAU    | -         | Jean Marie | M   | 1939-07-01 | "13055" | "13055"
    d      | 3       | -   | -      | MAREAU    | -         | Jean       | M   | 1939-01-07 | "13055" | -
"""
PARTS = "SELECT comparison, agreement_level, weight, frequency_weight FROM lnk_review_weight " \
        "WHERE (centre_id_l, local_patient_id_l, centre_id_r, local_patient_id_r) = ('a', '1', 'b', '1')"  # fmt: skip


@pytest.fixture
def town(con):
    people(con, TOWN)
    link(con, model=MODEL, key=KEY)
    return con


def test_the_parts_of_every_pair_add_up_to_its_weight(town):
    """A pair without a weight has no part."""
    found = rows(town, """
        SELECT match_weight, count(weight), sum(weight)
        FROM lnk_review LEFT JOIN lnk_review_weight
            USING (centre_id_l, local_patient_id_l, centre_id_r, local_patient_id_r)
        GROUP BY centre_id_l, local_patient_id_l, centre_id_r, local_patient_id_r, match_weight
    """)  # fmt: skip
    weighed = [(total, parts, added) for total, parts, added in found if total is not None]
    assert len(weighed) == 2
    assert [parts for _, parts, _ in weighed] == [len(COMPARISONS) + 1] * len(weighed)
    assert [round(added, 6) for *_, added in weighed] == [total for total, *_ in weighed]
    assert [(parts, added) for total, parts, added in found if total is None] == [(0, None)] * (
        len(found) - len(weighed)
    )
    assert len(found) > len(weighed)


def test_the_parts_say_what_agrees_and_what_does_not(town):
    found = {name: (level, weight, frequency) for name, level, weight, frequency in rows(town, PARTS)}
    assert {name: level for name, (level, _, _) in found.items()} == {
        "birth_name": "exact", "first_name": "other", "birth_date": "exact", "birth_place": "exact",
        "residence": "exact", "sex": "exact", "ins": "missing", "prior": "prior",
    }  # fmt: skip
    assert {name for name, (_, weight, _) in found.items() if weight < 0} == {"first_name", "prior"}
    assert {name for name, (_, _, frequency) in found.items() if frequency is not None} == {
        "birth_name", "first_name", "birth_place", "residence",
    }  # fmt: skip
    assert found["ins"][1] == 0
    assert found["first_name"][2] == 0, "only equal values weigh by their frequency"


def test_frequency_tells_a_rare_name_from_a_common_one(con):
    crowd = "\n".join(f"z{n:04} | MARTIN | Léa{n} | F | 19{n % 90 + 10}-05-17 | -" for n in range(10, 800))
    twins = "a1 | {0} | Anne | F | 1901-03-02 | x\na2 | {0} | Zoé | F | 1901-03-02 | x\n"
    weights = {}
    for name in ("MARTIN", "GARRIGUES"):
        people(con, f"patient | name | first | sex | born | place\n{twins.format(name)}{crowd}")
        for made in MADE:
            con.execute(f"DROP TABLE IF EXISTS {made}").fetchall()
        link(con, model=MODEL, key=KEY)
        [weights[name]] = rows(con, "SELECT weight, frequency_weight FROM lnk_review_weight "
                                    "WHERE local_patient_id_l = 'a1' AND local_patient_id_r = 'a2' "
                                    "AND comparison = 'birth_name'")  # fmt: skip
    assert weights["MARTIN"][1] < weights["GARRIGUES"][1] - 3
    assert weights["GARRIGUES"][0] - weights["GARRIGUES"][1] == pytest.approx(
        weights["MARTIN"][0] - weights["MARTIN"][1]
    )


def test_nothing_of_splink_stays_behind(town):
    assert not [name for (name,) in rows(town, "SHOW TABLES") if "splink" in name]


def test_a_queue_without_weights_asks_no_explainer(con):
    def refuse(con, model):
        raise AssertionError("no pair was weighed")

    people(
        con, f"centre | patient | ins | status | name\na | 1 | {A} | QUAL | ROCHE\na | 1 | {B} | QUAL | ROCHE"
    )
    link(con, model=MODEL, key=KEY, explainer=refuse)
    assert rows(con, "SELECT review_reason FROM lnk_review") == [("two_ins",)]
    assert rows(con, "FROM lnk_review_weight") == []


@pytest.mark.parametrize("model", model_ids())
def test_every_level_of_every_model_has_a_name_and_words(model):
    for comparison in load_model(model).settings["comparisons"]:
        name, levels = comparison["output_column_name"], named_levels(comparison)
        declared = COMPARISONS[name]
        exact = [EXACT.name] if declared.frequency else []
        in_order = [OTHER.name, *(level.name for level in declared.levels[::-1]), *exact]
        in_order += [level.name for level in declared.equal[::-1]]
        assert levels == {-1: MISSING.name, **dict(enumerate(in_order))}
        assert all(level_of(name, level).fr and level_of(name, level).en for level in levels.values())


def test_the_words_of_a_comparison_differ():
    for name, compared in COMPARISONS.items():
        levels = [*compared.levels, MISSING, OTHER, PRIOR]
        for said in (
            [level.name for level in levels],
            [level.fr for level in levels],
            [level.en for level in levels],
        ):
            assert len(set(said)) == len(said), name


@pytest.mark.parametrize(
    ("comparison", "condition"), [("birth_name", "TRUE"), ("shoe_size", "ELSE "), ("sex", "1 = 1")]
)
def test_a_level_without_a_name_is_refused(comparison, condition):
    level = {"sql_condition": condition, "m_probability": 0.5, "u_probability": 0.5}
    with pytest.raises(ConfigError, match="has no name"):
        named_levels({"output_column_name": comparison, "comparison_levels": [level]})


def test_the_parts_are_those_of_the_wanted_pairs_alone(town):
    town.execute("DROP TABLE lnk_review_weight").fetchall()
    town.execute("DELETE FROM lnk_review WHERE review_reason <> 'CL5' OR centre_id_l <> 'a'").fetchall()
    explain_review(town, MODEL, splink_parts)
    asked = rows(town, "SELECT count(*) FROM lnk_review")[0][0]
    assert rows(town, "SELECT count(*) FROM lnk_review_weight") == [(asked * (len(COMPARISONS) + 1),)]
