"""The levels of each comparison: for each, a pair that reaches exactly it, and none above."""

import pytest

from pipelines.io.linkage_model import load_model
from pipelines.link.comparisons import untrained_settings
from tests.unit.link.people import records

#: How Splink calls the last level.
NEITHER = "All other comparisons"
COMPARISONS = {
    comparison["output_column_name"]: comparison["comparison_levels"]
    for comparison in untrained_settings().create_settings_dict("duckdb")["comparisons"]
}


def _condition(level):
    return "TRUE" if level["sql_condition"] == "ELSE" else level["sql_condition"]


def reached(con, comparison, text):
    """The label of the first level of a comparison that holds for the two people of a table."""
    header, *lines = (line for line in text.strip().splitlines() if line.strip())
    numbered = [f"{n} | {line}" for n, line in enumerate(lines, start=1)]
    records(con, "\n".join([f"patient | {header}", *numbered]))
    sides = [f"SELECT {', '.join(f'{c} AS {c}_{side}' for c in con.table('link_record').columns)} FROM link_record "
             f"WHERE record_no = {n}" for n, side in ((1, "l"), (2, "r"))]  # fmt: skip
    whens = " ".join(
        f"WHEN {_condition(level)} THEN {rank}" for rank, level in enumerate(COMPARISONS[comparison])
    )
    [(rank,)] = con.execute(f"SELECT CASE {whens} END FROM ({sides[0]}) AS l, ({sides[1]}) AS r").fetchall()
    return COMPARISONS[comparison][rank]["label_for_charts"]


def check(con, comparison, expected, text):
    header, one, other = text.strip().splitlines()
    assert reached(con, comparison, text) == expected
    assert reached(con, comparison, "\n".join([header, other, one])) == expected, "the other way round"


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
    "beginning": """
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
    "exact": """
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
    "exact": """
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
    "exact": """
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
def test_a_pair_reaches_exactly_the_level(con, comparison, label):
    check(con, comparison, label, EXAMPLES[comparison][label])


def test_every_level_has_its_example_in_the_order_of_the_levels():
    declared = {name: [level["label_for_charts"] for level in levels] for name, levels in COMPARISONS.items()}
    assert {name: list(examples) for name, examples in EXAMPLES.items()} == declared


def test_the_shipped_model_compares_as_these_levels_do():
    """A level changed here and not trained again would weigh pairs by the chances of another level."""
    shipped = {
        comparison["output_column_name"]: [
            level["sql_condition"] for level in comparison["comparison_levels"]
        ]
        for comparison in load_model("fr-2026-1").settings["comparisons"]
    }
    assert shipped == {
        name: [level["sql_condition"] for level in levels] for name, levels in COMPARISONS.items()
    }


@pytest.mark.parametrize(
    ("comparison", "expected", "text"),
    [
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
    ],
)  # fmt: skip
def test_where_two_levels_meet(con, comparison, expected, text):
    check(con, comparison, expected, text)
