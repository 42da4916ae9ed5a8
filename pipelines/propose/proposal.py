"""A centre's whole file, proposed: everything it must say, each part with its confidence.

Nothing doubtful is taken: a column, a word or an order that stays below the threshold is left out and asked for.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.propose.choice import THRESHOLD, Choice
from pipelines.propose.keys import key_columns
from pipelines.propose.lexicon import FIELDS, Lexicon
from pipelines.propose.match import KEYS, Match, match_table
from pipelines.propose.names import name_pattern
from pipelines.propose.profile import Profile
from pipelines.propose.source import WRITTEN, SourceTable
from pipelines.propose.values import Word, value_words
from pipelines.propose.writing import date_choices, decimal_choice, missing_words, size_unit
from validations.contracts.entities import ENTITIES, ENTITY_REQUIRED, PATIENT_ENTITIES
from validations.contracts.model import Kind

IGNORED = "ignored"
#: Without one of these a line says nothing of the entity: a lone sex in a table of surgeries makes no patient.
_ANCHORS: Mapping[str, frozenset[str]] = {
    "patient_identity": frozenset({"birth_name", "ins_matricule", "birth_date"}),
    "tumour": frozenset(
        {
            "diagnosis_date",
            "morphology_code",
            "diagnosis_label",
            "topography_code",
            "icd10_code",
            "adicap_code",
        }
    ),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column with what is proposed for it: an (entity, field), `ignored`, or a question."""

    header: str
    entity: str | None
    field: str | None
    confidence: float
    profile: Profile
    number: int = 0
    second: str | None = None

    @property
    def target(self) -> str:
        """What it holds, as people write it in answers: `surgery.margin`."""
        return f"{self.entity}.{self.field}" if self.field else IGNORED

    @property
    def is_taken(self) -> bool:
        """True when its field needs no question."""
        return self.field is not None and self.confidence >= THRESHOLD

    @property
    def is_asked(self) -> bool:
        """True when something looks like it, but not enough to be taken."""
        return self.field is not None and not self.is_taken


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table of the export with its columns in order."""

    source: SourceTable
    columns: tuple[Column, ...]

    @property
    def has_patients(self) -> bool:
        """True when the lines name their patient: the sheet can be used."""
        return any(c.field == KEYS[0] and c.is_taken for c in self.columns)

    @property
    def taken(self) -> list[Column]:
        """The columns whose field needs no question."""
        return [column for column in self.columns if column.is_taken]


@dataclass(frozen=True, kw_only=True)
class File:
    """The files of one pattern: the first of them stands for all."""

    match: str
    names: tuple[str, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the centre's file will say. `export` are the choices of its `export` part."""

    export: tuple[Choice, ...]
    missing: tuple[str, ...]
    files: tuple[File, ...]
    words: tuple[Word, ...]

    @property
    def columns(self) -> list[tuple[Sheet, Column]]:
        """Every column with its sheet."""
        return [(sheet, c) for file in self.files for sheet in file.sheets for c in sheet.columns]

    def choice(self, key: str) -> Choice | None:
        """The choice of one key of `export`."""
        return next((c for c in self.export if c.key == key), None)


def propose(
    tables: Sequence[SourceTable], lexicon: Lexicon, *, columns: Mapping[str, str] | None = None
) -> Proposal:
    """The proposal for the tables of an export. `columns` maps headers to `entity.field` or `ignored`, as answered."""
    missing = missing_words(tables)
    dropped = frozenset(word.lower() for word in missing)
    keys = key_columns(tables)
    sheets = [
        _sheet(table, match_table(table, lexicon, missing=dropped, keys=known), columns or {})
        for table, known in zip(tables, keys, strict=True)
    ]
    taken = [column for sheet in sheets for column in sheet.taken]
    return Proposal(
        export=tuple(_export(tables, taken)),
        missing=missing,
        files=tuple(_files(sheets)),
        words=tuple(value_words(((c.field, c.profile) for c in taken if c.field), lexicon)),
    )


def _sheet(table: SourceTable, matches: Iterable[Match], answers: Mapping[str, str]) -> Sheet:
    columns = [
        _column(table.header[place], number, match)
        for match in matches
        for number, place in match.slot.members
    ]
    answered = [_answered(column, answers.get(column.header)) for column in columns]
    order = {header: rank for rank, header in enumerate(table.header)}
    kept = _without_rivals(_without_doubles(sorted(answered, key=lambda c: order[c.header]), table.header))
    return Sheet(source=table, columns=tuple(_anchored(kept)))


def _column(header: str, number: int, match: Match) -> Column:
    return Column(
        header=header,
        entity=match.entity,
        field=match.field,
        confidence=match.confidence,
        profile=match.profile,
        number=number,
        second=match.second,
    )


def _answered(column: Column, answer: str | None) -> Column:
    if answer is None:
        return column
    entity, _, field = answer.partition(".")
    if answer == IGNORED:
        return replace(column, entity=None, field=None, confidence=1.0)
    return replace(column, entity=entity, field=field, confidence=1.0)


def _without_doubles(columns: Iterable[Column], header: Sequence[str]) -> list[Column]:
    """A header that is blank, or stands twice, cannot be mapped."""
    return [replace(c, confidence=0.0) if not c.header or header.count(c.header) > 1 else c for c in columns]


def _without_rivals(columns: Sequence[Column]) -> list[Column]:
    """Of two columns taken for the same field of the same repetition, the surer stays; the other is asked for."""
    best: dict[tuple[object, ...], Column] = {}
    for column in columns:
        place = _target_place(column)
        if column.is_taken and (place not in best or column.confidence > best[place].confidence):
            best[place] = column
    return [
        c if not c.is_taken or best[_target_place(c)] is c else replace(c, confidence=0.0) for c in columns
    ]


def _target_place(column: Column) -> tuple[object, ...]:
    if column.field in KEYS:
        return (column.field,)
    return column.entity, column.field, column.number


def _anchored(columns: Sequence[Column]) -> list[Column]:
    """The columns of an entity that lacks every field that makes it one are asked for, not taken."""
    present = {(c.entity, c.field) for c in columns if c.is_taken}
    floating = {e for e, anchors in _ANCHORS.items() if not any((e, a) in present for a in anchors)}
    return [
        replace(c, confidence=min(c.confidence, 0.4))
        if c.entity in floating and c.field not in KEYS and c.confidence < 1.0
        else c
        for c in columns
    ]


def _files(sheets: Iterable[Sheet]) -> list[File]:
    """The sheets by the pattern of their file; of several files of one pattern the first speaks."""
    by_pattern: dict[str, dict[str, list[Sheet]]] = {}
    for sheet in sheets:
        named = by_pattern.setdefault(name_pattern(sheet.source.file), {})
        named.setdefault(sheet.source.file, []).append(sheet)
    return [
        File(match=pattern, names=tuple(named), sheets=tuple(next(iter(named.values()))))
        for pattern, named in by_pattern.items()
    ]


def _export(tables: Sequence[SourceTable], taken: Sequence[Column]) -> Iterable[Choice]:
    formats = Counter(table.format for table in tables)
    kind, n = formats.most_common(1)[0]
    share = n / sum(formats.values())
    yield Choice(
        key="format", value=kind, confidence=share, fr="vu dans le contenu", en="seen in the content"
    )
    is_workbook = all(table.is_workbook for table in tables)
    if kind == "csv":
        for what in ("encoding", "separator", "quote"):
            yield from _agreed(what, tables)
    dates = [c.profile for c in taken if FIELDS[c.field or ""].kind is Kind.DATE]
    yield from date_choices(dates, is_workbook=is_workbook)
    numbers = [c.profile for c in taken if FIELDS[c.field or ""].kind in (Kind.NUMBER, Kind.INTEGER)]
    yield decimal_choice(numbers, is_workbook=is_workbook)
    for column in taken:
        unit = size_unit(column.header, column.profile) if column.field == "size_mm" else None
        if unit:
            yield unit
            return


_ONE_BYTE = ("cp1252", "iso-8859-15", "cp850", "mac_roman")


def _agreed(what: str, tables: Iterable[SourceTable]) -> Iterable[Choice]:
    """What the reading of all files agrees on; files of plain ASCII have no say in the encoding."""
    votes = [d for table in tables if (d := table.decided(what))]
    telling = [d for d in votes if "ASCII" not in d.evidence] or votes
    if not telling:
        return
    total: Counter[str] = Counter()
    for decision in telling:
        total[decision.value] += max(1, round(100 * decision.confidence))
    value, most = total.most_common(1)[0]
    best = max((d for d in telling if d.value == value), key=lambda d: d.confidence)
    is_shared = most / sum(total.values()) > 0.9 or (what == "encoding" and set(total) <= set(_ONE_BYTE))
    chosen = WRITTEN.get(value, value) if is_shared else "auto"
    yield Choice(key=what, value=chosen, confidence=best.confidence, fr=best.evidence, en=best.evidence)


def tables_of(sheet: Sheet) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """The tables of a sheet as (entity, columns, constants), one for each repetition."""
    keys = {c.field: c.header for c in sheet.taken if c.field and c.field in KEYS}
    found: dict[tuple[str, int], dict[str, str]] = {}
    firsts = {c.entity for c in sheet.taken if c.number}
    for column in sheet.taken:
        if column.entity and column.field and column.field not in KEYS:
            number = column.number or (1 if column.entity in firsts else 0)
            found.setdefault((column.entity, number), {}).setdefault(column.field, column.header)
    order = list(ENTITIES)
    return [
        _table(entity, columns, keys)
        for (entity, _), columns in sorted(
            found.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    ]


def _table(
    entity: str, columns: Mapping[str, str], keys: Mapping[str, str]
) -> tuple[str, dict[str, str], dict[str, str]]:
    required = ENTITY_REQUIRED[entity]
    mapped = {key: keys[key] for key in required if key in keys}
    constants = {} if KEYS[1] in mapped or entity in PATIENT_ENTITIES else {KEYS[1]: "1"}
    return entity, {**mapped, **columns}, {**constants, **_implied(entity, columns)}


def _implied(entity: str, columns: Mapping[str, str]) -> dict[str, str]:
    """What a table states of all its lines without a column: doses alone are radiotherapies."""
    if entity == "treatment" and {"dose_gy", "fractions"} & set(columns):
        is_other = {"treatment_kind", "drugs", "cycles"} & set(columns)
        return {} if is_other else {"treatment_kind": "radiotherapy"}
    if entity == "follow_up" and "follow_up_event" not in columns and "event_date" in columns:
        return {"follow_up_event": "last_news"}
    return {}
