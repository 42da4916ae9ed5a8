"""A guard that the table's own numbers contradict.

Incompatible first names mean twins, or a first name that was written wrongly; births far apart mean parent and child,
or a wrong year. Where a column of the table identifies people (nearly all who share a value are one person by
everything else), the numbers tell which: if the pairs that a guard holds back share their number as often as pairs
that nothing holds back, the guard sees errors, not other people, and is lifted in this table. A table without such
a column keeps every guard.
"""

from typing import TYPE_CHECKING

from pipelines.link.other import OtherColumns

if TYPE_CHECKING:
    import duckdb

#: The guards on traits, not on numbers.
GUARDS = ("CL5", "CL6", "CL8")
#: Of the pairs that share a value, the part that must be one person for the column to identify people.
IDENTIFIES = 0.95
#: Held-back pairs share their number at least so often, against the pairs that nothing holds back; of so many pairs.
AS_OFTEN = 0.9
FEWEST_PAIRS = 10

_EQUAL = """
SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (SELECT count(*) AS n FROM link_record WHERE {0} IS NOT NULL GROUP BY {0})
"""
#: Without the number, as far as that can be told: no guard and a weight far above what decides.
_SURE = """
SELECT count(*) FROM link_judged
    INNER JOIN link_record AS a ON a.record_no = l INNER JOIN link_record AS b ON b.record_no = r
WHERE a.{0} = b.{0} AND weight >= $from
"""
_SHARES = """
SELECT coalesce(veto_reason, ''), count(*), avg(CAST(a.{0} = b.{0} AS INTEGER)) FROM link_judged
    INNER JOIN link_record AS a ON a.record_no = l INNER JOIN link_record AS b ON b.record_no = r
WHERE a.{0} IS NOT NULL AND b.{0} IS NOT NULL AND weight >= $from
GROUP BY ALL
"""


def identifying_column(con: "duckdb.DuckDBPyConnection", other: OtherColumns, *, weight_from: float) -> str:
    """The column of equal values that identifies people best; empty when none does."""
    best, share = "", IDENTIFIES
    for name in other.exact:
        equal = float(con.execute(_EQUAL.format(name)).fetchall()[0][0])
        sure = float(con.execute(_SURE.format(name), {"from": weight_from}).fetchall()[0][0])
        if equal >= FEWEST_PAIRS and sure / equal >= share:
            best, share = name, sure / equal
    return best


def lift_contradicted(
    con: "duckdb.DuckDBPyConnection", other: OtherColumns, *, weight_from: float
) -> list[str]:
    """Take the guards that the numbers contradict off `link_judged`; returns their names."""
    column = identifying_column(con, other, weight_from=weight_from)
    if not column:
        return []
    found = con.execute(_SHARES.format(column), {"from": weight_from}).fetchall()
    shares = {reason: (pairs, share) for reason, pairs, share in found}
    _, usual = shares.get("", (0, None))
    lifted = [
        guard
        for guard, (pairs, share) in sorted(shares.items())
        if guard in GUARDS and usual and pairs >= FEWEST_PAIRS and share >= AS_OFTEN * usual
    ]
    con.execute(
        "UPDATE link_judged SET veto_reason = NULL, veto = 0 WHERE list_contains($lifted, veto_reason)",
        {"lifted": lifted},
    ).fetchall()
    return lifted
