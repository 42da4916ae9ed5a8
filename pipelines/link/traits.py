"""Where each value of a golden identity is from, and what decided: the identity is a choice that a reader can check."""

from typing import TYPE_CHECKING

from pipelines.link.strategies import FIELDS, Ruling, by_field

if TYPE_CHECKING:
    import duckdb

#: As much of a written date as is known: 1950-01-01 may be any day of the year.
_KNOWN_PART = """
CREATE OR REPLACE TEMP MACRO link_known_part(written) AS CASE
    WHEN written LIKE '%year' OR written LIKE '____-01-01%' OR written LIKE '____-12-31%' THEN substr(written, 1, 4)
    WHEN written LIKE '%month' THEN substr(written, 1, 7)
    ELSE substr(written, 1, 10) END
"""

#: Every value that any row of a person wrote, where there were several rows; spellings of one name are one value.
_SAID = f"""
CREATE OR REPLACE TEMP TABLE link_said AS
WITH elected AS (
    SELECT founder, field, form, forms, ruled_by, voter, votes, 0 AS place  -- before every record
    FROM link_trait INNER JOIN link_member ON record_no = subject
    UNION ALL
    SELECT founder, field, form, forms, ruled_by, record_no, 1, record_no
    FROM link_record_trait INNER JOIN link_member ON record_no = subject
),
gathered AS (
    SELECT
        founder, field,
        -- the election between the records, or that of the only record
        arg_min(form, place) AS chosen,
        arg_min(voter, place) AS record_no,
        arg_min(votes, place) AS votes,
        -- where the records agree, one of them may still have had to choose between its rows
        arg_min(ruled_by, place) FILTER (WHERE ruled_by <> $only) AS ruled_by,
        list_distinct(flatten(list(forms))) AS others
    FROM elected
    GROUP BY founder, field
)
SELECT
    * EXCLUDE (chosen, others),
    len(others) AS distinct_values,
    list_bool_or(list_transform(others, lambda other: other <> chosen AND NOT coalesce(
        {by_field(lambda strategy: strategy.agrees)}, FALSE))) AS is_contested
FROM gathered
"""  # noqa: S608 - our own names

_TRAITS = f"""
CREATE TABLE lnk_person_trait AS
WITH known AS (
    UNPIVOT (
        SELECT
            founder, person_id, birth_date_precision, ins_status,
            {", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in FIELDS)}
        FROM link_golden
    ) ON {", ".join(FIELDS)} INTO NAME field VALUE trait_value
)
SELECT
    person_id,
    field,
    trait_value,
    CASE field WHEN 'birth_date' THEN birth_date_precision WHEN 'ins_matricule' THEN ins_status END AS qualifier,
    centre_id,
    local_patient_id,
    coalesce(ruled_by, $only) AS ruled_by,
    coalesce(votes, 1) AS votes,
    coalesce(distinct_values, 1) AS distinct_values,
    coalesce(is_contested, FALSE) AS is_contested
FROM known
    LEFT JOIN link_said USING (founder, field)
    INNER JOIN link_key ON link_key.record_no = coalesce(link_said.record_no, founder)
"""  # noqa: S608 - our own names


def write_traits(con: "duckdb.DuckDBPyConnection") -> None:
    """Make `lnk_person_trait`: a row for each value of `link_golden`, from the elections of records and persons."""
    con.execute(_KNOWN_PART).fetchall()
    for query in (_SAID, _TRAITS):
        con.execute(query, {"only": Ruling.ONLY.value}).fetchall()
