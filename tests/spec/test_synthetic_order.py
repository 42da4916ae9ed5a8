"""What comes before what, and which words go together, in the rows that the centres hold: every line of these tables is
checked on every row of several networks, one of them drawn in two blocks.
"""

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from pipelines.synthetic.calibration import EXPORT_DATE, load_calibration
from pipelines.synthetic.generate import draw_block
from tests.tables import parse

NETWORKS = ((31, 1200, 1), (32, 1200, 1), (33, 700, 2))  # seed, patients of each block, blocks
KEYS = "network, centre, local_patient_id, local_tumour_id"


def drawn(cal, seed, patients, blocks):
    """Tables of all blocks of a network, as `generate` draws them."""
    counters, first_key = np.zeros(len(cal.centres), np.int64), 0
    for block in range(blocks):
        rng = np.random.default_rng([seed, block])
        tables, truths = draw_block(cal, patients, first_key, (block, blocks), counters, rng)
        first_key += truths["person"].num_rows
        yield {**tables, **{f"truth_{name}": table for name, table in truths.items()}}


@pytest.fixture(scope="module")
def con():
    cal, parts = load_calibration("netsarc"), {}
    for number, network in enumerate(NETWORKS):
        for tables in drawn(cal, *network):
            for name, table in tables.items():
                column = pa.array([number] * table.num_rows, pa.int64())
                parts.setdefault(name, []).append(table.append_column("network", column))
    con = duckdb.connect()
    for name, tables in parts.items():
        con.register("drawn", pa.concat_tables(tables))
        con.execute(f"CREATE TABLE {name} AS FROM drawn")
    con.register("centre_id", pa.table({"centre_id": [c.id for c in cal.centres], "centre": range(28)}))
    con.execute("CREATE TABLE local_key AS FROM truth_local_tumour JOIN centre_id USING (centre_id)")
    con.execute(f"""
        CREATE TABLE known AS
        SELECT {KEYS}, tumour_key, t.* EXCLUDE ({KEYS}), p.birth_date, r.record_kind, u.status, u.is_operated
        FROM tumour AS t JOIN local_key AS k USING ({KEYS})
            JOIN truth_tumour AS u USING (network, tumour_key) JOIN truth_person AS p USING (network, person_key)
            JOIN truth_record AS r ON r.network = k.network AND r.centre_id = k.centre_id
                AND r.local_patient_id = k.local_patient_id
    """)
    con.execute(f"""
        CREATE TABLE first_act AS
        SELECT network, tumour_key, min(surgery_date) AS first_date
        FROM surgery JOIN local_key USING ({KEYS})
        WHERE surgery_kind IN ('resection', 'excisional_biopsy', 'unplanned_excision', 'amputation')
            AND surgery_target = 'primary'
        GROUP BY 1, 2
    """)
    con.execute(f"CREATE TABLE death AS SELECT {KEYS}, max(death_date) AS died FROM follow_up GROUP BY ALL")
    yield con
    con.close()


def one(con, sql):
    return con.execute(sql).fetchone()[0]


ORDER = """
    entity           | earlier                      | sign | later                        | least
    tumour           | birth_date                   | <    | diagnosis_date               | 4000
    biopsy           | diagnosis_date               | <=   | biopsy_date                  | 3000
    biopsy           | biopsy_date                  | <=   | '2021-06-30'                 | 3000
    imaging          | birth_date                   | <=   | imaging_date                 | 3000
    imaging          | diagnosis_date - 40          | <=   | imaging_date                 | 3000
    imaging          | imaging_date                 | <=   | diagnosis_date + 20          | 3000
    rcp              | diagnosis_date - 35          | <=   | rcp_date                     | 3000
    surgery          | diagnosis_date               | <=   | surgery_date                 | 3000
    surgery          | surgery_date                 | <=   | '2021-06-30'                 | 3000
    treatment        | diagnosis_date               | <    | treatment_start_date         | 1000
    treatment        | treatment_start_date         | <=   | treatment_end_date           | 1000
    treatment        | treatment_end_date           | <=   | '2021-06-30'                 | 1000
    pathology_review | diagnosis_date               | <=   | sampling_date                | 1000
    pathology_review | sampling_date                | <    | received_date                | 1000
    pathology_review | received_date                | <    | expert_date                  | 1000
    pathology_review | expert_date                  | <=   | '2021-06-30'                 | 1000
    follow_up        | diagnosis_date               | <=   | event_date                   | 3000
    follow_up        | event_date                   | <=   | '2021-06-30'                 | 3000
    follow_up        | event_date                   | <=   | coalesce(died, '2021-06-30') | 3000
    follow_up        | diagnosis_date               | <    | coalesce(died, '2021-06-30') | 3000
    biopsy           | biopsy_date                  | <=   | coalesce(died, '2021-06-30') | 3000
    imaging          | imaging_date                 | <=   | coalesce(died, '2021-06-30') | 3000
    rcp              | rcp_date                     | <=   | coalesce(died, '2021-06-30') | 3000
    surgery          | surgery_date                 | <=   | coalesce(died, '2021-06-30') | 3000
    treatment        | treatment_end_date           | <=   | coalesce(died, '2021-06-30') | 1000
"""


def dated(expression):
    """A comparison on days: every date of these tables is a full ISO date."""
    for name in ("diagnosis_date", "died"):
        expression = expression.replace(name, f"{name}::DATE")
    return f"({expression})::DATE"


@pytest.mark.parametrize("line", parse(ORDER), ids=lambda line: f"{line['entity']}: {line['earlier']}")
def test_the_order_of_dates(con, line):
    entity = line["entity"]
    source = "known" if entity == "tumour" else f"{entity} JOIN known USING ({KEYS})"
    earlier, later = dated(line["earlier"]), dated(line["later"])
    rows, wrong = con.execute(f"""
        SELECT count(*), count(*) FILTER (WHERE NOT coalesce({earlier} {line["sign"]} {later}, false))
        FROM {source} LEFT JOIN death USING ({KEYS})
    """).fetchone()
    assert (wrong, rows >= line["least"]) == (0, True)


AROUND = """
    what                                   | entity  | condition                                             | date              | sign
    a re-excision follows                  | surgery | surgery_kind = 're_excision'                          | surgery_date - 25 | >=
    a re-excision is within months         | surgery | surgery_kind = 're_excision'                          | surgery_date - 110| <=
    an exploration comes before            | surgery | surgery_kind = 'exploratory'                          | surgery_date      | <
    a metastasis is operated later         | surgery | surgery_target = 'metastasis'                         | surgery_date - 120| >=
    a relapse is operated later            | surgery | surgery_target = 'relapse'                            | surgery_date - 120| >=
    a complication follows                 | surgery | surgery_kind = 'complication'                         | surgery_date      | >
    a local board comes before             | rcp     | rcp_kind = 'local' AND rcp_reason = 'diagnosis'       | rcp_date          | <
    a board of follow-up comes after       | rcp     | rcp_reason = 'follow_up'                              | rcp_date          | >
    an excisional biopsy is the operation  | biopsy  | biopsy_kind = 'excisional'                            | biopsy_date       | =
    an adjuvant treatment comes after      | treatment | treatment_setting = 'adjuvant'                      | treatment_start_date | >=
    a local relapse comes after            | follow_up | follow_up_event = 'local_relapse'                   | event_date - 60   | >=
"""  # noqa: E501 - one line per rule


@pytest.mark.parametrize("line", parse(AROUND), ids=lambda line: line["what"])
def test_what_stands_around_the_first_operation(con, line):
    name = line["date"].split()[0]
    rows, wrong = con.execute(f"""
        SELECT count(*), count(*) FILTER (
            WHERE NOT coalesce({line["date"].replace(name, f"{name}::DATE")} {line["sign"]} first_date::DATE, false)
        )
        FROM {line["entity"]} JOIN local_key USING ({KEYS}) JOIN first_act USING (network, tumour_key)
        WHERE {line["condition"]} AND {name} < '{EXPORT_DATE}'
    """).fetchone()
    assert wrong == 0
    assert rows > 5


TOGETHER = """
    what                                             | table                             | if                                        | then
    palliative surgery is of a metastatic tumour     | surgery JOIN known USING ({keys}) | surgery_intent = 'palliative'             | extent_at_diagnosis = 'metastatic'
    an exploration has no margin                     | surgery                           | surgery_kind = 'exploratory'              | margin IS NULL
    a complication has no margin                     | surgery                           | surgery_kind = 'complication'             | margin IS NULL
    every other operation has one                    | surgery                           | surgery_kind NOT IN ('exploratory', 'complication') | margin IS NOT NULL
    an amputation is of a limb                       | surgery JOIN known USING ({keys}) | surgery_kind = 'amputation'               | topography[1:3] = 'C40' OR topography IN ('C49.1', 'C49.2')
    a metastasectomy is of a metastasis              | surgery                           | surgery_kind = 'metastasectomy'           | surgery_target = 'metastasis'
    an operation is told of an operated tumour       | surgery JOIN known USING ({keys}) | true                                      | is_operated
    a fine needle is guided or not                   | biopsy                            | biopsy_kind = 'fna'                       | is_image_guided IN ('yes', 'no')
    a cut is never guided                            | biopsy                            | biopsy_kind IN ('incisional', 'excisional') | is_image_guided = 'no'
    chest imaging is a CT                            | imaging                           | imaging_target = 'chest'                  | modality = 'ct'
    a ResOs board is about bone                      | rcp JOIN known USING ({keys})     | rcp_kind = 'resos'                        | topography[1:3] IN ('C40', 'C41')
    a ResOs board is not older than ResOs            | rcp                               | rcp_kind = 'resos'                        | rcp_date >= '2012-01-01'
    a labelled board is not older than the network   | rcp                               | rcp_kind = 'sarcoma_network'              | rcp_date >= '2010-01-01'
    radiotherapy has a dose and fractions            | treatment                         | treatment_kind = 'radiotherapy'           | dose_gy IS NOT NULL AND fractions IS NOT NULL AND drugs IS NULL
    a drug has cycles                                | treatment                         | treatment_kind = 'systemic'               | drugs IS NOT NULL AND cycles IS NOT NULL AND dose_gy IS NULL
    GIST has imatinib                                | treatment JOIN local_key USING ({keys}) JOIN truth_tumour USING (network, tumour_key) | treatment_kind = 'systemic' AND morphology = '8936/3' | drugs = 'imatinib'
    radiotherapy is for localised disease            | treatment JOIN known USING ({keys}) | treatment_kind = 'radiotherapy'         | extent_at_diagnosis <> 'metastatic'
    treatment of metastatic disease is palliative    | treatment JOIN known USING ({keys}) | extent_at_diagnosis = 'metastatic'      | treatment_setting = 'palliative'
    a death is told with its cause                   | follow_up                         | death_date IS NOT NULL                    | disease_status IN ('DOD', 'DOC', 'DUC')
    a cause is told with a death                     | follow_up                         | disease_status IN ('DOD', 'DOC', 'DUC')   | death_date IS NOT NULL
    a death is the last news                         | follow_up                         | death_date IS NOT NULL                    | follow_up_event = 'last_news' AND event_date = death_date
    a relapse has no status                          | follow_up                         | follow_up_event <> 'last_news'            | disease_status IS NULL
    a metastasis comes to a tumour that had none     | follow_up JOIN known USING ({keys}) | follow_up_event = 'metastasis'          | extent_at_diagnosis <> 'metastatic'
    a grade has a system                             | tumour                            | grade IS NOT NULL                         | grade_system = 'fnclcc'
    no system without a grade                        | tumour                            | grade IS NULL                             | grade_system IS NULL
    a grade is one of three                          | tumour                            | grade IS NOT NULL                         | grade IN ('1', '2', '3')
    bone is not graded                               | tumour                            | topography[1:3] IN ('C40', 'C41')         | grade IS NULL
    depth is for walls and limbs                     | tumour                            | topography[1:3] IN ('C48', 'C16', 'C40')  | depth = 'not_applicable'
    a limb has a depth                               | tumour                            | topography IN ('C49.1', 'C49.2')          | depth IN ('superficial', 'deep')
    a limb has a side                                | tumour                            | topography IN ('C49.1', 'C49.2')          | laterality IN ('left', 'right')
    the retroperitoneum has none                     | tumour                            | topography = 'C48.0'                      | laterality = 'not_applicable'
    the pathology registry gives an opinion          | known                             | record_kind = 'review_registry'           | entry_reason = 'opinion'
    the bone registry gives an opinion on bone       | known                             | record_kind = 'bone_registry'             | entry_reason = 'opinion' AND topography[1:3] IN ('C40', 'C41')
    whoever is seen at relapse was not seen before   | known                             | status = 'relapse_only'                   | entry_reason <> 'primary'
    a prevalent tumour is older than the network     | known                             | status = 'prevalent'                      | diagnosis_date < '2010-01-01'
    the others are not                               | known                             | status <> 'prevalent'                     | diagnosis_date >= '2010-01-01'
"""  # noqa: E501 - one line per rule


@pytest.mark.parametrize("line", parse(TOGETHER), ids=lambda line: line["what"])
def test_what_goes_together(con, line):
    table = line["table"].format(keys=KEYS)
    condition, then = "true" if line["if"] is True else line["if"], line["then"]
    rows, wrong = con.execute(f"""
        SELECT count(*) FILTER (WHERE {condition}), count(*) FILTER (WHERE {condition} AND NOT coalesce({then}, false))
        FROM {table}
    """).fetchone()
    assert wrong == 0
    assert rows > 5


def test_last_news_is_one_row_of_each_local_tumour_but_the_registrys(con):
    found = con.execute(f"""
        SELECT record_kind = 'review_registry' AS is_registry, n, count(*) FROM known LEFT JOIN (
            SELECT {KEYS}, count(*) AS n FROM follow_up WHERE follow_up_event = 'last_news' GROUP BY ALL
        ) USING ({KEYS}) GROUP BY 1, 2
    """).fetchall()
    assert {(is_registry, n) for is_registry, n, _ in found} == {(True, None), (False, 1)}


def test_the_first_record_knows_of_every_act(con):
    """An act that another record declares is one that the first record of the patient declares too."""
    for entity, date in (
        ("biopsy", "biopsy_date"),
        ("surgery", "surgery_date"),
        ("treatment", "treatment_start_date"),
    ):
        unknown = one(con, f"""
            WITH told AS (SELECT network, tumour_key, record_kind, {date} FROM {entity} JOIN known USING ({KEYS}))
            SELECT count(*) FROM told ANTI JOIN (FROM told WHERE record_kind = 'primary')
                USING (network, tumour_key, {date})
        """)  # fmt: skip
        assert unknown == 0, entity


def test_all_who_know_of_a_death_know_its_day(con):
    assert one(con, f"""
        SELECT count(*) FROM (
            SELECT network, person_key FROM follow_up JOIN local_key USING ({KEYS})
                JOIN truth_tumour USING (network, tumour_key)
            WHERE death_date IS NOT NULL GROUP BY ALL HAVING count(DISTINCT death_date) > 1
        )
    """) == 0  # fmt: skip


def test_the_vital_status_is_that_of_the_follow_up(con):
    """A record that says dead has the day of death; one that says alive or lost has none."""
    found = con.execute("""
        SELECT DISTINCT vital_status, died IS NOT NULL
        FROM patient_identity JOIN (
            SELECT network, centre, local_patient_id, max(death_date) AS died FROM follow_up GROUP BY ALL
        ) USING (network, centre, local_patient_id)
    """).fetchall()
    assert set(found) == {("dead", True), ("alive", False), ("lost", False)}


def test_nobody_has_more_acts_than_a_line_or_a_sheet_can_hold(con):
    """Three acts of a kind in a wide line; parts of 20,000 patients stay below the 65,536 lines of an XLS sheet."""
    limits = {
        "surgery": 3,
        "follow_up": 3,
        "biopsy": 2,
        "imaging": 2,
        "rcp": 2,
        "treatment": 2,
        "pathology_review": 1,
    }
    for entity, limit in limits.items():
        most, mean = con.execute(f"""
            SELECT max(n), sum(n) / (SELECT count(*) FROM patient_identity) FROM (
                SELECT count(*) AS n FROM {entity} GROUP BY {KEYS}
            )
        """).fetchone()
        assert most <= limit, entity
        assert mean * 20_000 < 60_000


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("truth_person", "person_key"),
        ("truth_person", "ins_matricule"),
        ("truth_record", "centre_id, local_patient_id"),
        ("truth_tumour", "tumour_key"),
        ("truth_local_tumour", "centre_id, local_patient_id, local_tumour_id"),
        ("truth_indicator", "tumour_key, indicator_id"),
        ("patient_identity", "centre, local_patient_id"),
        ("patient_history", "centre, local_patient_id"),
        ("tumour", "centre, local_patient_id, local_tumour_id"),
        ("pathology_review", "centre, local_patient_id, local_tumour_id"),
        ("biopsy", "centre, local_patient_id, local_tumour_id, biopsy_date, biopsy_kind"),
        ("surgery", "centre, local_patient_id, local_tumour_id, surgery_date, surgery_kind"),
        ("rcp", "centre, local_patient_id, local_tumour_id, rcp_date, rcp_kind, rcp_reason"),
    ],
)
def test_a_key_stands_once_in_a_network_whatever_its_blocks(con, table, key):
    assert one(con, f"SELECT count(*) - count(DISTINCT (network, {key})) FROM {table}") == 0


@pytest.mark.parametrize(
    ("child", "parent", "key"),
    [
        ("patient_identity JOIN centre_id USING (centre)", "truth_record", "network, centre_id, local_patient_id"),
        ("truth_record JOIN centre_id USING (centre_id)", "patient_identity", "network, centre, local_patient_id"),
        ("patient_history", "patient_identity", "network, centre, local_patient_id"),
        ("tumour", "patient_identity", "network, centre, local_patient_id"),
        ("tumour", "local_key", KEYS),
        ("local_key", "tumour", KEYS),
        ("biopsy", "tumour", KEYS),
        ("imaging", "tumour", KEYS),
        ("rcp", "tumour", KEYS),
        ("surgery", "tumour", KEYS),
        ("treatment", "tumour", KEYS),
        ("follow_up", "tumour", KEYS),
        ("pathology_review", "tumour", KEYS),
        ("truth_tumour", "truth_local_tumour", "network, tumour_key"),
        ("truth_local_tumour", "truth_tumour", "network, tumour_key"),
        ("truth_record", "truth_local_tumour", "network, centre_id, local_patient_id"),
        ("truth_local_tumour", "truth_record", "network, centre_id, local_patient_id"),
        ("truth_tumour", "truth_person", "network, person_key"),
        ("truth_person", "truth_tumour", "network, person_key"),
        ("truth_person", "truth_record", "network, person_key"),
        ("truth_indicator", "truth_tumour", "network, tumour_key, period_id"),
        ("(FROM truth_tumour WHERE is_incident AND NOT is_operated)", "truth_local_tumour", "network, tumour_key"),
    ],
    ids=lambda text: text.split(" ")[0].strip("("),
)  # fmt: skip
def test_every_table_closes_with_every_other(con, child, parent, key):
    rows = one(con, f"SELECT count(*) FROM {child}")
    lost = one(con, f"SELECT count(*) FROM {child} ANTI JOIN {parent} USING ({key})")
    assert (lost, rows > 0) == (0, True)


def test_the_true_identity_is_in_every_record_of_its_person(con):
    traits = "ins_matricule, birth_name, used_name, first_names, sex, birth_place_cog, birth_date"
    assert one(con, f"""
        SELECT count(*) FROM (
            SELECT network, centre, local_patient_id, {traits.replace("birth_date", "birth_date::DATE AS birth_date")}
            FROM patient_identity
        ) ANTI JOIN (
            SELECT r.network, c.centre, r.local_patient_id, {traits}
            FROM truth_record AS r JOIN truth_person USING (network, person_key) JOIN centre_id AS c USING (centre_id)
        ) USING (network, centre, local_patient_id, {traits})
    """) == 0  # fmt: skip
