"""Which local tumours of one person are one primary. Each table is one person; `tumour` is the expected grouping."""

import duckdb
import pytest

from pipelines.keys import pseudonyms
from tests.unit.harmonise.world import KEY, empty, insert, link, run

CASES = {
    "the same tumour sent by two centres": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 8858/3          | C49.2           | A
        bb        | t1              | 2018-06-01     | 8858/3          | C49.2           | A
    """,
    "one sarcoma and its unspecified form, years apart": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 8858/3          | C48.0           | A
        bb        | t1              | 2018-06-01     | 8000/3          | C48.1           | A
    """,
    "another site group is another tumour": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 8890/3          | C49.2           | A
        aa        | t2              | 2015-01-10     | 8890/3          | C54.2           | B
    """,
    "all of C49 is one site": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 8890/3          | C49.2           | A
        bb        | t1              | 2019-01-10     | 8890/3          | C49.6           | A
    """,
    "bones of limbs and other bones are one site": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 9180/3          | C40.2           | A
        bb        | t1              | 2019-01-10     | 9181/3          | C41.4           | A
    """,
    "another histology group years later is another tumour": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2012-01-10     | 8890/3          | C16.9           | A
        bb        | t1              | 2018-01-10     | 8936/3          | C16.9           | B
    """,
    "the histology changed at a second reading within 60 days": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 8890/3          | C16.9           | A
        bb        | t1              | 2015-03-11     | 8936/3          | C16.9           | A
    """,
    "61 days are too many": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 8890/3          | C16.9           | A
        bb        | t1              | 2015-03-12     | 8936/3          | C16.9           | B
    """,
    "without a date, another histology is another tumour": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | -              | 8890/3          | C16.9           | A
        bb        | t1              | 2015-01-10     | 8936/3          | C16.9           | B
    """,
    "a month is as long as its days": """
        centre_id | local_tumour_id | diagnosis_date | diagnosis_date_precision | morphology_code | icd10_code | tumour
        aa        | t1              | 2015-01-01     | month                    | 8890/3          | C16.9      | A
        bb        | t1              | 2015-04-01     | day                      | 8936/3          | C16.9      | A
    """,
    "an uncoded histology joins the tumour of its site": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 8858/3          | C48.0           | A
        bb        | t1              | 2019-01-10     | -               | C48.0           | A
    """,
    "an unknown site joins the tumour of its histology": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 8858/3          | C48.0           | A
        bb        | t1              | 2019-01-10     | 8858/3          | C80.9           | A
        cc        | t1              | 2019-01-10     | 8858/3          | 42              | A
    """,
    "an unspecified tumour never joins two primaries: it goes to the nearest in time": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2012-01-10     | 8890/3          | C16.9           | A
        aa        | t2              | 2018-01-10     | 8936/3          | C16.9           | B
        bb        | t1              | 2017-12-01     | 8000/3          | C16.9           | B
    """,
    "an unknown site never joins two primaries": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2012-01-10     | 8890/3          | C49.2           | A
        aa        | t2              | 2018-01-10     | 8890/3          | C54.2           | B
        bb        | t1              | 2012-02-01     | 8890/3          | -               | A
    """,
    "nothing known joins the only tumour": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 8858/3          | C48.0           | A
        bb        | t1              | -              | -               | -               | A
    """,
    "without a specific one, unspecified tumours of two sites stay two": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 8000/3          | C49.2           | A
        aa        | t2              | 2018-01-10     | 8000/3          | C54.2           | B
        bb        | t1              | 2018-02-10     | 8000/3          | C80.9           | B
    """,
    "a tumour sent in two rows is one": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-10     | 8890/3          | C49.2           | A
        aa        | t1              | 2015-01-10     | 8936/3          | C16.9           | A
    """,
    "a chain of second readings is one lesion": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2015-01-01     | 8803/3          | C49.2           | A
        bb        | t1              | 2015-02-20     | 9364/3          | C49.2           | A
        cc        | t1              | 2019-01-01     | 9367/3          | C49.2           | A
    """,
    "a code of an earlier version is compared after its migration": """
        centre_id | local_tumour_id | diagnosis_date | morphology_code | topography_code | tumour
        aa        | t1              | 2012-01-10     | 9260/3          | C40.2           | A
        bb        | t1              | 2018-01-10     | 9364/3          | C40.2           | A
    """,
}


def cells(text):
    """The rows of one case, as text; the expected tumour apart."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def quoted(column, cell):
    return f'"{cell}"' if column in ("morphology_code", "topography_code") and cell != "-" else cell


def person(con, number, text):
    """One person whose local patient has the same id in every centre."""
    rows = cells(text)
    centres = sorted({row["centre_id"] for row in rows})
    patient = f"p{number}"
    link(con, "centre_id|local_patient_id|person\n" + "\n".join(f"{c}|{patient}|{number}" for c in centres))
    columns = [column for column in rows[0] if column != "tumour"]
    lines = [
        [f"{patient}:{line}", patient, *(quoted(c, row[c]) for c in columns)] for line, row in enumerate(rows)
    ]
    header = ["row_id", "local_patient_id", *columns]
    insert(con, "val_tumour", "\n".join("|".join(line) for line in [header, *lines]))


@pytest.fixture(scope="module")
def registry():
    """Every case as one person of one registry."""
    with duckdb.connect() as con:
        empty(con)
        for number, text in enumerate(CASES.values()):
            person(con, number, text)
        run(con)
        yield con


@pytest.mark.parametrize("case", CASES)
def test_grouping(registry, case):
    expected = {(row["centre_id"], row["local_tumour_id"]): row["tumour"] for row in cells(CASES[case])}
    found = registry.execute(
        "SELECT centre_id, local_tumour_id, tumour_id FROM lnk_tumour WHERE local_patient_id = ? ORDER BY ALL",
        [f"p{list(CASES).index(case)}"],
    ).fetchall()
    names: dict[str, str] = {}
    for centre_id, local_tumour_id, tumour_id in found:
        names.setdefault(tumour_id, expected[centre_id, local_tumour_id])
    assert {(c, t): names[tumour] for c, t, tumour in found} == expected
    assert len(set(names.values())) == len(names)


def test_two_people_never_share_a_tumour(registry):
    shared = "SELECT tumour_id FROM lnk_tumour GROUP BY tumour_id HAVING count(DISTINCT patient_id) > 1"
    assert registry.execute(shared).fetchall() == []


def test_the_order_of_the_rows_changes_nothing(registry, con):
    empty(con)
    for number, text in reversed(list(enumerate(CASES.values()))):
        header, *lines = text.strip().splitlines()
        person(con, number, "\n".join([header, *reversed(lines)]))
    run(con)
    every = "SELECT centre_id, local_patient_id, local_tumour_id, tumour_id FROM lnk_tumour ORDER BY ALL"
    assert con.execute(every).fetchall() == registry.execute(every).fetchall()


def test_the_tumour_is_named_after_its_person_and_its_smallest_record(registry):
    founding = "\x1f".join(["person 0", "aa", "p0", "t1"])
    named = registry.execute(
        "SELECT DISTINCT tumour_id FROM lnk_tumour WHERE local_patient_id = 'p0'"
    ).fetchall()
    assert named == [(pseudonyms([founding], key=KEY, domain="tumour")[0],)]


def test_a_tumour_of_an_unlinked_patient_is_set_aside(con):
    empty(con)
    person(con, 1, CASES["the same tumour sent by two centres"])
    insert(con, "val_tumour", "row_id|centre_id|local_patient_id|local_tumour_id\nx|aa|p9|t1")
    accounts = run(con)
    assert (accounts["lnk_tumour"].rows_in, accounts["lnk_tumour"].rows_set_aside) == (3, 1)
    assert (accounts["har_tumour"].rows_out, accounts["har_tumour"].rows_merged) == (1, 1)
    assert accounts["har_diagnosis_reading"].rows_set_aside == 1
