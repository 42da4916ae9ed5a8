"""What the model does not know of: the further columns that identify people in a table that nobody described.

Each is a column of `link_record` in comparable form, a comparison of its own and blocking rules of its own. What they
weigh is learnt from the table (`pipelines.link.learn`); the chances below are only where learning starts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

#: Letters and digits of a text, words apart; of a value, together.
_TEXT = "nullif(trim(regexp_replace(upper(strip_accents({0})), '[^A-Z0-9]+', ' ', 'g')), '')"
_EXACT = "nullif(regexp_replace(upper(strip_accents({0})), '[^A-Z0-9]+', '', 'g'), '')"
#: (condition, chance among the records of one person) of each level, strongest first.
_ALIKE = (
    ("{0}_l = {0}_r", 0.75),
    ("jaro_winkler_similarity({0}_l, {0}_r) >= 0.92", 0.1),
    ("jaro_winkler_similarity({0}_l, {0}_r) >= 0.8", 0.05),
    ("ELSE", 0.1),
)
_EQUAL = (
    ("{0}_l = {0}_r", 0.8),
    ("length({0}_l) >= 4 AND damerau_levenshtein({0}_l, {0}_r) <= 1", 0.07),
    ("length({0}_l) >= 4 AND damerau_levenshtein({0}_l, {0}_r) <= 2", 0.03),
    ("ELSE", 0.1),
)
_CHANCE = 0.01
#: A column brings pairs together by itself when that makes at most so many pairs per record.
PAIRS_PER_RECORD = 5.0
_PAIRS = """
SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (SELECT count(*) AS n FROM link_record WHERE {0} IS NOT NULL GROUP BY {0})
"""


@dataclass(frozen=True)
class OtherColumns:
    """The further columns by kind, as they are called in `people` and in `link_record`."""

    text: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()

    @classmethod
    def numbered(cls, text: int, exact: int) -> "OtherColumns":
        """The columns `other_0`, `other_1` … as `pipelines.io.people` names them: those of text come first."""
        names = [f"other_{place}" for place in range(text + exact)]
        return cls(tuple(names[:text]), tuple(names[text:]))

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.text, *self.exact)


def add_other(con: "duckdb.DuckDBPyConnection", other: OtherColumns) -> None:
    """Add the columns of `link_other` (record_no and the columns as written) to `link_record`, in comparable form."""
    if not other.names:
        return
    formed = ", ".join(
        f"{(_TEXT if name in other.text else _EXACT).format(name)} AS {name}" for name in other.names
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE link_record AS "  # noqa: S608 - our own names
        f"FROM link_record LEFT JOIN (SELECT record_no, {formed} FROM link_other) USING (record_no)"
    ).fetchall()


def comparisons(other: OtherColumns) -> list[dict[str, Any]]:
    """The Splink comparisons of the columns, each equal value weighed by its frequency."""
    return [_comparison(name, _ALIKE if name in other.text else _EQUAL) for name in other.names]


def _comparison(name: str, levels: Collection[tuple[str, float]]) -> dict[str, Any]:
    null = {"sql_condition": f"{name}_l IS NULL OR {name}_r IS NULL", "is_null_level": True}
    weighed: list[dict[str, Any]] = [
        {"sql_condition": condition.format(name), "m_probability": chance, "u_probability": _CHANCE}
        for condition, chance in levels
    ]
    weighed[0] |= {"tf_adjustment_column": name, "tf_adjustment_weight": 1.0}
    return {"output_column_name": name, "comparison_levels": [null, *weighed]}


def blocking(con: "duckdb.DuckDBPyConnection", other: OtherColumns) -> tuple[tuple[str, ...], ...]:
    """A column of many values brings pairs together by itself, any other with the beginning of a name."""
    records = int(con.table("link_record").aggregate("count(*)").fetchall()[0][0])
    rules: list[tuple[str, ...]] = []
    for name in other.names:
        pairs = float(con.execute(_PAIRS.format(name)).fetchall()[0][0])
        is_lead = pairs <= PAIRS_PER_RECORD * records
        rules += [(name,)] if is_lead else [("name_start", name), ("first_name_start", name)]
    return tuple(rules)
