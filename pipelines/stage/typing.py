"""From staged text to the contract's types. A text that cannot be read leaves its field missing, with a finding."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from pipelines.config import Centre
from pipelines.stage.columns import Reading, Typed, read_column
from pipelines.stage.dates import FIRST_BIRTH_YEAR, FIRST_EVENT_YEAR, parse_date
from pipelines.stage.numbers import parse_integer, parse_number
from pipelines.stage.words import parse_word, vocabulary
from validations.contracts.derive import arrow_schema, arrow_type
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Field, Kind, Sensitivity
from validations.contracts.shared_fields import PROVENANCE
from validations.contracts.tables import VALIDATED
from validations.result import findings
from validations.rules.contract import DAMAGED_TEXT

if TYPE_CHECKING:
    import pyarrow as pa

#: A lost character, or UTF-8 read as a one-byte encoding: Ã© for é.
_DAMAGE = "\ufffd|[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"


def type_rows(staged: "pa.Table", entity: str, *, centre: Centre) -> "tuple[pa.Table, pa.Table]":
    """The rows with the columns and types of `val_<entity>`, and the typing's findings (row_id, rule_id, field)."""
    columns: dict[str, Any] = {field.name: staged.column(field.name) for field in PROVENANCE}
    problems: list[tuple[str, pa.Array]] = []
    for field in ENTITIES[entity]:
        text = staged.column(field.name)
        typed = _typed(field, text, centre)
        columns[field.name] = typed.column
        problems.append((field.name, typed.problems))
        if field.kind is Kind.DATE:
            columns[f"{field.name}_precision"] = typed.precision.fill_null("unknown")
        if field.kind is Kind.CODE:
            columns[f"{field.name}_raw"] = text
    return _table(columns, entity), _held(staged.column("row_id"), problems)


def _typed(field: Field, text: "pa.ChunkedArray", centre: Centre) -> Typed:
    if field.kind is Kind.TEXT:
        return _read_text(text)
    return read_column(text, _parser(field, centre), arrow_type(field.kind))


def _parser(field: Field, centre: Centre) -> Callable[[str], Reading]:
    export, is_workbook = centre.export, centre.export.format != "csv"
    if field.kind is Kind.DATE:
        is_birth = field.sensitivity is Sensitivity.IDENTITY
        first_year = FIRST_BIRTH_YEAR if is_birth else FIRST_EVENT_YEAR
        return partial(parse_date, order=export.dates, first_year=first_year)
    if field.kind is Kind.INTEGER:
        return partial(parse_integer, decimal=export.decimal, is_workbook=is_workbook)
    if field.kind is Kind.NUMBER:
        return partial(parse_number, decimal=export.decimal, is_workbook=is_workbook)
    return partial(parse_word, words=vocabulary(field, centre.values))


def _read_text(text: "pa.ChunkedArray") -> Typed:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = text.combine_chunks()
    is_damaged = pc.match_substring_regex(values, _DAMAGE)
    problems = pc.if_else(is_damaged, pa.scalar(DAMAGED_TEXT), pa.scalar(None, pa.string()))
    return Typed(column=values, problems=problems, precision=pa.nulls(len(values), pa.string()))


def _table(columns: dict[str, Any], entity: str) -> "pa.Table":
    """The typed columns; keys may still be missing, which the gate says."""
    import pyarrow as pa

    fields = [field.with_nullable(True) for field in arrow_schema(VALIDATED[entity])]
    return pa.table([columns[field.name] for field in fields], schema=pa.schema(fields))


def _held(row_ids: "pa.ChunkedArray", problems: "Iterable[tuple[str, pa.Array]]") -> "pa.Table":
    return findings(
        (row_id, rule_id, field)
        for field, rules in problems
        if rules.null_count < len(rules)
        for row_id, rule_id in zip(
            row_ids.filter(rules.is_valid()).to_pylist(), rules.drop_null().to_pylist(), strict=True
        )
    )
