"""Acts that several centres declare are one act; what they say of it is joined by rule."""

import datetime as dt

import duckdb
import pytest

from tests.star import star
from tests.tables import rows

TUMOURS = "tumour_id | patient_id\nt1 | p1\nt2 | p2"


def surgeries(con: duckdb.DuckDBPyConnection, text: str, columns: str) -> list[tuple[object, ...]]:
    star(con, {"har_tumour": TUMOURS, "har_surgery": text})
    return rows(con, f"SELECT {columns} FROM fct_surgery")


def test_two_centres_that_declare_one_operation_make_one_row(con):
    declared = """
        row_id | centre_id | tumour_id | surgery_kind | surgery_date | surgery_intent | facility_id | is_in_reference
        b:0:1  | curie     | t1        | resection    | 2019-03-12   | curative       | f_in        | true
        a:0:1  | clb       | t1        | resection    | 2019-03-12   | -              | -           | -
    """
    columns = "row_id, centre_id, surgery_intent, facility_id, is_in_reference, declaration_count"
    assert surgeries(con, declared, columns) == [("a:0:1", "clb", "curative", "f_in", True, 2)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("t1 | resection | primary | 2019-03-12", "t2 | resection  | primary    | 2019-03-12"),
        ("t1 | resection | primary | 2019-03-12", "t1 | amputation | primary    | 2019-03-12"),
        ("t1 | resection | primary | 2019-03-12", "t1 | resection  | metastasis | 2019-03-12"),
        ("t1 | resection | primary | 2019-03-12", "t1 | resection  | primary    | 2019-03-13"),
        ("t1 | resection | primary | 2019-03",    "t1 | resection  | primary    | 2019-03"),
        ("t1 | resection | primary | 2019-03-01", "t1 | resection  | primary    | 2019-03"),
        ("t1 | -         | primary | 2019-03-12", "t1 | -          | primary    | 2019-03-12"),
        ("t1 | resection | primary | -",          "t1 | resection  | primary    | -"),
    ],
)  # fmt: skip
def test_on_any_doubt_two_operations_stay_two(con, one: str, other: str):
    declared = f"tumour_id | surgery_kind | surgery_target | surgery_date\n{one}\n{other}"
    assert surgeries(con, declared, "declaration_count") == [(1,), (1,)]


def test_a_missing_target_is_the_primary(con):
    declared = """
        row_id | tumour_id | surgery_kind | surgery_target | surgery_date
        a      | t1        | resection    | -              | 2019-03-12
        b      | t1        | resection    | primary        | 2019-03-12
    """
    assert surgeries(con, declared, "row_id, surgery_target, declaration_count") == [("a", "primary", 2)]


@pytest.mark.parametrize(
    ("margins", "kept"),
    [
        (["RX", "R0"], "R0"), (["R0", "RX"], "R0"), (["-", "R1"], "R1"), (["-", "RX"], "RX"), (["-", "-"], None),
        (["R0", "R1"], "R1"), (["R2", "R0"], "R2"), (["R1", "R2", "R0"], "R2"), (["RX", "-", "R2"], "R2"),
    ],
)  # fmt: skip
def test_a_known_margin_wins_and_the_worse_of_two(con, margins: list[str], kept: str | None):
    lines = [f"t1 | resection | 2019-03-12 | {margin}" for margin in margins]
    declared = "\n".join(["tumour_id | surgery_kind | surgery_date | margin", *lines])
    assert surgeries(con, declared, "margin, declaration_count") == [(kept, len(margins))]


def test_the_reference_role_comes_from_the_row_of_the_facility(con):
    declared = """
        row_id | tumour_id | surgery_kind | surgery_date | facility_id | is_in_reference
        a      | t1        | resection    | 2019-03-12   | f_out       | -
        b      | t1        | resection    | 2019-03-12   | f_in        | true
    """
    assert surgeries(con, declared, "facility_id, is_in_reference") == [("f_out", None)]


def test_a_meeting_is_labelled_if_one_of_its_declarations_is(con):
    rcp = """
        row_id | centre_id | tumour_id | rcp_kind        | rcp_date   | is_labelled
        a      | curie     | t1        | sarcoma_network | 2019-03-12 | false
        b      | clb       | t1        | sarcoma_network | 2019-03-12 | true
        c      | clb       | t1        | local           | 2019-03-12 | false
    """
    star(con, {"har_tumour": TUMOURS, "har_rcp": rcp})
    found = rows(con, "SELECT row_id, is_labelled, declaration_count FROM fct_rcp")
    assert found == [("a", True, 2), ("c", False, 1)]


def test_two_different_second_readings_of_one_day_stay_two(con):
    review = """
        row_id | tumour_id | expert_date | expert_morphology | concordance | sampling_date
        a      | t1        | 2019-03-12  | 8890/3            | -           | -
        b      | t1        | 2019-03-12  | 8890/3            | partial     | 2019-03
        c      | t1        | 2019-03-12  | 8850/3            | full        | -
    """
    star(con, {"har_tumour": TUMOURS, "har_pathology_review": review})
    found = rows(
        con,
        "SELECT row_id, concordance, sampling_date_latest, sampling_date_precision FROM fct_pathology_review",
    )
    assert found == [("a", "partial", dt.date(2019, 3, 31), "month"), ("c", "full", None, "unknown")]


def test_a_date_that_is_not_the_acts_own_keeps_its_three_parts_together(con):
    follow_up = """
        row_id | tumour_id | follow_up_event | event_date | death_date
        a      | t1        | last_news       | 2019-03-12 | -
        b      | t1        | last_news       | 2019-03-12 | 2019
        c      | t1        | last_news       | 2019-03-12 | 2019-03-10
    """
    star(con, {"har_tumour": TUMOURS, "har_follow_up": follow_up})
    found = rows(con, "SELECT death_date, death_date_latest, death_date_precision FROM fct_follow_up")
    assert found == [(dt.date(2019, 1, 1), dt.date(2019, 12, 31), "year")]


#: entity → the columns and the day that make an act, and a second value for each column
ACTS = {
    "biopsy": ("biopsy_kind", "biopsy_date", "core | 2019-03-12", ["fna | 2019-03-12", "core | 2019-03-13"]),
    "imaging": (
        "modality | imaging_target", "imaging_date", "mri | chest | 2019-03-12",
        ["ct | chest | 2019-03-12", "mri | primary | 2019-03-12", "mri | chest | 2019-03-13"],
    ),
    "rcp": ("rcp_kind", "rcp_date", "resos | 2019-03-12", ["local | 2019-03-12", "resos | 2019-03-13"]),
    "pathology_review": (
        "expert_morphology", "expert_date", "8890/3 | 2019-03-12", ["8850/3 | 2019-03-12", "8890/3 | 2019-03-13"]
    ),
    "treatment": (
        "treatment_kind | treatment_setting", "treatment_start_date", "systemic | adjuvant | 2019-03-12",
        ["other | adjuvant | 2019-03-12", "systemic | palliative | 2019-03-12", "systemic | adjuvant | 2019-03-13"],
    ),
    "follow_up": (
        "follow_up_event", "event_date", "last_news | 2019-03-12", ["metastasis | 2019-03-12", "last_news | 2019-03-13"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("entity", ACTS)
def test_every_kind_of_act_is_joined_by_its_columns_and_its_day(con, entity: str):
    kinds, day, act, others = ACTS[entity]
    declared = "\n".join([f"{kinds} | {day}", act, act, *others])
    star(con, {"har_tumour": TUMOURS, f"har_{entity}": declared})
    found = rows(con, f"SELECT declaration_count FROM fct_{entity}")
    assert found == [(1,)] * len(others) + [(2,)]


@pytest.mark.parametrize("entity", ACTS)
def test_an_act_without_kind_or_without_its_day_is_never_joined(con, entity: str):
    kinds, day, act, _ = ACTS[entity]
    first, *rest = act.split(" | ")
    vague = [" | ".join([first, *rest[:-1], "2019-03"]), " | ".join([first, *rest[:-1], "-"])]
    nameless = [] if entity == "pathology_review" else [" | ".join(["-", *rest])]
    declared = [*vague, *nameless] * 2
    star(con, {"har_tumour": TUMOURS, f"har_{entity}": "\n".join([f"{kinds} | {day}", *declared])})
    assert rows(con, f"SELECT declaration_count FROM fct_{entity}") == [(1,)] * len(declared)


def test_the_accounts_say_what_was_merged_and_close(con):
    biopsy = """
        tumour_id | biopsy_kind | biopsy_date
        t1        | core        | 2019-03-12
        t1        | core        | 2019-03-12
        t1        | fna         | 2019-03-12
    """
    accounts = star(con, {"har_tumour": TUMOURS, "har_biopsy": biopsy})
    assert [a.residual for a in accounts] == [0] * len(accounts)
    counted = {a.table: (a.rows_in, a.rows_out, a.rows_merged) for a in accounts if a.rows_in}
    assert counted == {"fct_tumour": (2, 2, 0), "fct_biopsy": (3, 2, 1)}


def test_the_order_of_the_rows_does_not_matter():
    header = "row_id | tumour_id | surgery_kind | surgery_date | margin | surgery_intent"
    lines = [
        "a | t1 | resection | 2019-03-12 | RX | -",
        "b | t1 | resection | 2019-03-12 | R1 | curative",
        "c | t1 | resection | 2019-03-12 | R0 | palliative",
    ]
    found = []
    for order in (lines, lines[::-1]):
        with duckdb.connect() as con:
            found.append(surgeries(con, "\n".join([header, *order]), "*"))
    assert found[0] == found[1]
    assert len(found[0]) == 1
