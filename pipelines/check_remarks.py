"""What a run says of each row, as the centre that owns the rows reads it: its own column, identifier and value."""

import dataclasses
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipelines.config import Centre, TableMap
from pipelines.delivery import Delivery
from pipelines.io.tables import read_columns
from validations.rules.catalogue import CATALOGUE
from validations.rules.contract import RAGGED_ROW, UNMAPPED_COLUMN
from validations.rules.model import Rule, Severity

_PATIENT = "local_patient_id"
_FINDING = (
    "rule_id",
    "table_name",
    "row_id",
    "delivery_id",
    "file",
    "sheet",
    "line",
    "field",
    "is_quarantined",
)
_WORST_FIRST = list(Severity)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Remark:
    """One finding. `column` is the header in the centre's file, None for what no column says.

    `patient` and `value` are a person's: they go into the centre's workbook and nowhere else.
    """

    rule: Rule
    entity: str
    file: str
    sheet: str | None
    line: int
    field: str
    column: str | None
    is_set_aside: bool
    patient: str | None = dataclasses.field(default=None, repr=False)
    value: str | None = dataclasses.field(default=None, repr=False)

    @property
    def is_asked(self) -> bool:
        """False for what is counted, and asks nothing of anybody."""
        return self.rule.severity is not Severity.INFO

    @property
    def order(self) -> tuple[int, str, str, str, int, str]:
        """The worst first, then by rule, then in the order of the files."""
        worst = _WORST_FIRST.index(self.rule.severity)
        return worst, self.rule.id, self.file, self.sheet or "", self.line, self.field


def remarks(centre: Centre, deliveries: Iterable[Delivery], folder: Path) -> tuple[Remark, ...]:
    """The findings on a staged centre whose tables are in `folder`, the worst first."""
    found = read_columns(folder / "finding.parquet", _FINDING).to_pylist()
    tables = {delivery.delivery_id: _tables(centre, delivery) for delivery in deliveries}
    raw = dict(_raw_lines(folder / "quarantine.parquet"))
    by_entity: dict[str, list[dict[str, Any]]] = {}
    for finding in found:
        by_entity.setdefault(finding["table_name"].partition("_")[2], []).append(finding)
    made = [
        _remark(finding, entity, row, tables[finding["delivery_id"]], raw)
        for entity, mine in by_entity.items()
        for finding, row in zip(mine, _rows(mine, folder / f"stg_{entity}.parquet"), strict=True)
    ]
    return tuple(sorted(made, key=lambda remark: remark.order))


def _tables(centre: Centre, delivery: Delivery) -> list[TableMap]:
    """The table maps of a file; their rank is in each row id."""
    return [table for sheet in centre.files[delivery.file_index].sheets for table in sheet.tables]


def _raw_lines(quarantine: Path) -> Iterator[tuple[str, str]]:
    """The lines that could not become rows, as they were sent, by row id."""
    for row in read_columns(quarantine, ("row_id", "rule_id", "payload")).to_pylist():
        if row["rule_id"] == RAGGED_ROW:
            yield row["row_id"], json.loads(row["payload"])["raw"]


def _rows(found: list[dict[str, Any]], staged: Path) -> list[dict[str, Any]]:
    """The staged row of each finding, with the fields that findings name; empty where there is no row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = read_columns(staged, sorted({"row_id", _PATIENT, *(finding["field"] for finding in found)}))
    ids = pa.array([finding["row_id"] for finding in found], pa.string())
    places = pc.index_in(ids, value_set=table["row_id"].combine_chunks())
    rows: list[dict[str, Any]] = table.take(places).to_pylist()
    return rows


def _remark(
    finding: dict[str, Any], entity: str, row: dict[str, Any], tables: list[TableMap], raw: dict[str, str]
) -> Remark:
    rule_id, name = finding["rule_id"], finding["field"]
    rank = int(finding["row_id"].split(":")[1])
    return Remark(
        rule=CATALOGUE[rule_id],
        entity=entity,
        **{place: finding[place] for place in ("file", "sheet", "line")},
        field=name,
        column=name if rule_id == UNMAPPED_COLUMN else tables[rank].columns.get(name),
        is_set_aside=finding["is_quarantined"],
        patient=row.get(_PATIENT),
        value=raw.get(finding["row_id"]) if rule_id == RAGGED_ROW else row.get(name),
    )
