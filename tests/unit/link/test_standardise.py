"""How written traits are put in comparable form."""

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.link.standardise import create_macros
from tests.tables import rows
from tests.unit.link.people import records


@pytest.fixture(scope="module")
def form() -> Iterator[Callable[..., Any]]:
    con = duckdb.connect()
    create_macros(con)

    def apply(macro: str, *arguments: str | None) -> Any:
        marks = ", ".join("?" for _ in arguments)
        return con.execute(f"SELECT {macro}({marks})", list(arguments)).fetchall()[0][0]

    yield apply
    con.close()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Lefèvre", "LEFEVRE"),
        ("  o'Brien-Smith ", "O BRIEN SMITH"),
        ("Le Cœur", "LE COEUR"),
        ("L’Hôte", "L HOTE"),
        ("Strauß", "STRAUSS"),
        ("MARTIN\t2", "MARTIN"),
        ("---", None),
        ("", None),
        (None, None),
    ],
)
def test_letters(form, written, expected):
    assert form("link_letters", written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Martin", "MARTIN"),
        ("Mme Martin", "MARTIN"),
        ("M. de La Tour", "DE LA TOUR"),
        ("DUPONT épouse MARTIN", "DUPONT"),
        ("Martin née Dupont", "DUPONT"),
        ("DURAND dit LEROUX", "DURAND"),
        ("ST-ETIENNE", "SAINT ETIENNE"),
        ("Ste Marie", "SAINTE MARIE"),
        ("STEVENSON", "STEVENSON"),
        ("inconnue", None),
        ("SANS NOM", None),
        ("XXX", None),
        ("N.R.", None),
        ("Non renseigné", None),
        ("XAVIER", "XAVIER"),
    ],
)
def test_name(form, written, expected):
    assert form("link_name", written) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("DE LA CROIX", "CROIX"),
        ("LE GOFF", "GOFF"),
        ("AIT BEN AMAR", "AMAR"),
        ("D ORMESSON", "ORMESSON"),
        ("DELACROIX", "DELACROIX"),
        ("LE", "LE"),
    ],
)
def test_bare_name(form, name, expected):
    assert form("link_bare", name) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Jean-Pierre", ["JEAN", "PIERRE"]),
        ("JEAN PIERRE", ["JEAN", "PIERRE"]),
        ("Jean,Pierre, Marie", ["JEAN", "PIERRE", "MARIE"]),
        ("Anne anne", ["ANNE"]),
        ("sans prénom", None),
        ("-", None),
    ],
)
def test_first_names(con, written, expected):
    records(con, f"patient | first\n1 | {written}")
    assert rows(con, "SELECT first_names FROM link_record") == [(expected,)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PHILIPPE", "FILIPE"),
        ("GAUTHIER", "GOTIER"),
        ("LEFEBVRE", "LEFEBVRES"),
        ("MOREAU", "MORO"),
        ("SCHMIT", "SCHMITT"),
    ],
)
def test_sounds_alike(form, one, other):
    assert form("link_sound", one) == form("link_sound", other)


@pytest.mark.parametrize(
    ("one", "other"), [("MARTIN", "MARTEL"), ("ZOE", "OE"), ("PETIT", "PETRI"), ("AMELIE", "AURELIE")]
)
def test_sounds_different(form, one, other):
    assert form("link_sound", one) != form("link_sound", other)


@pytest.mark.parametrize(
    ("matricule", "oid", "expected"),
    [
        ("255081416802538", None, "2550814168025"),  # key of the INSEE example
        ("2 55 08 14 168 025 38", None, "2550814168025"),
        ("2550814168025", None, "2550814168025"),
        ("184072A00104217", None, "184072A001042"),
        ("184072b00104244", None, "184072B001042"),
        ("255081416802539", None, None),  # wrong key: mistyped somewhere
        ("255081461802538", None, None),  # two digits swapped
        ("255081416802538", "1.2.250.1.213.1.4.10", None),  # test number
        ("255081416802538", "1.2.250.1.213.1.4.11", None),  # demonstration number
        ("0550814168025", None, None),
        ("25508141680", None, None),
        ("NON CONNU", None, None),
        (None, None, None),
    ],
)
def test_ins(form, matricule, oid, expected):
    assert form("link_ins", matricule, oid) == expected


@pytest.mark.parametrize(
    ("commune", "expected"),
    [("35006", "35"), ("2A004", "20"), ("2B033", "20"), ("20004", "20"), ("97411", "974"), ("99101", "99")],
)
def test_department(form, commune, expected):
    assert form("link_department", commune) == expected


@settings(deadline=None)
@given(st.text(max_size=40))
def test_letters_are_stable(written):
    letters = _LETTERS(written)
    assert letters is None or set(letters) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    assert _LETTERS(letters) == letters


def _letters() -> Callable[[str | None], str | None]:
    con = duckdb.connect()
    create_macros(con)
    return lambda written: con.execute("SELECT link_letters(?)", [written]).fetchall()[0][0]


_LETTERS = _letters()


def test_uncertain_parts_of_a_date_are_not_known(con):
    records(con, """
        patient | born       | precision
        1       | 1950-05-17 | day
        2       | 1950-01-01 | day
        3       | 1950-12-31 | day
        4       | 1950-05-01 | month
        5       | 1950-01-01 | year
        6       | 1950-01-01 | unknown
    """)  # fmt: skip
    found = rows(
        con,
        "SELECT record_no, CAST(birth_date AS VARCHAR), birth_year, birth_month, birth_day FROM link_record",
    )
    assert found == [
        (1, "1950-05-17", 1950, 5, 17),
        (2, None, 1950, None, None),
        (3, None, 1950, None, None),
        (4, None, 1950, 5, None),
        (5, None, 1950, None, None),
        (6, None, None, None, None),
    ]


def test_only_a_trusted_status_makes_an_identifier(con):
    records(con, """
        patient | ins             | status
        1       | 255081416802538 | QUAL
        2       | 255081416802538 | RECUP
        3       | 255081416802538 | VALI
        4       | 255081416802538 | PROV
        5       | 255081416802538 | -
    """)  # fmt: skip
    found = rows(con, "SELECT record_no, ins, is_qualified FROM link_record")
    assert found == [
        (1, "2550814168025", True),
        (2, "2550814168025", False),
        (3, None, False),
        (4, None, False),
        (5, None, False),
    ]


def test_a_number_that_too_many_carry_identifies_nobody(con):
    records(con, """
        patient | ins             | status
        1       | 255081416802538 | QUAL
        2       | 255081416802538 | QUAL
        3       | 255081416802538 | QUAL
        4       | 184072A00104217 | QUAL
    """, records_per_identifier=2)  # fmt: skip
    found = rows(con, "SELECT record_no, ins, is_qualified FROM link_record")
    assert found == [(1, None, False), (2, None, False), (3, None, False), (4, "184072A001042", True)]


def test_forms_of_a_name(con):
    records(con, """
        patient | name        | used       | first
        1       | de la Croix | Croix-Petit | Jean-Marc
        2       | -           | -          | -
    """)  # fmt: skip
    found = con.execute(
        "SELECT birth_name, used_name, name_forms, name_words, first_name, any_names "
        "FROM link_record ORDER BY record_no"
    ).fetchall()
    forms = ["CROIX", "CROIX PETIT", "DELACROIX", "CROIXPETIT"]
    assert found[0] == (
        "CROIX",
        "CROIX PETIT",
        forms,
        ["CROIX", "PETIT"],
        "JEAN",
        ["CROIX", "CROIX PETIT", "JEAN", "MARC"],
    )
    assert found[1] == (None, None, [], [], None, [])
