"""The levels of each comparison: for each, a pair that reaches exactly it, and none above."""

import duckdb
import pytest

from pipelines.io.linkage_model import load_model
from pipelines.link.settings import untrained_settings
from tests.unit.link.side_by_side import show_pairs

#: How Splink calls the last level.
NEITHER = "All other comparisons"
COMPARISONS = {
    comparison["output_column_name"]: comparison["comparison_levels"]
    for comparison in untrained_settings().create_settings_dict("duckdb")["comparisons"]
}


def _condition(level):
    return "TRUE" if level["sql_condition"] == "ELSE" else level["sql_condition"]


def _label(comparison):
    """SQL: the label of the first level of a comparison that holds."""
    whens = " ".join(
        f"WHEN {_condition(level)} THEN {rank}" for rank, level in enumerate(COMPARISONS[comparison])
    )
    return f"CASE {whens} END"


@pytest.fixture(scope="module")
def reached():
    """(comparison, table) → the level that the two people of the table reach, and the same two the other way round."""
    texts = [text for examples in EXAMPLES.values() for text in examples.values()]
    texts += [text for _, _, text in MEETING]
    with duckdb.connect() as con:
        show_pairs(con, texts)
        columns = con.table("link_record").columns
        left, right = (
            f"SELECT {', '.join(f'{c} AS {c}_{side}' for c in columns)} FROM link_record" for side in "lr"
        )
        labels = ", ".join(f"{_label(name)} AS {name}" for name in COMPARISONS)
        found = con.execute(
            f"SELECT p.l, p.r, {labels} FROM link_pair AS p"
            f" JOIN ({left}) AS one ON record_no_l = p.l JOIN ({right}) AS other ON record_no_r = p.r"
        ).fetchall()
    ranks = {(left, right): dict(zip(COMPARISONS, of_pair, strict=True)) for left, right, *of_pair in found}
    return {
        (name, text): tuple(levels[ranks[pair][name]]["label_for_charts"] for pair in both_ways(n))
        for n, text in enumerate(texts)
        for name, levels in COMPARISONS.items()
    }


def both_ways(n):
    return (2 * n + 1, 2 * n + 2), (2 * n + 2, 2 * n + 1)


def check(reached, comparison, expected, text):
    one_way, other_way = reached[comparison, text]
    assert one_way == expected
    assert other_way == expected, "the other way round"


NAMES = {
    "birth_name is NULL": """
        name   | first | sex
        -      | Anne  | F
        MARTIN | Anne  | F
    """,
    "Exact match on birth_name": """
        name      | first | sex
        DE MARTIN | Anne  | F
        Martin    | Paul  | M
    """,
    "birth and used name crossed": """
        name   | used   | first | sex
        MARTIN | LEROUX | Anne  | F
        LEROUX | -      | Anne  | F
    """,
    "swapped with first name": """
        name   | first  | sex
        MARTIN | Anne   | F
        ANNE   | Martin | F
    """,
    "a word in common": """
        name           | first | sex
        LEROUX GARNIER | Anne  | F
        DUPONT LEROUX  | Anne  | F
    """,
    "alike": """
        name     | first | sex
        GARRIGUE | Anne  | F
        GARRIGUZ | Anne  | F
    """,
    "sounds alike": """
        name     | first | sex
        GAUTHIER | Anne  | F
        GOTIER   | Anne  | F
    """,
    "somewhat alike": """
        name     | first | sex
        GARRIGUE | Anne  | F
        GARIGOLE | Anne  | F
    """,
    "different, both women": """
        name   | first | sex
        MARTIN | Anne  | F
        LEROUX | Anne  | F
    """,
    NEITHER: """
        name   | first | sex
        MARTIN | Anne  | F
        LEROUX | Anne  | U
    """,
}
FIRST_NAMES = {
    "first_name is NULL": """
        name   | first
        MARTIN | -
        MARTIN | Anne
    """,
    "first names the same, two or more": """
        name   | first
        MARTIN | Anne Lucie Odile
        MARTIN | ANNE-LUCIE
    """,
    "first name the same, no other one": """
        name   | first
        MARTIN | Anne Lucie
        MARTIN | ANNE Odile
    """,
    "Exact match on first_name": """
        name   | first
        MARTIN | Anne Lucie
        MARTIN | ANNE
    """,
    "swapped with name": """
        name   | first
        MARTIN | Anne
        ANNE   | Martin
    """,
    "a first name in common": """
        name   | first
        MARTIN | Anne Lucie
        MARTIN | Lucie
    """,
    "alike": """
        name   | first
        MARTIN | Annick
        MARTIN | Annich
    """,
    "sounds alike": """
        name   | first
        MARTIN | Philippe
        MARTIN | Filipe
    """,
    "one begins the other": """
        name   | first
        MARTIN | A.
        MARTIN | Anne
    """,
    "somewhat alike": """
        name   | first
        MARTIN | Marine
        MARTIN | Martial
    """,
    NEITHER: """
        name   | first
        MARTIN | Anne
        MARTIN | Paul
    """,
}
DATES = {
    "birth_year is NULL": """
        born       | precision
        -          | unknown
        1950-05-17 | day
    """,
    "identical": """
        born
        1950-05-17
        1950-05-17
    """,
    "uncertain, same year": """
        born       | precision
        1950-01-01 | day
        1950-05-17 | day
    """,
    "day and month swapped": """
        born
        1950-05-03
        1950-03-05
    """,
    "month or day differs": """
        born
        1950-05-17
        1950-05-18
    """,
    "year mistyped": """
        born
        1950-05-17
        1960-05-17
    """,
    "year differs": """
        born
        1950-05-17
        1967-05-17
    """,
    "uncertain, near year": """
        born       | precision
        1951-01-01 | year
        1950-05-17 | day
    """,
    "same year": """
        born
        1950-05-17
        1950-06-18
    """,
    NEITHER: """
        born
        1950-05-17
        1951-06-18
    """,
}
PLACES = {
    "{0} is NULL": """
        {1}
        -
        "35006"
    """,
    "Exact match on {0}": """
        {1}
        "35006"
        "35006"
    """,
    "same department": """
        {1}
        "35006"
        "35238"
    """,
    NEITHER: """
        {1}
        "35006"
        "34001"
    """,
}
SEXES = {
    "sex is NULL": """
        sex
        U
        F
    """,
    "identical": """
        sex
        F
        F
    """,
    NEITHER: """
        sex
        F
        M
    """,
}
NUMBERS = {
    "ins is NULL": """
        ins             | status
        255081416802538 | PROV
        255081416802538 | QUAL
    """,
    "identical": """
        ins             | status
        2550814168025   | RECUP
        255081416802538 | QUAL
    """,
    NEITHER: """
        ins             | status
        255081416802538 | RECUP
        184072A00104217 | QUAL
    """,
}
EXAMPLES = {
    "birth_name": NAMES,
    "first_name": FIRST_NAMES,
    "birth_date": DATES,
    "birth_place": {k.format("birth_place"): v.format("", "place") for k, v in PLACES.items()},
    "residence": {k.format("residence"): v.format("", "home") for k, v in PLACES.items()},
    "sex": SEXES,
    "ins": NUMBERS,
}


@pytest.mark.parametrize(
    ("comparison", "label"), [(name, label) for name, levels in EXAMPLES.items() for label in levels]
)
def test_a_pair_reaches_exactly_the_level(reached, comparison, label):
    check(reached, comparison, label, EXAMPLES[comparison][label])


def test_every_level_has_its_example_in_the_order_of_the_levels():
    declared = {name: [level["label_for_charts"] for level in levels] for name, levels in COMPARISONS.items()}
    assert {name: list(examples) for name, examples in EXAMPLES.items()} == declared


def test_the_shipped_model_compares_as_these_levels_do():
    """A level changed here and not trained again would weigh pairs by the chances of another level."""
    shipped = {
        comparison["output_column_name"]: [
            level["sql_condition"] for level in comparison["comparison_levels"]
        ]
        for comparison in load_model("fr-2026-2").settings["comparisons"]
    }
    assert shipped == {
        name: [level["sql_condition"] for level in levels] for name, levels in COMPARISONS.items()
    }


#: Where two levels meet: comparison, level, the two people.
MEETING = [
    ("birth_name", "a word in common", """
        name          | used   | first | sex
        MARTIN LEROUX | -      | Anne  | F
        DUPONT        | LEROUX | Anne  | F
     """),
    ("birth_name", "birth and used name crossed", """
        name       | first | sex
        GOFF BIHAN | Anne  | F
        GOFFBIHAN  | Anne  | F
     """),
    ("birth_name", "different, both women", """
        name  | first | sex
        LI WU | Anne  | F
        HO WU | Anne  | F
     """),
    ("first_name", "a first name in common", """
        name   | first
        MARTIN | Jean-Pierre
        MARTIN | Pierre Jean
     """),
    ("birth_date", "uncertain, same year", """
        born       | precision
        1950-01-01 | year
        1950-12-31 | day
     """),
    ("birth_date", "same year", """
        born       | precision
        1950-06-01 | month
        1950-05-17 | day
     """),
    ("birth_date", "uncertain, same year", """
        born       | precision
        1950-05-01 | month
        1950-05-17 | day
     """),
    ("birth_date", "uncertain, near year", """
        born       | precision
        1940-01-01 | day
        1950-05-17 | day
     """),
    ("birth_date", NEITHER, """
        born       | precision
        1948-01-01 | day
        1950-05-17 | day
     """),
    ("birth_place", "same department", """
        place
        "2A004"
        "20033"
     """),
    ("birth_place", NEITHER, """
        place
        "97105"
        "97209"
     """),
]  # fmt: skip


@pytest.mark.parametrize(("comparison", "expected", "text"), MEETING)
def test_where_two_levels_meet(reached, comparison, expected, text):
    check(reached, comparison, expected, text)
