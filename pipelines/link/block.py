"""Which pairs are worth a weight: those that agree on every column of one blocking rule.

A column that holds a list counts by each of its words. Two records that both carry a qualified INS are never
candidates: their numbers have already decided. A block of too many records is a default value, not a lead.
"""

from typing import TYPE_CHECKING

from pipelines.errors import ConfigError

if TYPE_CHECKING:
    import duckdb

#: The columns of `link_record` that a blocking rule may name; lists are spread into their words.
COLUMNS = (
    "birth_name", "used_name", "name_sound", "name_start", "first_name", "first_name_sound", "first_name_start", "sex",
    "birth_date", "birth_year", "birth_month", "birth_month_day", "birth_place", "birth_department", "residence",
    "residence_department",
)  # fmt: skip
LISTS = ("name_forms", "name_words", "first_names", "any_names")

_OPEN = "SELECT 1 FROM link_record WHERE NOT is_qualified LIMIT 1"

_PAIRS = """
CREATE OR REPLACE TEMP TABLE link_candidate AS
WITH usable AS (
    SELECT key, record_no, is_qualified FROM link_block
    QUALIFY count(*) OVER (PARTITION BY key) BETWEEN 2 AND $records_per_block
)
SELECT DISTINCT l.record_no AS l, r.record_no AS r
FROM usable AS l INNER JOIN usable AS r
    ON r.key = l.key AND r.record_no > l.record_no AND NOT (l.is_qualified AND r.is_qualified)
"""


def _rule_sql(rank: int, columns: tuple[str, ...], others: tuple[str, ...]) -> str:
    unknown = sorted(set(columns) - {*COLUMNS, *LISTS, *others})
    if unknown:
        raise ConfigError(f"blocking names unknown columns: {', '.join(unknown)}", where="config/linkage")
    known = " AND ".join(f"{name} IS NOT NULL" for name in columns)
    source = f"SELECT {', '.join(columns)}, record_no, is_qualified FROM link_record WHERE {known}"  # noqa: S608
    for name in sorted(
        set(columns) & set(LISTS)
    ):  # one by one: side by side, two lists are zipped, not crossed
        source = f"SELECT * REPLACE (unnest({name}) AS {name}) FROM ({source})"  # noqa: S608
    return (  # names of a closed list only
        f"SELECT DISTINCT hash({rank}, {', '.join(columns)}) AS key, record_no, is_qualified FROM ({source})"  # noqa: S608
    )


def pair_candidates(
    con: "duckdb.DuckDBPyConnection",
    rules: tuple[tuple[str, ...], ...],
    *,
    records_per_block: int,
    others: tuple[str, ...] = (),
) -> None:
    """Make `link_candidate` (l, r) from the blocking rules. ConfigError when a rule names an unknown column.

    `others` are columns that this `link_record` has besides those of every run.
    """
    blocks = "\nUNION ALL\n".join(_rule_sql(rank, columns, others) for rank, columns in enumerate(rules))
    if not con.execute(_OPEN).fetchall():  # complete qualified numbers: nothing is left to find
        con.execute("CREATE OR REPLACE TEMP TABLE link_candidate (l BIGINT, r BIGINT)").fetchall()
        return
    con.execute(f"CREATE OR REPLACE TEMP TABLE link_block AS\n{blocks}").fetchall()
    con.execute(_PAIRS, {"records_per_block": records_per_block}).fetchall()
    con.execute("DROP TABLE link_block").fetchall()
