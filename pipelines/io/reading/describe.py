"""What was found in a file, as facts that JSON can hold: decisions, tables, lines. No value of a record is in it."""

from pathlib import Path
from typing import Any

from pipelines.errors import RefusalCode
from pipelines.io.reading.clean_csv import write_clean
from pipelines.io.reading.found import Decision, FoundFile, FoundTable
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.read_file import default_table, read_any
from pipelines.io.reading.text_tables import Overrides
from pipelines.refusals import printable, refused


def describe_file(
    path: Path, overrides: Overrides, limits: Limits, table: int | None, clean: Path | None
) -> dict[str, Any]:
    """The facts of the file at `path`; its table number `table` (from 1; None: the default) is written to `clean`."""
    found = read_any(path, overrides=overrides, limits=limits)
    chosen = _chosen(found, table, name=path.name)
    if clean is not None:
        write_clean(None if chosen is None else found.tables[chosen], clean)
    return facts(found, name=path.name, chosen=chosen)


def _chosen(found: FoundFile, number: int | None, *, name: str) -> int | None:
    if number is None:
        return default_table(found) if found.tables else None
    if not 1 <= number <= len(found.tables):
        raise refused(RefusalCode.NO_TABLE, name, number=number, count=len(found.tables))
    return number - 1


def facts(found: FoundFile, *, name: str, chosen: int | None) -> dict[str, Any]:
    """The facts of a file. Tables are numbered from 1; `chosen` counts from 0 and is none when there is no table."""
    kinds = (d.value for d in found.decisions if d.what in ("kind", "container"))
    return {
        "file": printable(name),
        "kind": list(kinds)[-1],
        "decisions": [_decision(decision) for decision in found.decisions],
        "tables": [_table(table, number) for number, table in enumerate(found.tables, 1)],
        "chosen": None if chosen is None else chosen + 1,
        "outside": found.outside,
        "refusal": None,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "what": decision.what,
        "value": decision.value,
        "confidence": round(decision.confidence, 3),
        "evidence": decision.evidence,
    }


def _table(table: FoundTable, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "name": table.name,
        "header": list(table.header),
        "n_records": len(table.records),
        "n_columns": len(table.header),
        "header_lines": list(table.header_lines),
        "ragged_lines": table.ragged_lines,
        "null_lines": null_lines(table),
        "decisions": [_decision(decision) for decision in table.decisions],
    }


def null_lines(table: FoundTable) -> list[int]:
    """The lines of the records with a null character: the clean file keeps it, a database would not."""
    return [line for line, record in zip(table.lines, table.records, strict=True) if "\0" in "".join(record)]
