"""The truth follows from the clean rows by the published definitions, computed here a second time, in SQL."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from pipelines.synthetic.calibration import load_calibration
from pipelines.synthetic.generate import draw_block

FIRST_KINDS = "('resection', 'excisional_biopsy', 'unplanned_excision', 'amputation')"
ANSWERS = f"""
WITH act AS (
    SELECT k.tumour_key, s.* FROM surgery AS s JOIN local_key AS k USING (centre, local_patient_id, local_tumour_id)
    WHERE s.surgery_kind IN {FIRST_KINDS} AND coalesce(s.surgery_target, 'primary') = 'primary'
),
first_act AS (
    SELECT tumour_key, min(surgery_date) AS surgery_date FROM act GROUP BY 1
),
described AS (
    SELECT
        tumour_key, surgery_date,
        bool_or(a.surgery_intent = 'palliative') AS is_palliative,
        max(CASE a.margin WHEN 'R2' THEN 3 WHEN 'R1' THEN 2 WHEN 'R0' THEN 1 ELSE 0 END) AS margin,
        bool_or(f.name IS NOT NULL) AS is_in_reference,
        bool_and(a.surgery_facility IS NULL) AS is_place_unknown
    FROM first_act JOIN act AS a USING (tumour_key, surgery_date)
        LEFT JOIN facility AS f ON f.name = a.surgery_facility
    GROUP BY 1, 2
),
biopsied AS (
    SELECT
        d.tumour_key,
        bool_or(b.biopsy_kind IN ('core', 'incisional', 'fna') AND b.biopsy_date < d.surgery_date) AS is_before,
        bool_or(b.biopsy_kind IN ('core', 'incisional', 'fna')) AS has_needle,
        bool_or(b.biopsy_kind = 'excisional') AS has_excisional,
        bool_or(t.had_biopsy = 'no') AS is_stated_none
    FROM described AS d JOIN local_key AS k USING (tumour_key)
        JOIN tumour AS t USING (centre, local_patient_id, local_tumour_id)
        LEFT JOIN biopsy AS b USING (centre, local_patient_id, local_tumour_id)
    GROUP BY 1
),
boarded AS (
    SELECT
        d.tumour_key,
        bool_or(r.rcp_kind IN ('sarcoma_network', 'resos') AND r.rcp_date < d.surgery_date) AS is_before
    FROM described AS d JOIN local_key AS k USING (tumour_key)
        LEFT JOIN rcp AS r USING (centre, local_patient_id, local_tumour_id)
    GROUP BY 1
),
incident AS (
    SELECT k.tumour_key FROM local_key AS k JOIN tumour AS t USING (centre, local_patient_id, local_tumour_id)
        JOIN truth_tumour AS u USING (tumour_key)
    WHERE u.is_in_scope AND t.diagnosis_date >= '2010-01-01' AND t.entry_reason = 'primary'
    QUALIFY row_number() OVER (PARTITION BY u.person_key ORDER BY t.diagnosis_date, k.tumour_key) = 1
)
SELECT
    d.tumour_key,
    CASE WHEN b.is_before THEN true WHEN b.has_needle THEN false
        WHEN b.is_stated_none OR b.has_excisional THEN false END AS biopsy_before_surgery,
    coalesce(r.is_before, false) AS network_rcp_before_surgery,
    CASE WHEN d.margin > 0 THEN d.margin = 1 END AS r0_first_surgery,
    CASE WHEN d.margin > 0 THEN d.margin = 2 END AS r1_first_surgery,
    CASE WHEN d.margin > 0 THEN d.margin = 3 END AS r2_first_surgery,
    CASE WHEN NOT d.is_place_unknown THEN d.is_in_reference END AS first_surgery_in_reference
FROM described AS d JOIN biopsied AS b USING (tumour_key) JOIN boarded AS r USING (tumour_key)
    JOIN incident USING (tumour_key)
WHERE NOT coalesce(d.is_palliative, false)
"""


@pytest.fixture(scope="module")
def con():
    cal = load_calibration("netsarc")
    rng = np.random.default_rng([2, 0])
    tables, truths = draw_block(cal, 6000, 0, (0, 1), np.zeros(len(cal.centres), np.int64), rng)
    con = duckdb.connect()
    for name, table in {**{f"truth_{k}": v for k, v in truths.items()}, **tables}.items():
        con.register(name, table)
    ids = pa.table({"centre_id": [c.id for c in cal.centres], "centre": range(len(cal.centres))})
    names = [name for number in cal.clinical for name in cal.reference_names[number]]
    con.register("centre_number", ids)
    con.register("facility", pa.table({"name": names}))
    con.execute(
        "CREATE TABLE local_key AS SELECT * FROM truth_local_tumour JOIN centre_number USING (centre_id)"
    )
    con.execute(f"CREATE TABLE answers AS {ANSWERS}")
    yield con
    con.close()


@pytest.mark.parametrize(
    "indicator",
    [
        "biopsy_before_surgery", "network_rcp_before_surgery", "r0_first_surgery", "r1_first_surgery",
        "r2_first_surgery", "first_surgery_in_reference",
    ],
)  # fmt: skip
def test_the_clean_rows_say_what_the_truth_says(con, indicator):
    different = con.execute(f"""
        SELECT count(*) FROM answers FULL JOIN (SELECT * FROM truth_indicator WHERE indicator_id = '{indicator}')
            USING (tumour_key)
        WHERE {indicator} IS DISTINCT FROM is_achieved
    """).fetchone()
    eligible = con.execute(
        f"SELECT count(*) FROM truth_indicator WHERE indicator_id = '{indicator}'"
    ).fetchone()
    answered = con.execute("SELECT count(*) FROM answers").fetchone()
    assert different == (0,)
    assert eligible == answered


@pytest.mark.parametrize(
    ("child", "parent", "key"),
    [
        ("truth_record", "truth_person", "person_key"),
        ("truth_tumour", "truth_person", "person_key"),
        ("truth_local_tumour", "truth_tumour", "tumour_key"),
        ("truth_indicator", "truth_tumour", "tumour_key"),
        ("truth_local_tumour", "truth_record", "centre_id, local_patient_id"),
        ("truth_person", "truth_record", "person_key"),
        ("truth_tumour", "truth_local_tumour", "tumour_key"),
    ],
)
def test_the_truth_closes(con, child, parent, key):
    lost = con.execute(f"SELECT count(*) FROM {child} ANTI JOIN {parent} USING ({key})").fetchone()
    assert lost == (0,)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("truth_person", "person_key"),
        ("truth_record", "centre_id, local_patient_id"),
        ("truth_tumour", "tumour_key"),
        ("truth_local_tumour", "centre_id, local_patient_id, local_tumour_id"),
        ("truth_indicator", "tumour_key, indicator_id"),
    ],
)
def test_keys_of_the_truth_are_unique(con, table, key):
    twice = con.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY {key} HAVING count(*) > 1)"
    ).fetchone()
    assert twice == (0,)


def test_every_row_of_an_act_belongs_to_a_local_tumour(con):
    for entity in ("biopsy", "imaging", "rcp", "surgery", "treatment", "follow_up", "pathology_review"):
        lost = con.execute(
            f"SELECT count(*) FROM {entity} ANTI JOIN tumour USING (centre, local_patient_id, local_tumour_id)"
        ).fetchone()
        assert lost == (0,), entity


def test_the_expert_or_the_centre_says_the_true_diagnosis(con):
    wrong = con.execute("""
        WITH expert AS (
            SELECT tumour_key, expert_morphology AS morphology FROM pathology_review
                JOIN local_key USING (centre, local_patient_id, local_tumour_id)
        ),
        declared AS (
            SELECT tumour_key, morphology FROM tumour JOIN local_key USING (centre, local_patient_id, local_tumour_id)
            WHERE tumour_key NOT IN (SELECT tumour_key FROM expert)
        )
        SELECT count(*) FROM (FROM expert UNION ALL FROM declared) AS golden JOIN truth_tumour AS t USING (tumour_key)
        WHERE golden.morphology <> t.morphology
    """).fetchone()
    assert wrong == (0,)


def test_two_tumours_of_a_person_are_not_one_primary(con):
    near = con.execute("""
        SELECT count(*) FROM truth_tumour AS a JOIN truth_tumour AS b USING (person_key)
        WHERE a.tumour_key < b.tumour_key
            AND (left(a.topography, 3) = left(b.topography, 3) OR abs(a.diagnosis_date - b.diagnosis_date) < 365)
    """).fetchone()
    assert near == (0,)


def test_records_of_one_tumour_agree_on_site_and_date(con):
    different = con.execute("""
        SELECT count(*) FROM (
            SELECT tumour_key FROM tumour JOIN local_key USING (centre, local_patient_id, local_tumour_id)
            GROUP BY 1 HAVING count(DISTINCT topography) > 1 OR count(DISTINCT diagnosis_date) > 1
        )
    """).fetchone()
    assert different == (0,)
