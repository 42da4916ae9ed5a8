"""The tables of exports that nobody described, read in a contained process, and the place of a new centre's file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import ConfigError, RegistryError
from pipelines.io.contained import Answer, allowance, run_contained
from pipelines.io.reading.found import Decision, FoundFile, FoundTable
from pipelines.io.share import share

if TYPE_CHECKING:
    import pyarrow as pa


def read_unseen(path: Path, *, separator: str | None = None, header_line: int | None = None) -> FoundFile:
    """The tables of one file without the records of another width than the header's. FileRefused.

    `separator` and `header_line` are given when the other files of the centre tell them.
    """
    if not path.is_file():
        raise RegistryError("there is no such file", where=str(path), remedy="Check the path.")
    answer = run_contained(
        look, path.resolve(), separator, header_line, limits=allowance(path.stat().st_size), name=path.name
    )
    facts: dict[str, Any] = answer.facts
    tables = [_found(said, cells) for said, cells in zip(facts["tables"], answer.tables, strict=True)]
    return FoundFile(decisions=_decisions(facts["decisions"]), tables=tuple(tables))


def look(path: Path, separator: str | None, header_line: int | None) -> Answer:
    """What the child answers: facts as JSON, the cells as text columns."""
    from pipelines.io.reading.read_file import read_any
    from pipelines.io.reading.text_tables import Overrides

    found = read_any(path, overrides=Overrides(separator=separator, header_line=header_line))
    facts = [
        {
            "name": t.name,
            "header": list(t.header),
            "lines": list(t.header_lines),
            "record_lines": _lines(t),
            "decisions": _said(t.decisions),
        }
        for t in found.tables
    ]
    tables = tuple(map(_cells, found.tables))
    return Answer(facts={"decisions": _said(found.decisions), "tables": facts}, tables=tables)


def _said(decisions: tuple[Decision, ...]) -> list[dict[str, Any]]:
    return [
        {"what": d.what, "value": d.value, "confidence": d.confidence, "evidence": d.evidence}
        for d in decisions
    ]


def _decisions(said: list[dict[str, Any]]) -> tuple[Decision, ...]:
    return tuple(Decision(**decision) for decision in said)


def _lines(table: FoundTable) -> list[int]:
    """Where the records begin that have the width of the header."""
    width = len(table.header)
    return [line for line, record in zip(table.lines, table.records, strict=True) if len(record) == width]


def _cells(table: FoundTable) -> "pa.Table":
    import pyarrow as pa

    width = len(table.header)
    whole = [record for record in table.records if len(record) == width]
    columns = list(zip(*whole, strict=True)) if whole else [()] * width
    return pa.table({str(rank): pa.array(column, pa.string()) for rank, column in enumerate(columns)})


def _found(said: dict[str, Any], cells: "pa.Table") -> FoundTable:
    records = list(zip(*(column.to_pylist() for column in cells.columns), strict=True))
    return FoundTable(
        name=said["name"],
        header=said["header"],
        records=records,
        lines=said["record_lines"],
        header_lines=tuple(said["lines"]),
        decisions=_decisions(said["decisions"]),
    )


def centre_path(network_id: str, centre_id: str) -> Path:
    """Where the file of a centre stands in the configuration."""
    return share().joinpath("config", "centres", network_id, f"{centre_id}.yaml")


def write_centre(path: Path, text: str) -> None:
    """Write a new centre's file. ConfigError when there is one: what people decided is not written over."""
    remedy = "Choose another place with --out, or remove it."
    if not path.parent.is_dir():
        raise ConfigError("the folder does not exist", where=str(path.parent), remedy="Create it.")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigError("the file exists already", where=str(path), remedy=remedy) from None


def small_text(path: Path) -> str:
    """The text of a small UTF-8 file, as an answers file. ConfigError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            "the file cannot be read as UTF-8 text", where=path.name, remedy="Check it."
        ) from None
