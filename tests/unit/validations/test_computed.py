"""Conditions on computed columns say what they say of the written text, for every code that can be written."""

from collections.abc import Callable, Iterator

import duckdb
import pyarrow as pa
import pytest

from validations.rules.catalogue import record_rules
from validations.rules.expressions import (
    BEHAVIOUR,
    COMPUTED,
    LABEL,
    MORPHOLOGY,
    SITE,
    TUMOUR_MORPHOLOGY,
    TUMOUR_SITE,
    has_morphology,
    has_site,
    on_computed,
)

SITES = [f"C{site:02d}{subsite}" for site in range(100) for subsite in ("", *(f".{n}" for n in range(10)))]
ODD = ["c492", "C4", "C49.22", "49.2", "C49,2", "cuisse", "", "CC49", "C49.X", None]
CODES = [
    "8850/3",
    "M88503",
    "M-8850/1",
    "88506",
    "8850",
    "7999/3",
    "8,85E+03",
    "mars-00",
    "9180/39",
    "",
    None,
]


@pytest.fixture(scope="module")
def asked() -> Iterator[Callable[[str], list[object]]]:
    """The answer of each written site and morphology, with what is computed of them, to a question in SQL."""
    written = [(site, CODES[i % len(CODES)]) for i, site in enumerate([*SITES, *ODD, *ODD])]
    written += [("C49.2", code) for code in CODES]
    sites, codes = (pa.array(column, pa.string()) for column in zip(*written, strict=True))
    columns = {"topography_code": sites, "morphology_code": codes, "diagnosis_label": sites}
    computed = ", ".join(f"{expression} AS {name}" for name, expression in COMPUTED.items())
    with duckdb.connect() as con:
        con.register("val", pa.table(columns))
        con.execute(f"CREATE TABLE tumour AS SELECT *, {computed} FROM val")
        yield lambda sql: [answer for (answer,) in con.execute(f"SELECT {sql} FROM tumour").fetchall()]


@pytest.mark.parametrize(
    "sites",
    [
        "4[01]",
        "49",
        "42[0134]$|77",
        "40[0289]?$",
        "300?$|31|32[389]?$|33|39|4[019]|76",
        "2(0|1)",
        "999",
        "no",
    ],
)
@pytest.mark.parametrize("site", [SITE, TUMOUR_SITE], ids=["own", "of the tumour"])
def test_the_number_of_a_site_answers_as_its_text_does(asked, sites, site):
    question = has_site(sites, site)
    assert "regexp" not in on_computed(question)
    assert asked(on_computed(question)) == asked(question)


@pytest.mark.parametrize(
    "sql",
    [
        MORPHOLOGY, TUMOUR_MORPHOLOGY, BEHAVIOUR, SITE, LABEL, f"{BEHAVIOUR} IN (2, 6)", f"{MORPHOLOGY} < 8800",
        has_morphology("8850 9180-9187"), has_morphology("8850", TUMOUR_MORPHOLOGY),
        f"{SITE} IS NOT NULL AND NOT {has_site('4[01]')} AND {has_morphology('8850-8859')}",
    ],
)  # fmt: skip
def test_what_is_computed_once_says_the_same(asked, sql):
    assert on_computed(sql) != sql
    assert asked(on_computed(sql)) == asked(sql)


@pytest.mark.parametrize("rule", record_rules("tumour"), ids=lambda rule: rule.id)
def test_no_rule_computes_again_what_is_computed(rule):
    sql = on_computed(f"{rule.applies_when} {rule.violated_when}")
    assert not [expression for expression in COMPUTED.values() if expression in sql]


@pytest.mark.parametrize("sql", ["TRUE", "size_mm > 5", "regexp_matches(topography_code, '^C(49)')"])
def test_what_is_no_such_question_stays(sql):
    assert on_computed(sql) == sql
