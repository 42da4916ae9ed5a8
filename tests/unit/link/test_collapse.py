"""One record per local patient, whoever speaks of it."""

from pipelines.link.collapse import collapse
from pipelines.link.standardise import create_macros
from tests.tables import rows
from tests.unit.link.people import people


def collapsed(con, identities, tumours="centre | patient"):
    people(con, identities, tumours)
    create_macros(con)
    collapse(con)


def test_records_follow_centre_and_patient(con):
    collapsed(con, """
        centre | patient | name
        b      | 1       | Petit
        a      | 10      | Durand
        a      | 2       | Leroux
        a      | 2       | Leroux
    """)  # fmt: skip
    found = rows(con, "SELECT record_no, centre_id, local_patient_id, birth_name FROM link_identity")
    assert found == [(1, "a", "10", "Durand"), (2, "a", "2", "Leroux"), (3, "b", "1", "Petit")]


def test_a_patient_known_by_a_tumour_alone_is_a_record(con):
    collapsed(con, "centre | patient | name\na | 1 | Martin", "centre | patient\na | 1\na | 9\nb | 1\nb | 1")
    found = rows(con, "SELECT centre_id, local_patient_id, birth_name FROM link_identity")
    assert found == [("a", "1", "Martin"), ("a", "9", None), ("b", "1", None)]


def test_two_trusted_numbers_in_one_record_are_seen(con):
    collapsed(con, """
        patient | ins             | status
        1       | 255081416802538 | QUAL
        1       | 184072A00104217 | QUAL
        2       | 255081416802538 | QUAL
        2       | 2550814168025   | QUAL
        3       | 255081416802538 | QUAL
        3       | 184072A00104217 | PROV
    """)  # fmt: skip
    assert rows(con, "SELECT record_no, has_two_ins FROM link_identity") == [
        (1, True),
        (2, False),
        (3, False),
    ]


def test_rows_that_state_nothing_make_one_record(con):
    collapsed(con, "patient | name\n1 | -\n1 | -")
    assert rows(con, "SELECT record_no, birth_name FROM link_identity") == [(1, None)]
