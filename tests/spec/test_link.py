"""From the records of all centres to persons: what a reader of the identities would decide."""

import random
import sys

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.account import check_closed
from pipelines.io.linkage_model import load_model
from pipelines.link.score import no_weights
from pipelines.link.step import link
from tests.conftest import KEY
from tests.tables import rows
from tests.unit.link.people import given_weights, people, weights
from validations.contracts.derive import arrow_schema
from validations.contracts.tables import TABLES

MODEL = load_model("fr-2026-1")
TABLES_MADE = ("lnk_record", "lnk_person", "lnk_person_trait", "lnk_review")
HEADER = "centre | patient | ins | status | name | used | first | sex | born | place | home"
A, B = "255081416802538", "184072A00104217"


def persons(con, identities, tumours="centre | patient", **options):
    """The persons found, each as the list of its records `centre/patient`, and the accounts."""
    people(con, identities, tumours)
    for name in TABLES_MADE:
        con.execute(f"DROP TABLE IF EXISTS {name}").fetchall()
    accounts = link(con, model=MODEL, key=KEY, **options)
    check_closed(accounts)
    found = rows(con, "SELECT list(centre_id || '/' || local_patient_id ORDER BY centre_id, local_patient_id) "
                      "FROM lnk_record GROUP BY person_id")  # fmt: skip
    return [members for (members,) in found], accounts


def review(con):
    return rows(con, "SELECT local_patient_id_l, local_patient_id_r, review_reason FROM lnk_review")


ANNE = 'GARRIGUES | - | Anne | F | 1950-05-17 | "35006" | "35006"'


@pytest.mark.parametrize(
    ("why", "one", "other", "joined", "asked"),
    [
        ("same person at two centres", f"- | - | {ANNE}", f"- | - | {ANNE}", True, None),
        ("case and accents", f"- | - | {ANNE}",
         "- | - | Garrigues | - | ANNE | F | 1950-05-17 | \"35006\" | -", True, None),
        ("married name written as birth name",
         "- | - | GARRIGUES | - | Anne Lucie | F | 1950-05-17 | \"35006\" | \"35006\"",
         "- | - | DURAND | GARRIGUES | Anne Lucie | F | 1950-05-17 | \"35006\" | -", True, None),
        ("day and month swapped", "- | - | GARRIGUES | - | Anne | F | 1950-05-03 | \"35006\" | \"35006\"",
         "- | - | GARRIGUES | - | Anne | F | 1950-03-05 | \"35006\" | \"35006\"", True, None),
        ("a default date", f"- | - | {ANNE}",
         "- | - | GARRIGUES | - | Anne | F | 1950-01-01 | \"35006\" | \"35006\"", True, None),
        ("strangers", f"- | - | {ANNE}", "- | - | ROCHE | - | Paul | M | 1971-02-11 | - | -", False, None),
        ("twin sisters", f"- | - | {ANNE}",
         "- | - | GARRIGUES | - | Zoé | F | 1950-05-17 | \"35006\" | \"35006\"", False, "CL5"),
        ("twins of two sexes", f"- | - | {ANNE}",
         "- | - | GARRIGUES | - | Luc | M | 1950-05-17 | \"35006\" | \"35006\"", False, "CL6"),
        ("mother and daughter of one name", f"- | - | {ANNE}",
         "- | - | GARRIGUES | - | Anne | F | 1975-05-17 | \"35006\" | \"35006\"", False, "CL8"),
        ("twins with their qualified numbers", f"{A} | QUAL | {ANNE}",
         f"{B} | QUAL | GARRIGUES | - | Zoé | F | 1950-05-17 | \"35006\" | \"35006\"", False, None),
        ("homonyms with their qualified numbers", f"{A} | QUAL | {ANNE}", f"{B} | QUAL | {ANNE}", False, None),
        ("two retrieved numbers", f"{A} | RECUP | {ANNE}", f"{B} | RECUP | {ANNE}", False, "CL4"),
        ("one qualified number, other traits", f"{A} | QUAL | {ANNE}",
         f"{A} | QUAL | ROCHE | - | Paul | M | 1971-02-11 | - | -", False, "ML2"),
        ("one qualified number, a name mistyped", f"{A} | QUAL | {ANNE}",
         f"{A} | QUAL | GARIGUE | - | Anna | F | 1950-05-17 | - | -", True, None),
        ("one retrieved number, little else", f"{A} | RECUP | {ANNE}",
         f"{A} | RECUP | GARRIGUES | - | Anne | - | - | - | -", True, None),
        ("one number without status: a parent's, perhaps", f"{A} | - | {ANNE}",
         f"{A} | - | GARRIGUES | - | Zoé | F | 1978-02-11 | \"35006\" | \"35006\"", False, None),
    ],
)  # fmt: skip
def test_two_records(con, why, one, other, joined, asked):
    found, _ = persons(con, f"{HEADER}\na | 1 | {one}\nb | 2 | {other}")
    assert found == ([["a/1", "b/2"]] if joined else [["a/1"], ["b/2"]]), why
    assert [reason for _, _, reason in review(con)] == ([asked] if asked else []), why


def test_a_record_that_fits_two_twins_is_nobody_s(con):
    found, _ = persons(con, f"""
        {HEADER}
        a | 1 | {A} | QUAL | GARRIGUES | - | Anne | F | 1950-05-17 | "35006" | "35006"
        a | 2 | {B} | QUAL | GARRIGUES | - | Zoé  | F | 1950-05-17 | "35006" | "35006"
        b | 3 | -   | -    | GARRIGUES | - | -    | F | 1950-05-17 | "35006" | "35006"
    """)  # fmt: skip
    assert found == [["a/1"], ["a/2"], ["b/3"]]
    assert review(con) == [("1", "3", "conflict"), ("2", "3", "conflict")]


def test_why_each_record_is_where_it_is(con):
    persons(con, f"""
        {HEADER}
        a | 1 | {A} | QUAL | GARRIGUES | - | Anne | F | 1950-05-17 | "35006" | "35006"
        b | 1 | {A} | QUAL | GARRIGUES | - | Anne | F | 1950-05-17 | -       | "34001"
        c | 1 | -   | -    | GARRIGUES | - | Anne | F | 1950-05-17 | "35006" | "35006"
        d | 1 | -   | -    | GARRIGUE  | - | Anne | F | 1950-05-17 | "35006" | "35006"
        e | 1 | -   | -    | ROCHE     | - | Paul | M | 1971-02-11 | -       | -
    """)  # fmt: skip
    assert rows(con, "SELECT centre_id, link_reason FROM lnk_record") == [
        ("a", "ins"), ("b", "ins"), ("c", "traits"), ("d", "weight"), ("e", "alone"),
    ]  # fmt: skip


def test_the_golden_identity(con):
    persons(con, f"""
        {HEADER}
        a | 1 | {A} | RECUP | Garigues  | -     | Anne       | F | 1950-01-01 | -       | "35006"
        b | 1 | {A} | QUAL  | GARRIGUES | ROCHE | Anne Lucie | F | 1950-05-17 | "35006" | -
        c | 1 | -   | PROV  | GARIGUES  | -     | Anne Lucie | F | 1950-05-17 | "35006" | "34001"
    """)  # fmt: skip
    golden = ("birth_name, used_name, first_names, sex, CAST(birth_date AS VARCHAR), birth_date_precision, "
              "birth_place_cog, residence_commune, ins_matricule, record_count")  # fmt: skip
    assert rows(con, f"SELECT {golden} FROM lnk_person") == [
        ("GARRIGUES", "ROCHE", "Anne Lucie", "F", "1950-05-17", "day", "35006", "35006", A, 3)
    ]


def test_a_number_without_status_is_nobody_s_golden_number(con):
    persons(con, f"{HEADER}\na | 1 | {A} | PROV | {ANNE}")
    assert rows(con, "SELECT ins_matricule FROM lnk_person") == [(None,)]


def test_nobody_is_lost(con):
    found, accounts = persons(
        con,
        "centre | patient | name\na | 1 | GARRIGUES\na | 1 | GARRIGUES\na | 2 | -",
        "centre | patient\na | 1\na | 9\nb | 1",
    )
    assert found == [["a/1"], ["a/2"], ["a/9"], ["b/1"]]
    assert [(a.step, a.rows_in, a.rows_out, a.rows_merged) for a in accounts] == [
        ("collapse", 3, 2, 1),
        ("link", 4, 4, 0),
    ]


def test_no_record_at_all(con):
    found, accounts = persons(con, "centre | patient")
    assert found == []
    assert [a.rows_in for a in accounts] == [0, 0]


def test_one_local_patient_with_two_numbers_is_a_question(con):
    persons(con, f"{HEADER}\na | 1 | {A} | QUAL | {ANNE}\na | 1 | {B} | QUAL | {ANNE}")
    assert review(con) == [("1", "1", "two_ins")]


def test_the_tables_are_those_of_the_contract(con):
    persons(con, f"{HEADER}\na | 1 | {A} | QUAL | {ANNE}\nb | 1 | {B} | RECUP | {ANNE}")
    for name in TABLES_MADE:
        table = con.table(name).to_arrow_table()
        expected = arrow_schema(TABLES[name])
        assert [(f.name, f.type) for f in table.schema] == [(f.name, f.type) for f in expected]
        assert all(table[field].null_count == 0 for field in TABLES[name].mandatory)


def test_identifiers_decide_without_weights(con):
    found, _ = persons(con, f"""
        {HEADER}
        a | 1 | {A} | QUAL | GARRIGUES | - | Anne | F | 1950-05-17 | "35006" | -
        b | 1 | {A} | QUAL | GARRIGUES | - | Anne | F | 1950-05-17 | "35006" | -
        c | 1 | -   | -    | GARRIGUES | - | Anne | F | 1950-05-17 | "35006" | -
        d | 1 | -   | -    | GARRIGUES | - | Anne | F | 1950-05-17 | -       | -
    """, scorer=no_weights)  # fmt: skip
    assert found == [["a/1", "b/1", "c/1"], ["d/1"]]


def test_complete_numbers_ask_no_weight(con):
    def refuse(con, model):
        raise AssertionError("qualified numbers had decided")

    found, _ = persons(con, f"""
        {HEADER}
        a | 1 | {A} | QUAL | {ANNE}
        b | 1 | {A} | QUAL | {ANNE}
        b | 2 | {B} | QUAL | {ANNE}
    """, scorer=refuse)  # fmt: skip
    assert found == [["a/1", "b/1"], ["b/2"]]


def test_rows_centres_and_threads_change_nothing(con):
    lines = [
        f'{centre} | {n} | - | - | {name} | - | {first} | {sex} | 19{40 + n}-05-1{n} | "3500{n}" | -'
        for n, (name, first, sex) in enumerate(
            [("GARRIGUES", "Anne", "F"), ("ROCHE", "Paul", "M"), ("FAURE", "Zoé", "F")]
        )
        for centre in "abcd"
    ] + ["e | 7 | - | - | GARIGUES | - | Anne | F | 1940-05-01 | - | -"]
    found = []
    for threads in (1, 2):
        con.execute(f"SET threads = {threads}").fetchall()
        mixed = random.Random(threads).sample(lines, len(lines))
        persons(con, "\n".join([HEADER, *mixed]))
        found.append([rows(con, f"FROM {name}") for name in TABLES_MADE])
    assert found[0] == found[1]


@st.composite
def crowds(draw):
    """Up to eight records of few names, few numbers and any weights."""
    size = draw(st.integers(2, 8))
    lines = [
        " | ".join([
            draw(st.sampled_from("ab")), str(n), draw(st.sampled_from([A, B, "184072B00104244", "-"])),
            draw(st.sampled_from(["QUAL", "QUAL", "RECUP", "-"])), "GARRIGUES", "-",
            draw(st.sampled_from(["Anne", "Zoé", "-"])), "F", draw(st.sampled_from(["1950-05-17", "1950-01-01", "-"])),
            "-", "-",
        ])
        for n in range(size)
    ]  # fmt: skip
    drawn = [
        (left, right, draw(st.integers(-10, 20)))
        for left in range(1, size)
        for right in range(left + 1, size + 1)
    ]
    return lines, drawn


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(crowds(), st.randoms(use_true_random=False))
def test_no_person_ever_has_two_qualified_numbers(crowd, shuffler):
    lines, drawn = crowd
    with duckdb.connect() as con:
        weights(con, "l | r | weight\n" + "\n".join(f"{a} | {b} | {w}" for a, b, w in drawn))
        found, _ = persons(con, "\n".join([HEADER, *lines]), scorer=given_weights)
        mixed = [
            name
            for (name,) in con.execute(
                "SELECT person_id FROM lnk_record JOIN val_patient_identity USING (centre_id, local_patient_id) "
                "WHERE ins_status = 'QUAL' GROUP BY person_id HAVING count(DISTINCT ins_matricule) > 1"
            ).fetchall()
        ]
        assert mixed == []
        again, _ = persons(
            con, "\n".join([HEADER, *shuffler.sample(lines, len(lines))]), scorer=given_weights
        )
        assert again == found


def test_the_log_and_the_accounts_hold_no_identity(con, capfd):
    _, accounts = persons(con, f"{HEADER}\na | IPP77 | {A} | QUAL | {ANNE}\nb | 2 | - | - | {ANNE}")
    said = "".join(capfd.readouterr()) + repr(accounts)
    assert not [word for word in ("GARRIGUES", "Anne", "1950", "IPP77", A) if word in said]
    assert "splink" in sys.modules  # the weights were really asked for


def test_a_stranger_does_not_part_two_records_of_one_number(con):
    """The traits of a/0 fit a/1 alone; b/1 has the number of a/1. The number is surer than the traits."""
    found, _ = persons(con, f"""
        {HEADER}
        a | 0 | -   | -    | GARRIGUES | - | Anne | F | 1950-05-17 | "35006" | -
        a | 1 | {A} | QUAL | GARRIGUES | - | Anne | F | 1950-05-17 | "35006" | -
        b | 1 | {A} | QUAL | GARRIGUES | - | Zoé  | F | 1950-05-17 | "35006" | -
    """)  # fmt: skip
    assert found == [["a/0"], ["a/1", "b/1"]]
