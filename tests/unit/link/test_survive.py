"""Which written value stands for the record, then for the person."""

import pytest

from pipelines.link.collapse import collapse
from pipelines.link.standardise import create_macros
from tests.tables import rows
from tests.unit.link.people import people


def elected(con, identities, column):
    """What the rows of one local patient are collapsed to, for one column."""
    people(con, identities)
    create_macros(con)
    collapse(con)
    found = rows(con, f"SELECT CAST({column} AS VARCHAR) FROM link_identity")
    assert len(found) == 1
    return found[0][0]


@pytest.mark.parametrize(
    ("why", "column", "identities", "expected"),
    [
        ("a known value beats a missing one", "birth_name", """
            patient | name
            1       | -
            1       | Martin
            1       | -
         """, "Martin"),
        ("the best status wins over the most frequent", "birth_name", """
            patient | name    | status
            1       | MARTINE | PROV
            1       | MARTINE | PROV
            1       | MARTIN  | QUAL
         """, "MARTIN"),
        ("retrieved and validated are worth the same", "birth_name", """
            patient | name    | status
            1       | MARTINE | RECUP
            1       | MARTIN  | VALI
            1       | MARTIN  | VALI
         """, "MARTIN"),
        ("then the most frequent wins", "first_names", """
            patient | first
            1       | Anna
            1       | Anne
            1       | Anne
         """, "Anne"),
        ("spellings of one name vote together, the first is kept", "first_names", """
            patient | first
            1       | Anna
            1       | Zoé
            1       | ZOE
         """, "Zoé"),
        ("then the first source wins", "birth_place_cog", """
            patient | place
            1       | "35006"
            1       | "34001"
         """, "35006"),
        ("status says nothing about a residence", "residence_commune", """
            patient | home    | status
            1       | "35006" | QUAL
            1       | "34001" | PROV
            1       | "34001" | PROV
         """, "34001"),
        ("unknown sex gives way", "sex", """
            patient | sex | status
            1       | U   | QUAL
            1       | F   | PROV
         """, "F"),
        ("unknown sex is kept when nobody knows", "sex", """
            patient | sex
            1       | U
            1       | -
         """, "U"),
        ("a day beats a month", "birth_date", """
            patient | born       | precision | status
            1       | 1950-05-01 | month     | QUAL
            1       | 1950-05-17 | day       | PROV
         """, "1950-05-17"),
        ("a certain day beats a default day", "birth_date", """
            patient | born       | status
            1       | 1950-01-01 | QUAL
            1       | 1950-05-17 | PROV
         """, "1950-05-17"),
        ("a date keeps its own precision", "birth_date_precision", """
            patient | born       | precision
            1       | 1950-01-01 | year
            1       | 1950-05-01 | month
         """, "month"),
        ("a date of unknown precision is no date", "birth_date", """
            patient | born       | precision
            1       | 1950-01-01 | unknown
            1       | -          | unknown
         """, None),
        ("one centre knows of the death", "vital_status", """
            patient | vital
            1       | alive
            1       | alive
            1       | dead
            1       | lost
         """, "dead"),
        ("a number keeps its own status", "ins_status", """
            patient | ins             | status
            1       | -               | QUAL
            1       | 255081416802538 | RECUP
            1       | 184072A00104217 | PROV
         """, "RECUP"),
    ],
)  # fmt: skip
def test_elected_value(con, why, column, identities, expected):
    assert elected(con, identities, column) == expected, why


def test_order_of_the_rows_changes_nothing(con):
    written = ["a | 1 | Martin | QUAL", "a | 1 | Durand | PROV", "a | 2 | Petit | -", "a | 1 | Durand | PROV"]
    found = set()
    for lines in (written, written[::-1]):
        people(con, "\n".join(["centre | patient | name | status", *lines]))
        create_macros(con)
        collapse(con)
        found.add(
            tuple(rows(con, "SELECT record_no, local_patient_id, birth_name, ins_status FROM link_identity"))
        )
    assert found == {((1, "1", "Martin", None), (2, "2", "Petit", None))}
