"""The header of an indicator's SQL file is its definition: complete, in two languages, or refused."""

import pytest

from pipelines.definitions import load_definition, load_definitions, parse_definition, sql_header
from pipelines.errors import ConfigError

SQL = """/* ---
id: biopsy_before_surgery
title: {fr: Biopsie avant la première chirurgie, en: Biopsy before first surgery}
population: {fr: tumeurs opérées, en: operated tumours}
grain: one row per tumour
numerator: {fr: au moins une biopsie avant, en: at least one biopsy before}
denominator: {fr: toutes, en: all}
exclusions: {fr: visée palliative, en: palliative intent}
unknown: {fr: date absente, en: missing date}
direction: higher
why: {fr: une exérèse se prépare, en: a resection is planned}
source: {fr: un article, en: a published paper}
author: the network
checked_by: {fr: personne, en: nobody yet}
next_review: 2027-11
--- */
SELECT 1
"""


def test_a_complete_header_is_read():
    found = parse_definition(SQL, where="x.sql")
    assert (found.id, found.title.en, found.direction, found.partition, found.next_review) == (
        "biopsy_before_surgery", "Biopsy before first surgery", "higher", None, "2027-11",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("direction: higher", "direction: up", "direction"),
        ("direction: higher", "direction: higher\ncolour: red", "colour"),
        ("title: {fr: Biopsie avant la première chirurgie, en:", "title: {en:", "title.fr"),
        ("unknown: {fr: date absente, en: missing date}", "unknown: {fr: '', en: x}", "unknown.fr"),
        ("why: {fr: une exérèse se prépare, en: a resection is planned}", "why: planned", "why"),
        ("next_review: 2027-11", "next_review: soon", "next_review"),
        ("/* ---\n", "-- no header\n/* ---\n", "no header"),
    ],
)
def test_a_wrong_header_is_refused_by_name(old: str, new: str, message: str):
    with pytest.raises(ConfigError, match=f"x.sql.*{message}"):
        parse_definition(SQL.replace(old, new), where="x.sql")


def test_every_mistake_of_a_header_is_reported_at_once():
    wrong = SQL.replace("direction: higher", "direction: up").replace("author: the network\n", "")
    with pytest.raises(ConfigError, match=r"(?s)x\.sql:2:1: author.*x\.sql:10:1: direction"):
        parse_definition(wrong, where="x.sql")


def test_the_header_stops_at_its_end_mark():
    assert sql_header("/* ---\nid: a\n--- */\nSELECT 1 /* ---\nid: b\n--- */\n", where="x.sql") == "id: a"


def test_an_indicator_without_file_is_named():
    with pytest.raises(ConfigError, match=r"sql/indicators/no_such_indicator\.sql"):
        load_definition("no_such_indicator")


def test_all_the_missing_indicators_are_named_together():
    with pytest.raises(ConfigError, match=r"(?s)first_missing.*second_missing"):
        load_definitions(["first_missing", "second_missing"])
