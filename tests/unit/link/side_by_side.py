"""Pairs of people written as many small tables, put in form at once: each pair is judged as if it were alone.

Only how many bear a first name, and a number, is counted over all records; what these counts decide has its own tests.
"""

from collections.abc import Sequence

import duckdb

from tests.unit.link.people import records


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _two(table: str) -> list[dict[str, str]]:
    """The two people of a table; a date of birth is known to the day unless the table says how far."""
    header, one, other = (_cells(line) for line in table.strip().splitlines())
    people = [dict(zip(header, cells, strict=True)) for cells in (one, other)]
    return [{"precision": "-" if row.get("born", "-") == "-" else "day"} | row for row in people]


def show_pairs(con: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
    """Make `link_record` of the two people of each table, and `link_pair` of each pair, both ways round."""
    people = [row for table in tables for row in _two(table)]
    columns = list(dict.fromkeys(name for row in people for name in row))
    lines = [
        " | ".join([f"p{number:05}", *(row.get(name, "-") for name in columns)])
        for number, row in enumerate(people)
    ]
    header = " | ".join(["patient", *columns])
    records(con, "\n".join([header, *lines]), records_per_identifier=len(people))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE link_pair AS SELECT unnest([2 * n + 1, 2 * n + 2]) AS l,"
        " unnest([2 * n + 2, 2 * n + 1]) AS r, 30.0 AS weight FROM range($pairs) AS t(n)",
        {"pairs": len(tables)},
    ).fetchall()
