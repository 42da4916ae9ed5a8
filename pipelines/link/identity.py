"""What trusted identifiers decide without any weight.

Only a qualified INS (status QUAL) decides: equal numbers join, different numbers part. A retrieved one (RECUP) joins
when every trait agrees and otherwise asks. A number without such a status is no identifier: it may be a parent's.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: Pairs with the same number, or with all five strict traits equal and certain (practice of STIC).
_CERTAIN = """
CREATE OR REPLACE TEMP TABLE link_certain AS
WITH grouped AS (
    SELECT hash('ins', ins) AS key, record_no FROM link_record WHERE ins IS NOT NULL
    UNION ALL
    SELECT hash('traits', birth_name, first_names_joined, sex, birth_date, birth_place), record_no FROM link_record
    WHERE birth_name IS NOT NULL AND first_names_joined IS NOT NULL AND sex IS NOT NULL
        AND birth_date IS NOT NULL AND birth_place IS NOT NULL
),
usable AS (
    SELECT key, record_no FROM grouped
    QUALIFY count(*) OVER (PARTITION BY key) BETWEEN 2 AND $records_per_identifier
)
SELECT l.record_no AS l, r.record_no AS r
FROM usable AS l INNER JOIN usable AS r ON r.key = l.key AND r.record_no > l.record_no
UNION
SELECT l, r FROM link_decision WHERE verdict = 'same'
"""


def pair_certain(con: "duckdb.DuckDBPyConnection", *, records_per_identifier: int) -> None:
    """Make `link_certain` (l, r): the pairs that an identifier, the strict traits or a human bring together.

    Whether they are joined is decided with every other pair, by the guards.
    """
    con.execute(_CERTAIN, {"records_per_identifier": records_per_identifier}).fetchall()
