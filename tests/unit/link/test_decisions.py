"""What humans decided: which word is in force, and what it does to persons."""

import datetime as dt

import pyarrow as pa
import pytest

from pipelines.io.linkage_model import load_model
from pipelines.link.decisions import PAIR, decision_schema, in_force
from pipelines.link.score import no_weights
from pipelines.link.step import link
from tests.conftest import KEY
from tests.tables import rows
from tests.unit.link.people import people

MODEL = load_model("fr-2026-2")


def log(*said: str, pair=("a", "1", "b", "1")) -> pa.Table:
    """A log of words `verdict author` about one pair, in this order."""
    lines = [
        {"decision_no": number, "verdict": verdict, "author": author, "is_asked": True,
         "decided": dt.date(2026, 1, number), **dict(zip(PAIR, pair, strict=True))}
        for number, (verdict, author) in enumerate((word.split(maxsplit=1) for word in said), start=1)
    ]  # fmt: skip
    return pa.Table.from_pylist(lines, schema=decision_schema())


@pytest.mark.parametrize(
    ("why", "said", "holds"),
    [
        ("one word", ["same Ana"], "same"),
        ("said twice", ["different Ana", "different Bob"], "different"),
        ("no word decides", ["unsure Ana", "ask_centre Bob"], None),
        ("not knowing takes nothing back", ["same Ana", "unsure Bob"], "same"),
        ("one against one", ["same Ana", "different Bob"], "contradicted"),
        ("the same person, of two minds", ["same Ana", "different Ana"], "contradicted"),
        ("a second person settles it", ["same Ana", "different Bob", "different Cleo"], "different"),
        ("not the same one written otherwise", ["same Ana", "different Bob", "different  bob "], "contradicted"),
        ("nor the word before", ["same Ana", "different Bob", "same Cleo"], "contradicted"),
        ("and so on", ["same Ana", "different Bob", "same Cleo", "same Dan"], "same"),
        ("taken back", ["same Ana", "revoked Bob"], None),
        ("what was said before counts no more", ["same Ana", "revoked Bob", "different Cleo"], "different"),
    ],
)  # fmt: skip
def test_the_word_in_force(con, why, said, holds):
    found = {row["verdict"] for row in in_force(con, log(*said)).to_pylist()}
    assert found == ({holds} if holds else set()), why


def test_pairs_do_not_mix(con):
    both = pa.concat_tables([log("same Ana"), log("different Bob", pair=("a", "1", "b", "2"))])
    assert [row["verdict"] for row in in_force(con, both).to_pylist()] == ["same", "different"]


HEADER = "centre | patient | ins | status | oid | name | used | first | sex | born | place | home"
OID = "1.2.250.1.213.1.4.8"
A, B = "255081416802538", "184072A00104217"
ANNE = 'GARRIGUES | - | Anne | F | 1950-05-17 | "35006" | "35006"'
ZOE = 'GARRIGUES | - | Zoé | F | 1950-05-17 | "35006" | "35006"'
PAUL = "ROCHE | - | Paul | M | 1971-02-11 | - | -"


def linked(con, one, other, *said):
    """Whether two records are one person, and the questions that are left."""
    people(con, f"{HEADER}\na | 1 | {one}\nb | 1 | {other}")
    decided = in_force(con, log(*said)) if said else None
    link(con, model=MODEL, key=KEY, scorer=no_weights, decided=decided)
    [(persons,)] = rows(con, "SELECT count(DISTINCT person_id) FROM lnk_record")
    return persons == 1, [reason for (reason,) in rows(con, "SELECT review_reason FROM lnk_review")]


@pytest.mark.parametrize(
    ("why", "one", "other", "said", "joined", "asked"),
    [
        ("equal traits join by themselves", f"- | - | - | {ANNE}", f"- | - | - | {ANNE}", [], True, []),
        ("a human parts them", f"- | - | - | {ANNE}", f"- | - | - | {ANNE}", ["different Ana"], False, []),
        ("strangers stay apart", f"- | - | - | {ANNE}", f"- | - | - | {PAUL}", [], False, []),
        ("a human joins them", f"- | - | - | {ANNE}", f"- | - | - | {PAUL}", ["same Ana"], True, []),
        ("even what looks like twins", f"- | - | - | {ANNE}", f"- | - | - | {ZOE}", ["same Ana"], True, []),
        ("two numbers that were only retrieved", f"{A} | RECUP | {OID} | {ANNE}", f"{B} | RECUP | {OID} | {ANNE}",
         ["same Ana"], True, []),
        ("never against two qualified numbers: that is an alert", f"{A} | QUAL | {OID} | {ANNE}",
         f"{B} | QUAL | {OID} | {ANNE}", ["same Ana"], False, ["ML3"]),
        ("else they ask nothing", f"{A} | QUAL | {OID} | {ANNE}", f"{B} | QUAL | {OID} | {ANNE}", [], False, []),
        ("one qualified number, parted by a human", f"{A} | QUAL | {OID} | {ANNE}", f"{A} | QUAL | {OID} | {ANNE}",
         ["different Ana"], False, []),
        ("contradicted: apart, and asked again", f"- | - | - | {ANNE}", f"- | - | - | {ANNE}",
         ["same Ana", "different Bob"], False, ["CL9"]),
    ],
)  # fmt: skip
def test_what_a_decision_does(con, why, one, other, said, joined, asked):
    assert linked(con, one, other, *said) == (joined, asked), why


def test_a_record_that_is_gone_keeps_its_decision_for_later(con):
    people(con, f"{HEADER}\na | 1 | - | - | - | {ANNE}\nb | 2 | - | - | - | {PAUL}")
    link(con, model=MODEL, key=KEY, scorer=no_weights, decided=in_force(con, log("same Ana")))
    assert rows(con, "SELECT count(DISTINCT person_id) FROM lnk_record") == [(2,)]


def test_the_reason_of_the_record_is_told(con):
    linked(con, f"- | - | - | {ANNE}", f"- | - | - | {PAUL}", "same Ana")
    assert rows(con, "SELECT DISTINCT link_reason FROM lnk_record") == [("human",)]
