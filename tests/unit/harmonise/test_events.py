import pytest

from tests.unit.harmonise.world import empty, insert, link, run
from validations.contracts.derive import SQL_TYPES
from validations.contracts.entities import EVENT_ENTITIES
from validations.contracts.model import Layer
from validations.contracts.tables import TABLES

PEOPLE = """
    centre_id | local_patient_id | person
    aa        | p1               | 1
    bb        | p1               | 1
    cc        | p1               | 1
    dd        | p1               | 1
    aa        | p2               | 2
"""
TUMOURS = """
    row_id | centre_id | local_patient_id | local_tumour_id | diagnosis_date | morphology_code | topography_code
    t1     | aa        | p1               | t1              | 2015-01-10     | "8858/3"        | C48.0
    t2     | bb        | p1               | t1              | 2015-01-10     | "8858/3"        | C48.0
    t3     | cc        | p1               | t1              | 2015-01-10     | "8858/3"        | C48.0
    t4     | dd        | p1               | t1              | 2015-01-10     | "8858/3"        | C48.0
    t5     | aa        | p2               | t1              | 2012-01-10     | "8890/3"        | C49.2
    t6     | aa        | p2               | t2              | 2018-01-10     | "8890/3"        | C54.2
"""


@pytest.fixture
def world(con):
    empty(con)
    link(con, PEOPLE)
    insert(con, "val_tumour", TUMOURS)
    return con


def column(con, table, name):
    return dict(con.execute(f"SELECT row_id, {name} FROM {table} ORDER BY row_id").fetchall())


def test_every_table_has_the_columns_and_types_of_the_contract(world):
    run(world)
    for table in TABLES.values():
        if table.layer is Layer.HARMONISED or table.name == "lnk_tumour":
            described = world.execute(f"DESCRIBE {table.name}").fetchall()
            types = {"DOUBLE PRECISION": "DOUBLE"}
            expected = [(f.name, types.get(SQL_TYPES[f.kind], SQL_TYPES[f.kind])) for f in table.fields]
            assert [row[:2] for row in described] == expected


def test_every_table_has_an_account(world):
    harmonised = {t.name for t in TABLES.values() if t.layer is Layer.HARMONISED}
    assert set(run(world)) == harmonised | {"lnk_tumour"}


@pytest.mark.parametrize("entity", EVENT_ENTITIES)
def test_an_event_goes_to_its_tumour_or_the_only_one_or_is_set_aside(world, entity):
    insert(
        world,
        f"val_{entity}",
        """
        row_id  | centre_id | local_patient_id | local_tumour_id
        exact   | aa        | p1               | t1
        only    | aa        | p1               | t9
        second  | aa        | p2               | t2
        several | aa        | p2               | t9
        unknown | aa        | p9               | t1
        """,
    )
    account = run(world)[f"har_{entity}"]
    found = column(world, f"har_{entity}", "tumour_id")
    named = dict(
        world.execute("SELECT local_patient_id || local_tumour_id, tumour_id FROM lnk_tumour").fetchall()
    )
    assert found == {"exact": named["p1t1"], "only": named["p1t1"], "second": named["p2t2"]}
    assert (account.rows_in, account.rows_out, account.rows_set_aside) == (5, 3, 2)


def test_two_declarations_of_one_act_stay_two_rows(world):
    insert(
        world,
        "val_surgery",
        """
        row_id | centre_id | local_patient_id | local_tumour_id | surgery_date
        s1     | aa        | p1               | t1              | 2015-02-01
        s2     | bb        | p1               | t1              | 2015-02-01
        """,
    )
    run(world)
    assert len(set(column(world, "har_surgery", "tumour_id").values())) == 1
    assert set(column(world, "har_surgery", "centre_id").items()) == {("s1", "aa"), ("s2", "bb")}


DATES = """
    row_id | centre_id | local_patient_id | local_tumour_id | biopsy_date | biopsy_date_precision
    day    | aa        | p1               | t1              | 2016-02-10  | day
    month  | aa        | p1               | t1              | 2016-02-01  | month
    year   | aa        | p1               | t1              | 2016-01-01  | year
    none   | aa        | p1               | t1              | -           | unknown
"""


def test_a_date_keeps_its_two_ends(world):
    insert(world, "val_biopsy", DATES)
    run(world)
    ends = world.execute(
        "SELECT row_id, biopsy_date::TEXT, biopsy_date_latest::TEXT FROM har_biopsy"
    ).fetchall()
    assert set(ends) == {
        ("day", "2016-02-10", "2016-02-10"),
        ("month", "2016-02-01", "2016-02-29"),
        ("year", "2016-01-01", "2016-12-31"),
        ("none", None, None),
    }


#: `bb` is a reference until the end of 2014, `aa` since 2010, `cc` (bone) and `dd` (outside) never.
SURGERIES = """
    row_id     | centre_id | local_patient_id | local_tumour_id | surgery_facility | surgery_date | precision
    aa_2015    | aa        | p1               | t1              | Centre AA        | 2015-02-01   | day
    aa_2009    | aa        | p1               | t1              | CENTRE aa        | 2009-12-31   | day
    bb_last    | aa        | p1               | t1              | Centre BB        | 2014-12-31   | day
    bb_after   | aa        | p1               | t1              | Centre BB        | 2015-01-01   | day
    bb_month   | aa        | p1               | t1              | Centre BB        | 2014-12-01   | month
    bb_year    | aa        | p1               | t1              | Centre BB        | 2014-01-01   | year
    aa_year    | aa        | p1               | t1              | Centre AA        | 2010-01-01   | year
    aa_no_date | aa        | p1               | t1              | Centre AA        | -            | unknown
    cc_2015    | aa        | p1               | t1              | Centre CC        | 2015-02-01   | day
    dd_no_date | aa        | p1               | t1              | Centre DD        | -            | unknown
    no_place   | aa        | p1               | t1              | -                | 2015-02-01   | day
    misspelt   | aa        | p1               | t1              | Centre A A       | 2015-02-01   | day
"""


def test_the_role_of_a_place_is_read_on_the_day_of_the_act(world):
    insert(world, "val_surgery", SURGERIES.replace("precision", "surgery_date_precision"))
    run(world)
    assert column(world, "har_surgery", "is_in_reference") == {
        "aa_2015": True,
        "aa_2009": False,
        "bb_last": True,
        "bb_after": False,
        "bb_month": True,
        "bb_year": True,
        "aa_year": True,
        "aa_no_date": None,
        "cc_2015": False,
        "dd_no_date": False,
        "no_place": None,
        "misspelt": None,
    }
    places = column(world, "har_surgery", "facility_id")
    assert (places["aa_2009"], places["bb_month"], places["no_place"], places["misspelt"]) == (
        "aa",
        "bb",
        None,
        None,
    )


def test_an_imprecise_date_across_the_end_of_a_role_is_unknown(world):
    insert(
        world,
        "val_surgery",
        """
        row_id | centre_id | local_patient_id | local_tumour_id | surgery_facility | surgery_date | precision
        across | aa        | p1               | t1              | Centre EE        | 2013-01-01   | year
        before | aa        | p1               | t1              | Centre EE        | 2012-01-01   | year
        after  | aa        | p1               | t1              | Centre EE        | 2014-01-01   | year
        """.replace("precision", "surgery_date_precision"),
    )
    run(world)
    assert column(world, "har_surgery", "is_in_reference") == {"across": None, "before": True, "after": False}


MEETINGS = """
    row_id     | centre_id | local_patient_id | local_tumour_id | rcp_kind          | rcp_date
    labelled   | aa        | p1               | t1              | sarcoma_network   | 2015-02-01
    resos      | cc        | p1               | t1              | resos             | 2013-02-01
    too_early  | cc        | p1               | t1              | resos             | 2011-12-31
    left       | bb        | p1               | t1              | sarcoma_network   | 2015-01-01
    outside    | dd        | p1               | t1              | sarcoma_network   | 2015-02-01
    local      | aa        | p1               | t1              | local             | 2015-02-01
    advice     | aa        | p1               | t1              | diagnostic_advice | -
    no_date    | aa        | p1               | t1              | sarcoma_network   | -
    no_kind    | aa        | p1               | t1              | -                 | 2015-02-01
"""


def test_a_meeting_is_labelled_by_its_kind_and_the_role_of_its_centre_on_that_day(world):
    insert(world, "val_rcp", MEETINGS)
    run(world)
    assert column(world, "har_rcp", "is_labelled") == {
        "labelled": True,
        "resos": True,
        "too_early": False,
        "left": False,
        "outside": False,
        "local": False,
        "advice": False,
        "no_date": None,
        "no_kind": None,
    }


def test_both_morphologies_of_a_review_are_coded_in_the_version_of_the_centre(world):
    world.execute("UPDATE val_tumour SET morphology_version = 'icdo31' WHERE centre_id = 'bb'")
    insert(
        world,
        "val_pathology_review",
        """
        row_id | centre_id | local_patient_id | local_tumour_id | initial_morphology_code | expert_label
        known  | bb        | p1               | t1              | "8832 3"                | GIST
        label  | aa        | p1               | t1              | -                       | LPSDD
        blank  | aa        | p1               | t1              | -                       | -
        other  | bb        | p1               | t8              | "8832/3"                | -
        """,
    )
    run(world)
    assert column(world, "har_pathology_review", "initial_morphology") == {
        "known": "8832/1",
        "label": None,
        "blank": None,
        "other": "8832/1",
    }
    assert column(world, "har_pathology_review", "expert_morphology") == {
        "known": "8936/3",
        "label": "8858/3",
        "blank": None,
        "other": None,
    }


def test_no_free_text_and_no_local_id_leaves_with_an_event(world):
    names = {c for e in EVENT_ENTITIES for c in TABLES[f"har_{e}"].columns}
    assert names.isdisjoint({"local_patient_id", "local_tumour_id", "surgery_facility", "expert_label"})
