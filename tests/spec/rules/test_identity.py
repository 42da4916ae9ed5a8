"""Who the patient is: the INS number and the strict traits, one table per rule."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rule_cases import disagreements
from tests.spec.clean_record import findings, frame, gate

CASES = {
    "IDENTITY-001": """
        given: ins_status = -, sex = U, birth_date = -
        found        | ins_matricule         | why
        -            | 160017512345670       | 15 digits
        -            | 1600175123456         | 13 digits, without key
        -            | 1 60 01 75 123 456 70 | with spaces
        -            | 160012A12345630       | Corsica, South
        -            | 160012b12345657       | Corsica, North, in lower case
        -            | 260019912345651       | born abroad
        -            | 760017512345661       | a man awaiting his number
        -            | 860017512345611       | a woman awaiting hers
        -            | 360017512345667       | a temporary number of a man
        -            | 460017512345617       | a temporary number of a woman
        IDENTITY-001 | 560017512345617       | no such first digit
        IDENTITY-001 | 060017512345617       | no such first digit
        IDENTITY-001 | 16001751234567        | 14 characters
        IDENTITY-001 | 1600175123456700      | 16 characters
        IDENTITY-001 | 160017512345          | 12: a zero was lost
        IDENTITY-001 | 160012C12345630       | no such department
        IDENTITY-001 | A60017512345670       | a letter in front
        IDENTITY-001 | 1,60017E+14           | a spreadsheet made it a number
        IDENTITY-001 | 160017512345670.0     | a table read it as a number
        IDENTITY-001 | DUPONT                | the name is in the column of the number
        -            | -                     | no number
    """,
    "IDENTITY-002": """
        given: ins_status = -, sex = U, birth_date = -
        found        | ins_matricule   | why
        -            | 255081416802538 | the example of the literature
        -            | 184127645108946 | another one
        -            | 160017512345670 | the right key
        IDENTITY-002 | 160017512345671 | the key plus one
        IDENTITY-002 | 160017512345607 | the key read backwards
        IDENTITY-002 | 160017512354670 | two digits exchanged
        IDENTITY-002 | 160017512345770 | one digit wrong
        IDENTITY-002 | 160017512345600 | no key is 0
        -            | 160017510005101 | the smallest key
        -            | 160017510005297 | the largest key
        -            | 160012A12345630 | 2A counts as 19
        IDENTITY-002 | 160012B12345630 | 2B is not 2A
        -            | 160012B12345657 | 2B counts as 18
        -            | 1600175123456   | no key, nothing to check
        IDENTITY-001 | 16001751234567  | without its form it has no key
        -            | -               | no number
    """,
    "IDENTITY-003": """
        given: birth_date = 1960-01
        found        | sex | ins_matricule   | why
        -            | M   | 160017512345670 | a man's number
        IDENTITY-003 | F   | 160017512345670 | the husband's number
        -            | F   | 260017512345620 | a woman's number
        IDENTITY-003 | M   | 260017512345620 | the wife's number
        -            | M   | 360017512345667 | temporary
        IDENTITY-003 | F   | 360017512345667 |
        -            | F   | 460017512345617 | temporary
        IDENTITY-003 | M   | 460017512345617 |
        -            | M   | 760017512345661 | awaiting
        IDENTITY-003 | F   | 760017512345661 |
        -            | F   | 860017512345611 | awaiting
        IDENTITY-003 | M   | 860017512345611 |
        -            | U   | 160017512345670 | sex unknown
        IDENTITY-012 | -   | 160017512345670 | sex missing: said as such
        IDENTITY-006 | F   | -               | number missing: said as such
        IDENTITY-001 | F   | 1234            | an unreadable number accuses nobody
    """,
    "IDENTITY-004": """
        found        | birth_date | ins_matricule   | why
        -            | 1960-01-15 | 160017512345670 | year and month agree
        IDENTITY-004 | 1960-02-15 | 160017512345670 | another month
        IDENTITY-004 | 1961-01-15 | 160017512345670 | another year
        IDENTITY-004 | 1960-05-01 | 160017512345670 | day and month exchanged
        -            | 1960-01-31 | 160017512345670 | the number does not tell the day
        -            | 1960-01    | 160017512345670 | known to the month
        IDENTITY-004 | 1960-02    | 160017512345670 | another month, known to the month
        -            | 1960       | 160017512345670 | known to the year
        IDENTITY-004 | 1961       | 160017512345670 | another year, known to the year
        -            | 1960-09-15 | 160207512345683 | month 20: not known
        -            | 1960-09-15 | 160307512345649 | month 30: not known
        -            | 1960-09-15 | 160997512345686 | month 99: not known
        IDENTITY-004 | 1961-09-15 | 160207512345683 | the year still speaks
        -            | 1960-09-15 | 160137512345668 | month 13 is no month: it accuses nobody
        -            | 1915-06-15 | 115069712345615 | a hundred years old, or a child: two digits
        -            | 2015-06-15 | 115069712345615 | the same number, the other century
        IDENTITY-017 | -          | 160017512345670 | no birth date
        IDENTITY-006 | 1961-01-15 | -               | number missing: said as such
    """,
    "IDENTITY-005": """
        found        | ins_status | ins_matricule   | why
        IDENTITY-005 | PROV       | 160017512345670 | a provisional identity
        IDENTITY-005 | RECUP      | 160017512345670 | retrieved, not yet validated
        IDENTITY-005 | VALI       | 160017512345670 | validated, not retrieved
        -            | QUAL       | 160017512345670 | qualified
        -            | -          | 160017512345670 | status missing
        -            | PROV       | -               | without number, as it must be
    """,
    "IDENTITY-006": """
        found        | ins_status | ins_matricule   | why
        IDENTITY-006 | QUAL       | -               | qualified without number
        -            | QUAL       | 160017512345670 |
        -            | VALI       | -               |
        -            | PROV       | -               |
        -            | -          | -               | neither
        IDENTITY-001 | QUAL       | 1600            | a number that cannot be read is not missing
    """,
    "IDENTITY-007": """
        given: ins_matricule = -, ins_status = -
        found        | birth_name | birth_date | why
        IDENTITY-007 | -          | -          | nobody
        -            | DUPONT     | -          | a name
        -            | -          | 1960-01-15 | a date
        -            | -          | 1960       | a year
    """,
    "IDENTITY-008": """
        found        | birth_name       | first_names | why
        IDENTITY-008 | DUPONT2          | JEAN        | a digit in the name
        IDENTITY-008 | DUPONT           | JEAN 2      | a digit in the first names
        IDENTITY-008 | -                | JEAN 2      | a digit in the only one known
        IDENTITY-008 | DUP0NT           | JEAN        | zero for O
        IDENTITY-008 | DUPONT 160017512345670 | JEAN  | the number is in the name
        -            | D'ARC-LÉVY       | JEAN-LOUIS  | apostrophe, hyphen, accent
        -            | N'GUYEN          | THỊ HOÀ     | letters of elsewhere
        IDENTITY-015 | DUPONT           | -           | first names missing
        IDENTITY-015 | -                | -           | both missing, born on a known day
    """,
    "IDENTITY-009": """
        found        | birth_name | why
        IDENTITY-009 | TEST       |
        IDENTITY-009 | Test       | whatever the case
        IDENTITY-009 | ESSAI      |
        IDENTITY-009 | ANONYME    |
        IDENTITY-009 | INCONNU    |
        IDENTITY-009 | inconnue   |
        IDENTITY-009 | XX         | two letters X
        IDENTITY-009 | XXXXX      | and more
        IDENTITY-009 | ZZZ        |
        IDENTITY-009 | NN         | nomen nescio
        IDENTITY-018 | X          | the name of a person under X
        -            | TESTUD     | a name that begins so
        -            | DELTEST    | a name that ends so
        -            | NNAMDI     |
        -            | XXAVIER    |
        -            | -          | name missing
    """,
    "IDENTITY-010": """
        found        | birth_place_cog | why
        -            | 75112           | a district of Paris
        -            | 01053           | with its zero
        IDENTITY-010 | 1053            | a spreadsheet took the zero
        -            | 2A004           | Ajaccio
        -            | 2b033           | Bastia, in lower case
        IDENTITY-010 | 2C004           | no such department
        -            | 97411           | Réunion
        -            | 99139           | born abroad
        IDENTITY-010 | 750012          | six characters
        IDENTITY-010 | Paris           | a name
        IDENTITY-010 | FR              | a country
        IDENTITY-016 | -               | missing
    """,
    "IDENTITY-011": """
        found        | residence_commune | why
        -            | 69383             | a district of Lyon
        -            | 01053             | with its zero
        IDENTITY-011 | 1053              | a spreadsheet took the zero
        -            | 2A004             | Ajaccio
        IDENTITY-011 | 2C004             | no such department
        -            | 97411             | Réunion
        IDENTITY-011 | Lyon              | a name
        IDENTITY-011 | 69 003            | a postal code with a space
        IDENTITY-011 | F-69003           | a postal code with its country
        -            | -                 | missing
    """,
    "IDENTITY-012": """
        found        | sex | why
        IDENTITY-012 | -   | not said
        -            | U   | said unknown
        -            | M   |
        CONTRACT-003 | H   | a word out of the list is held, not missing
    """,
    "IDENTITY-013": """
        given: ins_matricule = -, ins_status = -
        found        | birth_date | why
        IDENTITY-013 | 1960-01-01 | 1 January
        IDENTITY-013 | 1960-12-31 | 31 December
        -            | 1960-01-02 | the day after
        -            | 1960-12-30 | the day before
        -            | 1960-01-31 | a 31st of another month
        -            | 1960-12-01 | a 1st of another month
        -            | 1960-01    | January, known to the month
        -            | 1960       | known to the year
        -            | -          | missing
    """,
    "IDENTITY-014": """
        found        | local_patient_id | why
        -            | 0012345          | digits
        -            | CLB-12_a.4       | point, hyphen, underscore
        IDENTITY-014 | 12 345           | a space
        IDENTITY-014 | 12/345           | a stroke
        IDENTITY-014 | Patient#3        | another sign
        IDENTITY-014 | Zoë              | a name
        CONTRACT-001 | -                | missing: the row is set aside
    """,
    "IDENTITY-015": """
        given: ins_matricule = -
        found        | first_names | ins_status | why
        IDENTITY-015 | -           | VALI       | a strict trait
        -            | JEAN        | VALI       |
        -            | -           | PROV       | provisional
        -            | -           | -          | status missing
    """,
    "IDENTITY-016": """
        given: ins_matricule = -
        found        | birth_place_cog | ins_status | why
        IDENTITY-016 | -               | VALI       | a strict trait
        -            | 75112           | VALI       |
        -            | -               | RECUP      | not validated
        -            | -               | -          | status missing
    """,
    "IDENTITY-017": """
        given: ins_matricule = -
        found        | birth_date | ins_status | why
        IDENTITY-017 | -          | VALI       | a strict trait
        -            | 1960       | VALI       | the year is enough
        -            | -          | PROV       | provisional
        -            | -          | -          | status missing
    """,
    "IDENTITY-018": """
        found        | birth_name | ins_status | why
        IDENTITY-018 | D          | QUAL       | an initial
        IDENTITY-018 | É.         | QUAL       | with a point
        -            | LY         | QUAL       | a short name
        -            | D          | -          | not validated
        -            | -          | QUAL       | name missing
    """,
    "IDENTITY-019": """
        found        | used_name | why
        IDENTITY-019 | MARTIN 2  |
        IDENTITY-019 | MART1N    |
        -            | MARTIN    |
        -            | -         | no used name
    """,
    "IDENTITY-020": """
        found        | birth_name         | why
        IDENTITY-020 | MARTIN née DUPONT  | two names
        IDENTITY-020 | DUPONT ÉPOUSE DURAND |
        IDENTITY-020 | DUPONT VVE         |
        -            | NEE                | a name of Normandy
        -            | LEVEUVE            | a name
        -            | DE LA NÉERIE       |
        -            | -                  | name missing
    """,
    "IDENTITY-021": """
        given: ins_matricule = -, ins_status = -
        found        | birth_place_cog | why
        IDENTITY-021 | 69000           | no commune is numbered 000
        IDENTITY-021 | 75012           | a district of Paris has another code
        IDENTITY-021 | 75020           | the last one
        -            | 75112           | as it should be
        -            | 75056           | Paris
        -            | 69001           | Affoux
        -            | 13005           | Aubagne
        -            | -               | place missing
    """,
    "IDENTITY-022": """
        found        | residence_commune | why
        IDENTITY-022 | 33000             | Bordeaux is 33063
        IDENTITY-022 | 75001             |
        -            | 33063             |
        -            | 2A004             | Ajaccio
        -            | -                 | residence missing
    """,
    "IDENTITY-023": """
        given: birth_date = 1960-01
        found        | ins_matricule | birth_place_cog | why
        IDENTITY-023 | 1600169123456 | 13055           | Rhône and Bouches-du-Rhône
        -            | 1600169123456 | 69383           | the same
        -            | 1600175123456 | 92050           | Nanterre was in the Seine
        -            | 1600192123456 | 16015           | Oran was a department
        -            | 1600199123456 | 13055           | not certain
        -            | 1600169123456 | 99352           | not certain
        -            | 1600120123456 | 13055           | Corsica
        -            | 7600169123456 | 13055           | a number that is awaited
        IDENTITY-016 | 1600169123456 | -               | place missing: said as such
        IDENTITY-006 | -             | 13055           | number missing: said as such
    """,
    "IDENTITY-024": """
        found        | ins_oid            | ins_matricule   | ins_status | why
        IDENTITY-024 | -                  | 160017512345670 | QUAL       | a number of what
        -            | 1.2.250.1.213.1.4.8 | 160017512345670 | QUAL      |
        -            | -                  | -               | -          | no number either
    """,
    "IDENTITY-025": """
        found        | ins_oid              | why
        -            | 1.2.250.1.213.1.4.8  | a NIR
        -            | 1.2.250.1.213.1.4.9  | a NIA
        IDENTITY-025 | 1.2.250.1.213.1.4.10 | of a test
        IDENTITY-025 | NIR                  | words
        IDENTITY-024 | -                    | missing: said as such
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []


body = st.integers(1_000_000_000_000, 1_999_999_999_999).map(str)
department = st.sampled_from(["", "2A", "2B"])


def number(digits: str, place: str) -> str:
    """A number of a man, born in Corsica if so said, with the key that the definition gives."""
    written = f"{digits[:5]}{place}{digits[7:]}" if place else digits
    key = 97 - int(written.replace("2A", "19").replace("2B", "18")) % 97
    return f"{written}{key:02d}"


UNSAID = {"ins_status": None, "sex": "U", "birth_date": None}


@given(st.lists(st.tuples(body, department), min_size=25, max_size=25, unique=True))
@settings(max_examples=3, deadline=None)
def test_a_number_with_its_key_passes_and_no_other_key_does(people):
    good = [number(*one) for one in people]
    bad = [f"{n[:13]}{(int(n[13:]) + step) % 100:02d}" for step, n in enumerate(good, start=1)]
    examples = {f"good{i}": UNSAID | {"ins_matricule": n} for i, n in enumerate(good)}
    examples |= {f"bad{i}": UNSAID | {"ins_matricule": n} for i, n in enumerate(bad)}
    with duckdb.connect() as con:
        found = findings(con, "patient_identity", examples)
    assert {name for name, rules in found.items() if rules} == {f"bad{i}" for i in range(len(bad))}
    assert set().union(*found.values()) == {"IDENTITY-002"}


def test_what_is_wrong_with_a_number_holds_it_before_two_people_are_linked_by_it(con):
    written = {"shape": "1,60017E+14", "key": "160017512345671", "right": "160017512345670"}
    rows = [{"local_patient_id": name, "ins_matricule": number} for name, number in written.items()]
    kept = gate(con, "patient_identity", frame("patient_identity", *rows)).kept
    assert kept.column("ins_matricule").to_pylist() == [None, None, "160017512345670"]
    assert kept.column("birth_name").to_pylist() == ["DUPONT"] * 3
