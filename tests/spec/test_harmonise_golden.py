"""What is retained of a tumour that several centres and the second reading describe."""

import pytest

from pipelines.io.configuration import load_network
from tests.unit.harmonise.world import empty, insert, link, run

PEOPLE = """
    centre_id | local_patient_id | person
    aa        | p1               | 1
    bb        | p1               | 1
    cc        | p1               | 1
"""


@pytest.fixture
def world(con):
    empty(con)
    link(con, PEOPLE)
    return con


def declare(con, text):
    header, *lines = (line.strip() for line in text.strip().splitlines())
    insert(
        con,
        "val_tumour",
        f"{header} | local_patient_id | local_tumour_id" + "".join(f"\n{x} | p1 | t1" for x in lines),
    )


def review(con, text):
    """Reviews by centres that sent the tumour too, without coding it themselves."""
    header, *lines = (line.strip() for line in text.strip().splitlines())
    body = "".join(f"\n{x} | p1 | t1" for x in lines)
    reviewers = sorted({line.split("|")[0].strip() for line in lines})
    declare(con, "row_id|centre_id|topography_code" + "".join(f"\nby {c}|{c}|C80.9" for c in reviewers))
    insert(con, "val_pathology_review", f"{header} | local_patient_id | local_tumour_id{body}")


def retained(con, columns):
    found = con.execute(f"SELECT {columns} FROM har_tumour").fetchall()
    assert len(found) == 1
    return found[0] if len(found[0]) > 1 else found[0][0]


RESPONSIBLE = {
    "the centre of the primary, not of the relapse": (
        """
        centre_id | entry_reason | diagnosis_date | topography_code
        aa        | relapse      | 2015-01-10     | C48.0
        bb        | primary      | 2015-01-10     | C48.0
        """,
        ("bb", "primary"),
    ),
    "the earliest diagnosis of two primaries": (
        """
        centre_id | entry_reason | diagnosis_date | topography_code
        aa        | primary      | 2015-02-10     | C48.0
        bb        | primary      | 2015-01-10     | C48.0
        """,
        ("bb", "primary"),
    ),
    "a dated primary before an undated one": (
        """
        centre_id | entry_reason | diagnosis_date | topography_code
        aa        | primary      | -              | C48.0
        bb        | primary      | 2015-01-10     | C48.0
        """,
        ("bb", "primary"),
    ),
    "the smallest centre id when dates are equal": (
        """
        centre_id | entry_reason | diagnosis_date | topography_code
        bb        | primary      | 2015-01-10     | C48.0
        aa        | primary      | 2015-01-10     | C48.0
        """,
        ("aa", "primary"),
    ),
    "the smallest centre id when none managed the primary": (
        """
        centre_id | entry_reason | diagnosis_date | topography_code
        cc        | relapse      | 2014-01-10     | C48.0
        bb        | opinion      | 2015-01-10     | C48.0
        """,
        ("bb", "opinion"),
    ),
}


@pytest.mark.parametrize("case", RESPONSIBLE)
def test_responsible_centre(world, case):
    text, expected = RESPONSIBLE[case]
    declare(world, text)
    run(world)
    assert retained(world, "centre_id, entry_reason") == expected


MORPHOLOGY = {
    "the certain expert reading wins": (
        """
        centre_id | entry_reason | morphology_code | topography_code
        aa        | primary      | "8890/3"        | C48.0
        """,
        """
        centre_id | expert_date | expert_morphology_code
        cc        | 2015-03-01  | "8858/3"
        """,
        "8858/3",
    ),
    "the latest of two expert readings wins": (
        """
        centre_id | entry_reason | morphology_code | topography_code
        aa        | primary      | "8890/3"        | C48.0
        """,
        """
        centre_id | expert_date | expert_morphology_code
        cc        | 2015-03-01  | "8802/3"
        bb        | 2015-04-01  | "8858/3"
        aa        | -           | "8801/3"
        """,
        "8858/3",
    ),
    "a doubtful expert reading leaves the declared one": (
        """
        centre_id | entry_reason | morphology_code | topography_code
        aa        | primary      | "8890/3"        | C48.0
        """,
        """
        centre_id | expert_date | expert_label
        cc        | 2015-03-01  | probable liposarcome dédifférencié
        """,
        "8890/3",
    ),
    "the first reading alone does not replace what the responsible centre says": (
        """
        centre_id | entry_reason | morphology_code | topography_code
        bb        | primary      | "8890/3"        | C48.0
        """,
        """
        centre_id | sampling_date | initial_morphology_code
        aa        | 2015-03-01    | "8801/3"
        """,
        "8890/3",
    ),
    "the responsible centre before a smaller centre id": (
        """
        centre_id | entry_reason | morphology_code | topography_code
        aa        | relapse      | "8801/3"        | C48.0
        bb        | primary      | "8858/3"        | C48.0
        """,
        None,
        "8858/3",
    ),
    "another centre when the responsible one is uncertain": (
        """
        centre_id | entry_reason | morphology_code | topography_code
        aa        | primary      | "mars-58"       | C48.0
        bb        | relapse      | "8858/3"        | C48.0
        """,
        None,
        "8858/3",
    ),
    "an uncertain one rather than none": (
        """
        centre_id | entry_reason | diagnosis_label            | topography_code
        aa        | primary      | probable léiomyosarcome    | C48.0
        """,
        None,
        "8890/3",
    ),
    "none when nothing can be coded": (
        """
        centre_id | entry_reason | diagnosis_label | topography_code
        aa        | primary      | masse du bassin | C48.0
        """,
        None,
        None,
    ),
}


@pytest.mark.parametrize("case", MORPHOLOGY)
def test_golden_morphology(world, case):
    declared, reviewed, expected = MORPHOLOGY[case]
    declare(world, declared)
    if reviewed:
        review(world, reviewed)
    run(world)
    assert retained(world, "morphology") == expected


@pytest.mark.parametrize(
    ("morphology", "in_scope"),
    [
        ('"8858/3"', True),
        ('"8850/1"', True),
        ('"8936/1"', True),
        ('"8833/3"', True),
        ('"8841/1"', False),
        ('"8850/0"', False),
        ('"8000/3"', False),
        ('"8070/3"', False),
        ("-", False),
    ],
)
def test_scope(world, morphology, in_scope):
    declare(world, f"centre_id|entry_reason|morphology_code|topography_code\naa|primary|{morphology}|C48.0")
    run(world)
    assert retained(world, "is_in_scope") is in_scope


def test_scope_is_what_the_network_says(world):
    network = load_network("netsarc")
    sarcomas_only = network.model_copy(
        update={"scope": network.scope.model_copy(update={"malignancy_classes": ("sarcoma",)})}
    )
    declare(world, 'centre_id|entry_reason|morphology_code|topography_code\naa|primary|"8850/1"|C48.0')
    run(world, network=sarcomas_only)
    assert retained(world, "is_in_scope") is False


def test_a_second_reading_that_finds_no_sarcoma_takes_the_tumour_out_of_scope_and_keeps_it(world):
    declare(world, 'centre_id|entry_reason|morphology_code|topography_code\naa|primary|"8802/3"|C49.2')
    review(world, 'centre_id|expert_date|expert_morphology_code\ncc|2015-03-01|"8033/3"')
    run(world)
    assert retained(world, "morphology, is_in_scope") == ("8033/3", False)
    readings = world.execute("SELECT reading, morphology FROM har_diagnosis_reading ORDER BY ALL").fetchall()
    assert readings == [("declared", "8802/3"), ("declared", None), ("expert", "8033/3")]


def test_each_field_comes_from_the_first_declaration_that_knows_it(world):
    declare(
        world,
        """
        centre_id | entry_reason | topography_code | size_mm | grade | grade_system | had_biopsy | laterality | depth
        aa        | relapse      | C48.0           | 50.0    | 1     | icdo         | true       | left       | deep
        bb        | primary      | C48             | -       | 2     | -            | false      | -          | -
        """,
    )
    run(world)
    found = retained(
        world, "centre_id, topography, size_mm, grade, grade_system, had_biopsy, laterality, depth"
    )
    assert found == ("bb", "C48.0", 50.0, 2, None, False, "left", "deep")
    assert retained(world, "record_count") == 2


DATES = {
    "the responsible centre's date with its own ends": (
        """
        centre_id | entry_reason | diagnosis_date | diagnosis_date_precision | topography_code
        aa        | primary      | 2015-02-01     | month                    | C48.0
        bb        | relapse      | 2015-02-10     | day                      | C48.0
        """,
        ("2015-02-01", "2015-02-28", "month"),
    ),
    "another centre's when it has none": (
        """
        centre_id | entry_reason | diagnosis_date | diagnosis_date_precision | topography_code
        aa        | primary      | -              | unknown                  | C48.0
        bb        | relapse      | 2015-01-01     | year                     | C48.0
        """,
        ("2015-01-01", "2015-12-31", "year"),
    ),
    "unknown when nobody knows": (
        """
        centre_id | entry_reason | diagnosis_date | topography_code
        aa        | primary      | -              | C48.0
        """,
        (None, None, "unknown"),
    ),
}


@pytest.mark.parametrize("case", DATES)
def test_diagnosis_date(world, case):
    text, expected = DATES[case]
    declare(world, text)
    run(world)
    columns = "diagnosis_date::TEXT, diagnosis_date_latest::TEXT, diagnosis_date_precision"
    assert retained(world, columns) == expected


def test_a_reading_keeps_what_was_written(world):
    declare(
        world,
        """
        row_id | centre_id | diagnosis_date | morphology_code | morphology_version | diagnosis_label | topography_code
        r1     | aa        | 2015-01-10     | "8936 1"    | icdo31             | GIST            | C16
        """,
    )
    run(world)
    columns = (
        "reading_id, reading, reading_date::TEXT, morphology_stated, morphology_version, label_stated, "
        "topography_stated, morphology, topography, coding_method, is_certain, review_reason"
    )
    assert world.execute(f"SELECT {columns} FROM har_diagnosis_reading").fetchall() == [
        ("r1:declared", "declared", "2015-01-10", "8936 1", "icdo31", "GIST", "C16", "8936/3", "C16",
         "migrated", True, None)
    ]  # fmt: skip
