"""Learning without labels: a long table is judged by itself, a short one by the model; nothing runs away."""

import duckdb
import numpy as np
import pytest

from pipelines.io.linkage_model import load_model
from pipelines.link import learn as learning
from pipelines.link.block import pair_candidates
from pipelines.link.learn import FEWEST_RECORDS, PAIRS_PER_RECORD, learn
from pipelines.link.other import OtherColumns, add_other, comparisons
from tests.unit.link.people import records

MODEL = load_model("fr-2026-2")
EXACT = OtherColumns(exact=("other_0",))


def m_of(model, name):
    (comparison,) = [c for c in model.settings["comparisons"] if c["output_column_name"] == name]
    return [
        level["m_probability"] for level in comparison["comparison_levels"] if not level.get("is_null_level")
    ]


def u_of(model, name):
    (comparison,) = [c for c in model.settings["comparisons"] if c["output_column_name"] == name]
    return [
        level["u_probability"] for level in comparison["comparison_levels"] if not level.get("is_null_level")
    ]


def people(con, text):
    records(con, text)
    pair_candidates(con, MODEL.blocking, records_per_block=400)


def drawn(con, persons, *, wrong_numbers, seed=1):
    """`persons` people, each twice; a number that is another one in a share of the second rows."""
    random = np.random.default_rng(seed)
    letters = np.array(list("BCDFGLMNPRSTV"))
    lines, numbers = ["patient | name | first | born"], []
    for person in range(persons):
        name = "".join(random.choice(letters, 3)) + "A" + "".join(random.choice(letters, 2)) + "O"
        first = "".join(random.choice(letters, 2)) + "I" + "".join(random.choice(letters, 2))
        born = f"{random.integers(1930, 1990)}-{random.integers(2, 12):02}-{random.integers(2, 28):02}"
        number = int(random.integers(1_000_000, 9_999_999))
        for twin in range(2):
            lines.append(f"p{person:05}{twin} | {name} | {first} | {born}")
            is_wrong = twin and random.random() < wrong_numbers
            numbers.append(str(int(random.integers(1_000_000, 9_999_999)) if is_wrong else number))
    people(con, "\n".join(lines))
    values = ", ".join(f"({place + 1}, '{number}')" for place, number in enumerate(numbers))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE link_other AS SELECT * FROM (VALUES {values}) AS t(record_no, other_0)"
    ).fetchall()
    add_other(con, EXACT)
    settings = {**MODEL.settings, "comparisons": [*MODEL.settings["comparisons"], *comparisons(EXACT)]}
    return MODEL.model_copy(update={"settings": settings})


@pytest.fixture(scope="module")
def of_many():
    """What is learnt from people of whom three in ten have a wrong number in their second row."""
    with duckdb.connect() as con:
        return learn(con, drawn(con, 1500, wrong_numbers=0.3))


def test_it_finds_how_often_a_number_is_wrong_and_how_many_pairs_there_are(of_many):
    found = of_many
    equal, *_, other = m_of(found, "other_0")
    assert equal == pytest.approx(0.7, abs=0.05)
    assert other == pytest.approx(0.3, abs=0.05)
    assert found.prior.pairs_per_record == pytest.approx(0.5, abs=0.02)
    assert u_of(found, "other_0")[0] < 0.001


def test_the_chances_of_each_comparison_still_add_up(of_many):
    found = of_many
    for comparison in found.settings["comparisons"]:
        name = comparison["output_column_name"]
        assert sum(u_of(found, name)) == pytest.approx(1, abs=0.02)
        if name != "first_name":  # its swapped level counts with the name
            assert sum(m_of(found, name)) == pytest.approx(1, abs=0.01)


FEW = """
    patient | name   | first | born
    1       | DUPONT | Anne  | 1950-05-17
    2       | DUPONT | Anne  | 1950-05-17
    3       | MARTIN | Luc   | 1961-02-11
"""


@pytest.fixture(scope="module")
def of_few():
    """What is learnt from `FEW`, and the chances of the shipped model before."""
    before = [m_of(MODEL, c["output_column_name"]) for c in MODEL.settings["comparisons"]]
    with duckdb.connect() as con:
        people(con, FEW)
        return learn(con, MODEL), before


def test_a_short_table_is_judged_by_the_model(of_few):
    found, _ = of_few
    assert m_of(found, "birth_name") == pytest.approx(m_of(MODEL, "birth_name"), abs=0.01)
    assert found.prior.minimum_records == FEWEST_RECORDS


@pytest.mark.parametrize(
    "text",
    [
        "patient | name\n1 | DUPONT",
        "patient | name\n1 | DUPONT\n2 | MARTIN",
        "patient | name | first\n" + "\n".join(f"{n} | INCONNU | -" for n in range(50)),
        "patient | name | first | born\n" + "\n".join(f"{n} | DUPONT | Anne | 1950-05-17" for n in range(50)),
    ],
    ids=["one record", "no pair", "nobody named", "everyone the same"],
)
def test_nothing_to_learn_from_leaves_a_usable_model(con, text):
    people(con, text)
    found = learn(con, MODEL)
    low, high = PAIRS_PER_RECORD
    assert low <= found.prior.pairs_per_record <= high
    for comparison in found.settings["comparisons"]:
        name = comparison["output_column_name"]
        assert all(0 < chance <= 1 for chance in (*m_of(found, name), *u_of(found, name)))


def test_the_shipped_model_is_not_changed(of_few):
    _, before = of_few
    assert before == [m_of(MODEL, c["output_column_name"]) for c in MODEL.settings["comparisons"]]


def test_a_level_that_another_comparison_carries_keeps_no_weight(of_few):
    found, _ = of_few
    place = next(
        n
        for n, (m, u) in enumerate(zip(m_of(MODEL, "first_name"), u_of(MODEL, "first_name"), strict=True))
        if m == u
    )
    assert m_of(found, "first_name")[place] == u_of(found, "first_name")[place]


@pytest.mark.parametrize(("records", "random_pairs"), [(3, 3), (2, 1), (3_000_000, learning.RANDOM_PAIRS)])
def test_random_pairs_are_drawn_at_any_size(con, records, random_pairs):
    """All pairs of few records; of many, as many as are asked, but for those that met themselves."""
    people = f"SELECT CAST(n AS BIGINT) AS record_no FROM range(1, {min(records, 4)} + 1) AS t(n)"
    con.execute(f"CREATE TEMP TABLE link_record AS {people}").fetchall()
    con.execute("CREATE TEMP TABLE link_candidate (l BIGINT, r BIGINT)").fetchall()
    learning.draw_pairs(con, records=records, candidates=0)
    drawn = con.execute("SELECT count(*), min(join_key_l), max(join_key_r) FROM link_blocked").fetchall()[0]
    assert random_pairs * 0.999 <= drawn[0] <= random_pairs
    assert 1 <= drawn[1] < drawn[2] <= records
