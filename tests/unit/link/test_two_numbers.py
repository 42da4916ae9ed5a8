"""Two qualified numbers never meet in one person: random groups of records, judged by the guards and clustered."""

import duckdb
import pyarrow as pa
import pytest

from pipelines.io.linkage_model import load_model
from pipelines.link.cluster import cluster
from pipelines.link.guards import judge_pairs
from pipelines.link.step import judged_pairs
from tests.unit.link.people import records

THRESHOLDS = load_model("fr-2026-2").thresholds
#: Groups of two to eight records of few names, days, places and numbers, mixed so that everything meets everything:
#: right and wrong weights, equal and different numbers of every status, what humans said.
_PEOPLE = """
CREATE OR REPLACE TABLE given AS
WITH drawn AS (
    SELECT
        graph, record,
        CAST(hash(graph, record, 1) // 16 AS BIGINT) AS a, CAST(hash(graph, record, 2) // 16 AS BIGINT) AS b,
        CAST(hash(graph, record, 3) // 16 AS BIGINT) AS c, CAST(hash(graph, record, 4) // 16 AS BIGINT) AS d,
        CAST(hash(graph, record, 5) // 16 AS BIGINT) AS e
    FROM range($graphs) AS g(graph), range(8) AS t(record)
    WHERE record < 2 + hash(graph, 0) % 7
)
SELECT
    graph,
    row_number() OVER (ORDER BY hash(graph, record, $arrival)) AS record_no,
    ['MARTIN', 'DURAND'][1 + a % 2] AS birth_name,
    ['ANNE', 'ZOE', 'ANNE LUCIE'][1 + b % 3] AS first_name,
    ['M', 'F', NULL][1 + c % 3] AS sex,
    DATE '1950-05-17' + CAST(d % 2 AS INTEGER) AS birth_date,
    ['75056', '69381', NULL][1 + e % 3] AS birth_place,
    ['255081416802538', '184072A00104217', '184072B00104244', NULL, NULL][1 + (a // 2) % 5] AS ins,
    (b // 3) % 3 > 0 AS is_trusted,
    (c // 3) % 4 = 0 AS is_nia
FROM drawn
"""
_RECORDS = """
CREATE OR REPLACE TEMP TABLE link_record AS
SELECT
    shape.* REPLACE (
        given.record_no AS record_no, given.birth_name AS birth_name, [given.birth_name] AS name_forms,
        [given.birth_name] AS name_words, string_split(given.first_name, ' ') AS first_names,
        string_split(given.first_name, ' ')[1] AS first_name, replace(given.first_name, ' ', '') AS first_names_joined,
        given.sex AS sex, given.birth_date AS birth_date, year(given.birth_date) AS birth_year,
        month(given.birth_date) AS birth_month, day(given.birth_date) AS birth_day, given.birth_place AS birth_place,
        substr(given.ins, 1, 13) AS ins, given.is_nia AS is_nia, given.ins IS NOT NULL AND is_trusted AS is_qualified)
FROM given, (FROM link_record LIMIT 1) AS shape
"""
_PAIRS = """
CREATE OR REPLACE TEMP TABLE link_pair AS
SELECT
    l.record_no AS l, r.record_no AS r,
    CASE WHEN hash(l.graph, l.record_no, r.record_no) % 10 > 0
        THEN CAST(hash(l.record_no, r.record_no) % 60000 AS DOUBLE) / 1000 - 20 END AS weight
FROM given AS l INNER JOIN given AS r ON r.graph = l.graph AND r.record_no > l.record_no
"""
_DECISIONS = """
CREATE OR REPLACE TEMP TABLE link_decision AS
SELECT l, r, ['same', 'different', 'contradicted'][1 + CAST(hash(l, r, 7) % 3 AS BIGINT)] AS verdict
FROM link_pair WHERE hash(l, r, 6) % 10 = 0
"""
_MIXED = """
SELECT count(*) FROM (
    SELECT person FROM link_record INNER JOIN member USING (record_no)
    WHERE is_qualified GROUP BY person, is_nia HAVING count(DISTINCT ins) > 1)
"""


@pytest.mark.parametrize(
    ("graphs", "arrival"),
    [
        (1_000, 1),
        pytest.param(100_000, 1, marks=pytest.mark.slow),
        pytest.param(100_000, 2, marks=pytest.mark.slow),
    ],
)
def test_no_person_has_two_qualified_numbers_of_one_kind(graphs, arrival):
    with duckdb.connect() as con:
        records(con, "patient | name\n1 | MARTIN")
        con.execute(_PEOPLE, {"graphs": graphs, "arrival": arrival}).fetchall()
        for made in (_RECORDS, _PAIRS, _DECISIONS):
            con.execute(made).fetchall()
        judge_pairs(con)
        judged = judged_pairs(con, THRESHOLDS.weight_cap)
        size = con.table("given").count("*").fetchall()[0][0]
        found = cluster(size, judged, THRESHOLDS)
        con.execute("CREATE TABLE member (record_no BIGINT, person BIGINT)").fetchall()
        con.from_arrow(pa.table({"record_no": range(1, size + 1), "person": found})).insert_into("member")
        joined = size - len(set(found.tolist()))
        assert joined > graphs / 2, "most groups hold somebody to join: the guards are put to the test"
        assert con.execute(_MIXED).fetchall() == [(0,)]
