import pytest

from tests.unit.harmonise.world import empty, insert, link, run

PEOPLE = """
    centre_id | local_patient_id | person
    aa        | p1               | 1
    bb        | p1               | 1
    aa        | p2               | 2
"""


@pytest.fixture
def world(con):
    empty(con)
    link(con, PEOPLE)
    return con


def patient(con, columns):
    return con.execute(f"SELECT {columns} FROM har_patient WHERE patient_id = 'patient 1'").fetchone()


@pytest.mark.parametrize(
    ("precision", "year", "month"),
    [("day", 1950, 2), ("month", 1950, 2), ("year", 1950, None), ("unknown", None, None), (None, None, None)],
)
def test_only_year_and_month_of_birth_leave_and_each_only_when_known(world, precision, year, month):
    world.execute(
        "UPDATE lnk_person SET birth_date = DATE '1950-02-17', birth_date_precision = ? WHERE person_id = 'person 1'",
        [precision],
    )
    run(world)
    assert patient(world, "birth_year, birth_month") == (year, month)


def test_a_person_without_any_row_elsewhere_is_still_a_patient(world):
    account = run(world)["har_patient"]
    assert (account.rows_in, account.rows_out) == (2, 2)
    assert patient(world, "record_count, predisposition, has_previous_cancer") == (2, None, None)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("none", "nf1", "nf1"),
        ("nf1", "none", "nf1"),
        ("other", "none", "other"),
        ("li_fraumeni", "other", "li_fraumeni"),
        ("none", "-", "none"),
        ("-", "-", None),
    ],
)
def test_a_named_predisposition_wins(world, first, second, kept):
    insert(
        world,
        "val_patient_history",
        f"centre_id|local_patient_id|predisposition\naa|p1|{first}\nbb|p1|{second}",
    )
    run(world)
    assert patient(world, "predisposition") == (kept,)


@pytest.mark.parametrize(
    ("first", "second", "kept"), [("true", "false", True), ("false", "false", False), ("-", "-", None)]
)
def test_a_previous_cancer_known_to_one_centre_is_known(world, first, second, kept):
    insert(
        world,
        "val_patient_history",
        f"centre_id|local_patient_id|has_previous_cancer\naa|p1|{first}\nbb|p1|{second}",
    )
    run(world)
    assert patient(world, "has_previous_cancer") == (kept,)


def test_a_row_coded_neurofibromatosis_is_a_predisposition(world):
    insert(
        world,
        "val_tumour",
        'centre_id|local_patient_id|local_tumour_id|morphology_code|topography_code\naa|p1|t1|"9540/1"|42',
    )
    run(world)
    assert patient(world, "predisposition") == ("nf1",)
    assert world.execute("SELECT morphology, is_in_scope FROM har_tumour").fetchall() == [(None, False)]
    assert world.execute("SELECT review_reason FROM har_diagnosis_reading").fetchall() == [
        ("predisposition_nf1; site_code_unreadable",)
    ]
