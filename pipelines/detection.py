"""How well reading and the rules found the faults of a synthetic network, and how often they cried for nothing.

`config/synthetic/faults.csv` declares for each fault what counts as its detection (`signs`: ids of rules, `merged` for
a repeated line, `partial` for a date kept as a month or a year) and whether one record can show it at all (`nature`):

- `certain`: the cell or line shows it to any reader; recall is held to a target.
- `sometimes`: a rule asks in some cases only, because in the others the value may be true.
- `linkage`: one record cannot show it, only the comparison of records can.
- `unasked`: the contract accepts it, and no rule asks.

A fault is hidden, not missed, where nobody could see it: a later fault struck the same cell, its row was set aside for
another fault, or no line has room for its row.
"""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipelines.registry import Registry

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Nature = Literal["certain", "sometimes", "linkage", "unasked"]
NATURES: tuple[Nature, ...] = ("certain", "sometimes", "linkage", "unasked")
RECALL_TARGET = 0.99  # of the certain faults
FALSE_ERRORS_TARGET = 1.0  # per 1,000 clean rows
SITE_TARGET = 1 / 261  # clean tumours warned about by one rule


@dataclass(frozen=True, kw_only=True)
class FaultScore:
    """One rule of the fault table: how many were injected, and what became of them."""

    kind: str
    entity: str
    field: str | None
    nature: Nature
    injected: int
    detected: int
    missed: int
    hidden: int

    @property
    def recall(self) -> float | None:
        """Detected among those that could be seen; None when there was none."""
        return recall([self])


@dataclass(frozen=True, kw_only=True)
class AlarmScore:
    """The findings of one rule on rows without a fault; `following` are rows set aside with their patient or tumour."""

    rule_id: str
    severity: str
    alarms: int
    following: int


@dataclass(frozen=True, kw_only=True)
class Detection:
    """The scorecard of one staging against its truth; `clean_rows` counts rows without a fault by entity."""

    faults: tuple[FaultScore, ...]
    alarms: tuple[AlarmScore, ...]
    clean_rows: dict[str, int]

    @property
    def certain(self) -> list[FaultScore]:
        """The faults that count against the target."""
        return [fault for fault in self.faults if fault.nature == "certain"]

    def false_alarms(self, severity: str) -> int:
        """The findings of a severity that no fault explains."""
        return sum(alarm.alarms - alarm.following for alarm in self.alarms if alarm.severity == severity)

    @property
    def following(self) -> int:
        """The errors on clean rows that were set aside with their patient or tumour."""
        return sum(alarm.following for alarm in self.alarms if alarm.severity == "error")

    def per_thousand(self, alarms: int) -> float:
        """A number of findings, per 1,000 clean rows."""
        rows = sum(self.clean_rows.values())
        return 1000 * alarms / rows if rows else 0.0

    def of_family(self, family: str, entity: str) -> list[tuple[AlarmScore, int]]:
        """The alarms of the rules of a family, in the order of their ids, with the clean rows of their entity."""
        rows = self.clean_rows.get(entity, 0)
        found = sorted(self.alarms, key=lambda alarm: alarm.rule_id)
        return [(alarm, rows) for alarm in found if alarm.rule_id.startswith(f"{family}-")]

    def facts(self) -> dict[str, Any]:
        """Everything, for a machine."""
        return {
            **asdict(self),
            "certain_recall": recall(self.certain),
            "false_errors": self.false_alarms("error"),
            "false_errors_per_1000": self.per_thousand(self.false_alarms("error")),
            "following_errors": self.following,
            "false_warnings": self.false_alarms("warning"),
            "false_warnings_per_1000": self.per_thousand(self.false_alarms("warning")),
        }


def recall(faults: Iterable[FaultScore]) -> float | None:
    """Detected among detected and missed; None when there was none."""
    scores = list(faults)
    detected = sum(score.detected for score in scores)
    visible = detected + sum(score.missed for score in scores)
    return detected / visible if visible else None


def added(scores: Iterable[Detection]) -> Detection:
    """Several networks as one: every count is the sum."""
    every = list(scores)
    faults = [asdict(fault) for score in every for fault in score.faults]
    alarms = [asdict(alarm) for score in every for alarm in score.alarms]
    rows: dict[str, int] = {}
    for score in every:
        for entity, count in score.clean_rows.items():
            rows[entity] = rows.get(entity, 0) + count
    return Detection(
        faults=tuple(FaultScore(**one) for one in _summed(faults, "kind", "entity", "field", "nature")),
        alarms=tuple(AlarmScore(**one) for one in _summed(alarms, "rule_id", "severity")),
        clean_rows=rows,
    )


def _summed(rows: list[dict[str, Any]], *keys: str) -> list[dict[str, Any]]:
    """The rows of equal keys as one, with the sums of their counts, in order of first mention."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        known = found.get(key)
        found[key] = row if known is None else row | {n: known[n] + row[n] for n in row if n not in keys}
    return list(found.values())


def fault_rules() -> "dict[str, pa.Table]":
    """The declarations of the fault table: `fault_rule` by rank, and `fault_sign`, one row per rank and sign."""
    import pyarrow as pa

    from pipelines.io.configuration import read_calibration

    declared = read_calibration("faults").to_dict("list")
    ranks = range(len(declared["kind"]))
    names = ("kind", "entity", "field", "nature")
    texts = {name: pa.array(declared[name], pa.string(), from_pandas=True) for name in names}
    signs = pa.array(declared["signs"], pa.string(), from_pandas=True).to_pylist()
    pairs = [(rank, sign) for rank in ranks for sign in (signs[rank] or "").split()]
    return {
        "fault_rule": pa.table({"rule_rank": pa.array(ranks, pa.int64()), **texts}),
        "fault_sign": pa.table(
            {
                "rule_rank": pa.array([rank for rank, _ in pairs], pa.int64()),
                "sign": pa.array([sign for _, sign in pairs], pa.string()),
            }
        ),
    }


def detect(registry: Registry, truth: Path) -> Detection:
    """The scorecard of the accepted staging of every centre against the truth tables in the folder `truth`."""
    from pipelines.io.tables import connect, show_files

    with closing(connect(registry.home.work(registry.network.id) / "scratch")) as con:
        show_files(con, "truth_fault", [truth / "fault.parquet"])
        for name in ("finding", "merged"):
            show_files(con, name, registry.tables(name))
        _show_rows(con, registry)
        return compare(con)


def _show_rows(con: "duckdb.DuckDBPyConnection", registry: Registry) -> None:
    """Make `staged`, every staged row with its place, and `partial_date`, every date kept as a month or a year."""
    from pipelines.io.tables import show_files
    from validations.contracts.entities import ENTITIES
    from validations.contracts.model import Kind

    staged, partial = [], []
    for entity, fields in ENTITIES.items():
        show_files(con, f"stg_{entity}", registry.tables(f"stg_{entity}"))
        show_files(con, f"val_{entity}", registry.tables(f"val_{entity}"))
        staged.append(
            f"SELECT '{entity}' AS entity, row_id, centre_id, file, line, local_patient_id,"  # noqa: S608 - names of the contract
            f" CAST(split_part(row_id, ':', 2) AS BIGINT) AS rank FROM stg_{entity}"
        )
        partial += [
            f"SELECT row_id, '{field.name}' AS field FROM val_{entity}"  # noqa: S608 - names of the contract
            f" WHERE {field.name}_precision IN ('month', 'year')"
            for field in fields
            if field.kind is Kind.DATE
        ]
    for name, parts in (("staged", staged), ("partial_date", partial)):
        con.execute(f"CREATE TEMP TABLE {name} AS {' UNION ALL '.join(parts)}").fetchall()


def compare(con: "duckdb.DuckDBPyConnection") -> Detection:
    """The scorecard. `con` sees `truth_fault`, `finding`, `merged`, `staged` and `partial_date`."""
    from pipelines.io.share import read_sql

    for name, table in fault_rules().items():
        con.register(name, table)
    for name in ("sign", "faulty_place", "fault_outcome"):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {read_sql('scores', f'{name}.sql')}").fetchall()
    clean = _rows(con, read_sql("scores", "clean_row.sql"))
    return Detection(
        faults=tuple(FaultScore(**row) for row in _rows(con, read_sql("scores", "fault_score.sql"))),
        alarms=tuple(AlarmScore(**row) for row in _rows(con, read_sql("scores", "alarm.sql"))),
        clean_rows={row["entity"]: row["row_count"] for row in clean},
    )


def _rows(con: "duckdb.DuckDBPyConnection", sql: str) -> list[dict[str, Any]]:
    result = con.execute(sql)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
