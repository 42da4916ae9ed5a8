"""Which of several written values stands for the person: the best trusted, then the most frequent, then the first.

A missing value never replaces a known one, a date keeps its precision, a number keeps its status: they are elected
together. Recency plays no part, because identities carry no date.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_CONTESTED = """
CREATE OR REPLACE TEMP TABLE link_contested AS
SELECT subject FROM link_ballot GROUP BY subject HAVING count(*) > 1
"""

#: Trust of each value, higher first. Strict traits follow the status of their identity (RNIV); a day that may be a
#: default counts less than any certain day; a death that one centre knows is not outvoted by those who do not.
_RANKED = """
CREATE OR REPLACE TEMP TABLE link_vote AS
WITH stated AS (
    SELECT
        subject, voter,
        CASE ins_status WHEN 'QUAL' THEN 3 WHEN 'RECUP' THEN 2 WHEN 'VALI' THEN 2 WHEN 'PROV' THEN 1 ELSE 0 END
            AS trust,
        birth_name, used_name, first_names, sex, birth_place_cog, residence_commune, vital_status,
        CASE WHEN birth_date_precision <> 'unknown' THEN concat(birth_date, chr(31), birth_date_precision) END
            AS birth_date,
        CASE WHEN ins_matricule IS NOT NULL THEN concat_ws(chr(31), ins_matricule, coalesce(ins_oid, ''),
            coalesce(ins_status, '')) END AS ins
    FROM link_ballot SEMI JOIN link_contested USING (subject)
),
spread AS (
    UNPIVOT stated ON birth_name, used_name, first_names, sex, birth_place_cog, residence_commune, vital_status,
        birth_date, ins
    INTO NAME field VALUE written
)
SELECT
    subject, voter, field, written,
    CASE
        WHEN field IN ('birth_name', 'used_name', 'first_names') THEN coalesce(link_letters(written), written)
        WHEN field = 'ins'
        THEN coalesce(link_ins(split_part(written, chr(31), 1), split_part(written, chr(31), 2)), written)
        ELSE written
    END AS form,
    CASE
        WHEN field IN ('used_name', 'residence_commune') THEN 0
        WHEN field = 'vital_status' THEN CASE written WHEN 'dead' THEN 2 WHEN 'alive' THEN 1 ELSE 0 END
        WHEN field = 'sex' AND written = 'U' THEN -1
        WHEN field = 'birth_date' THEN trust + 10 * CASE
            WHEN written LIKE '%year' THEN 0
            WHEN written LIKE '%month' THEN 1
            WHEN written LIKE '____-01-01%' OR written LIKE '____-12-31%' THEN 2
            ELSE 3 END
        ELSE trust
    END AS rank
FROM spread
"""

_WINNERS = """
CREATE OR REPLACE TEMP TABLE link_winner AS
WITH counted AS (
    SELECT subject, field, form, rank, count(*) AS votes, min(voter) AS voter, arg_min(written, voter) AS written
    FROM link_vote
    GROUP BY subject, field, form, rank
),
elected AS (
    SELECT subject, field, arg_min(written, row(-rank, -votes, voter)) AS written
    FROM counted
    GROUP BY subject, field
)
SELECT
    subject,
    max(written) FILTER (WHERE field = 'birth_name') AS birth_name,
    max(written) FILTER (WHERE field = 'used_name') AS used_name,
    max(written) FILTER (WHERE field = 'first_names') AS first_names,
    max(written) FILTER (WHERE field = 'sex') AS sex,
    max(written) FILTER (WHERE field = 'birth_place_cog') AS birth_place_cog,
    max(written) FILTER (WHERE field = 'residence_commune') AS residence_commune,
    max(written) FILTER (WHERE field = 'vital_status') AS vital_status,
    max(written) FILTER (WHERE field = 'birth_date') AS birth_date,
    max(written) FILTER (WHERE field = 'ins') AS ins
FROM elected
GROUP BY subject
"""

_ELECTED = """
CREATE OR REPLACE TEMP TABLE link_elected AS
SELECT
    subject,
    nullif(split_part(ins, chr(31), 1), '') AS ins_matricule,
    nullif(split_part(ins, chr(31), 2), '') AS ins_oid,
    nullif(split_part(ins, chr(31), 3), '') AS ins_status,
    birth_name, used_name, first_names, sex,
    CAST(nullif(split_part(birth_date, chr(31), 1), '') AS DATE) AS birth_date,
    nullif(split_part(birth_date, chr(31), 2), '') AS birth_date_precision,
    birth_place_cog, residence_commune, vital_status
FROM link_winner
UNION ALL BY NAME
SELECT * EXCLUDE (voter) FROM link_ballot ANTI JOIN link_contested USING (subject)
"""


def elect(con: "duckdb.DuckDBPyConnection") -> None:
    """Make `link_elected` from `link_ballot` (subject, voter, identity columns): one row per subject.

    Voters are numbered so that a tie goes to the smallest.
    """
    for statement in (_CONTESTED, _RANKED, _WINNERS, _ELECTED):
        con.execute(statement).fetchall()
