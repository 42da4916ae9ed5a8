"""From staged text to the contract's types. A text that cannot be read leaves its field missing, with a finding."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pipelines.config import AUTO, Centre, DateOrder
from pipelines.stage.columns import Reading, Typed, read_column, read_texts, together
from pipelines.stage.date_columns import DateReading, read_dates
from pipelines.stage.date_order import FileDates
from pipelines.stage.dates import FIRST_BIRTH_YEAR, FIRST_EVENT_YEAR
from pipelines.stage.numbers import parse_integer, parse_number
from pipelines.stage.spreadsheet import ERROR_CELL, REPAIRS, SCIENTIFIC_CELL, refuse_errors
from pipelines.stage.words import parse_word, vocabulary
from validations.contracts.derive import arrow_schema, arrow_type
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Field, Kind, Sensitivity
from validations.contracts.shared_fields import PROVENANCE
from validations.contracts.tables import VALIDATED
from validations.result import findings
from validations.rules.contract import DAMAGED_TEXT, DIGITS_LOST, SPREADSHEET_ERROR

if TYPE_CHECKING:
    import pyarrow as pa

#: A lost character, or UTF-8 read as a one-byte encoding: Ã© for é.
_DAMAGE = "\ufffd|[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"


def type_rows(
    staged: "pa.Table", entity: str, *, centre: Centre, orders: Mapping[str, FileDates]
) -> "tuple[pa.Table, pa.Table]":
    """The rows with the columns and types of `val_<entity>`, and the typing's findings (row_id, rule_id, field).

    `orders` gives each delivery the order of its dates.
    """
    columns: dict[str, Any] = {field.name: staged.column(field.name) for field in PROVENANCE}
    problems: list[tuple[str, pa.Array]] = []
    for field in ENTITIES[entity]:
        text = staged.column(field.name)
        if field.kind is Kind.DATE:
            typed = _read_dates(text, staged.column("delivery_id"), field, centre=centre, orders=orders)
        else:
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
        return _read_text(text, repair=REPAIRS.get(field.name))
    kind = arrow_type(field.kind)
    return _read_cells(text, partial(read_texts, parse=_parser(field, centre), kind=kind), kind)


def _read_cells(text: "pa.ChunkedArray", read: "Callable[[pa.Array], Typed]", kind: "pa.DataType") -> Typed:
    return read_column(text, lambda distinct: refuse_errors(distinct, read(distinct)), kind)


def _parser(field: Field, centre: Centre) -> Callable[[str], Reading]:
    export = centre.export
    is_workbook = export.format not in ("csv", "fixed")
    if field.kind is Kind.INTEGER:
        return partial(parse_integer, decimal=export.decimal, is_workbook=is_workbook)
    if field.kind is Kind.NUMBER:
        declared = export.units.get(field.name)
        return partial(
            parse_number,
            decimal=export.decimal,
            is_workbook=is_workbook,
            unit=field.unit,
            declared_unit=declared,
        )
    return partial(parse_word, words=vocabulary(field, centre.values))


def _read_dates(
    text: "pa.ChunkedArray",
    deliveries: "pa.ChunkedArray",
    field: Field,
    *,
    centre: Centre,
    orders: Mapping[str, FileDates],
) -> Typed:
    """A date column, each file in its own order."""
    is_birth = field.sensitivity is Sensitivity.IDENTITY
    files: dict[DateOrder | None, list[str]] = {}
    for delivery, dates in orders.items():
        files.setdefault(dates.order, []).append(delivery)
    parts = []
    for order, mine in files.items():
        how = DateReading(
            order=order,
            first_year=FIRST_BIRTH_YEAR if is_birth else FIRST_EVENT_YEAR,
            last_short_year=centre.export.two_digit_years_until,
            is_decided_by_file=centre.export.dates == AUTO,
        )
        own = text if len(files) == 1 else _only(text, deliveries, mine)
        parts.append(_read_cells(own, partial(read_dates, reading=how), arrow_type(Kind.DATE)))
    return together(parts)


def _only(text: "pa.ChunkedArray", deliveries: "pa.ChunkedArray", mine: list[str]) -> "pa.ChunkedArray":
    """The texts of these deliveries; those of others are missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pc.is_in(deliveries, value_set=pa.array(mine)), text, pa.scalar(None, pa.string()))


def _read_text(text: "pa.ChunkedArray", *, repair: Callable[[str], Reading] | None) -> Typed:
    """A text column: what a spreadsheet destroyed becomes missing, what it changed in one way only is restored."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = text.combine_chunks()
    if values.null_count == len(values):
        nothing_said = pa.nulls(len(values), pa.string())
        return Typed(column=values, problems=nothing_said, precision=nothing_said)
    nothing = pa.scalar(None, pa.string())
    is_error = pc.match_substring_regex(values, ERROR_CELL)
    is_lost = pc.match_substring_regex(values, SCIENTIFIC_CELL)
    is_damaged = pc.match_substring_regex(values, _DAMAGE)
    problems = pc.case_when(
        pc.make_struct(is_error, is_lost, is_damaged),
        *map(pa.scalar, (SPREADSHEET_ERROR, DIGITS_LOST, DAMAGED_TEXT)),
    )
    kept = pc.if_else(pc.or_(is_error, is_lost), nothing, values)
    typed = Typed(column=kept, problems=problems, precision=pa.nulls(len(values), pa.string()))
    if repair is None:
        return typed
    read = partial(read_texts, parse=repair, kind=pa.string())
    restored = read_column(pa.chunked_array([kept]), read, pa.string())
    return Typed(
        column=restored.column, problems=pc.coalesce(problems, restored.problems), precision=typed.precision
    )


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
