"""What a centre's file may not say although each of its keys is well formed: contradictions, doubles, lost words.

Every check yields mistakes instead of stopping at the first, each with its place in the file and what to do.
"""

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from validations.contracts.entities import ENTITIES, ENTITY_REQUIRED
from validations.contracts.model import Field, Kind

if TYPE_CHECKING:
    from pipelines.config import Centre, Export, FileMap, SheetMap, TableMap, Validity

Place = tuple[str | int, ...]

#: The values of `boolean` fields in a centre's file: canonical word → the centre's words.
BOOLEAN_VALUES = ("yes", "no")
#: What the groups of a file's `match` may be called.
MATCH_GROUPS = ("exported", "version", "part", "parts", "kind")
_LONGEST_MATCH: Final = 500
_TEXT_FORMATS = ("csv", "fixed")
_ONE_TABLE_FORMATS = ("csv", "fixed", "parquet")
#: The keys of `export` that speak of some formats only.
_BELONGS = {
    "encoding": _TEXT_FORMATS, "separator": ("csv",), "quote": ("csv",), "escape": ("csv",), "widths": ("fixed",),
}  # fmt: skip
_LENGTHS = ("mm", "cm")
_FIELDS = {field.name: field for fields in ENTITIES.values() for field in fields}
_CODED = {name: field.code_values for name, field in _FIELDS.items() if field.kind is Kind.CODE} | {
    "boolean": BOOLEAN_VALUES
}
_ISO_DAY = re.compile(r"([0-9]{4})(-[0-9]{2})?(-[0-9]{2})?")
_INTEGER, _NUMBER = re.compile(r"-?[0-9]{1,15}"), re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,15})?")
#: A group that ends in a repetition and is repeated itself: some names would take hours to compare.
_NESTED_REPEAT = re.compile(r"[+*}]\??\)[+*{]")
#: Pieces of a `match` → a text that they accept: enough for the patterns that centres need.
_SAMPLES = (
    (re.compile(r"\(\?P<exported>[^()]*\)\??"), "20250102"),
    (re.compile(r"\(\?P<\w+>[^()]*\)\??"), "1"),
    (re.compile(r"\\d(?:\{(\d+)[^}]*\})?[+*]?"), "1"),
    (re.compile(r"(?<!\\)\.[+*]?\??"), "a"),
    (re.compile(r"\\(\W)"), r"\1"),
)


@dataclass(frozen=True)
class Mistake:
    """One mistake: its place below the checked part, what is wrong, what to do."""

    place: Place
    what: str
    remedy: str


def compared_header(text: str) -> str:
    """A column header as it is compared: composed accents, single spaces; case counts.

    >>> compared_header(" Date  de naissance ")
    'Date de naissance'
    """
    return " ".join(unicodedata.normalize("NFC", text.replace("\ufeff", "")).split())


def compared_word(text: str) -> str:
    """A centre's word as it is compared: without case, accents or double spaces.

    >>> compared_word(" Exérèse  élargie")
    'exerese elargie'
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def nearest(name: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown name: the most alike, else the list."""
    names = list(known)
    alike = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {alike[0]!r}?" if alike else f"known: {', '.join(names)}"


# -- a table -----------------------------------------------------------------


def table_mistakes(table: "TableMap") -> Iterator[Mistake]:
    """What is wrong with the map of one entity."""
    if table.entity not in ENTITIES:
        yield Mistake(("entity",), f"unknown entity {table.entity!r}", nearest(table.entity, ENTITIES))
        return
    yield from _unknown_fields(table)
    yield from _key_mistakes(table)
    yield from _column_mistakes(table)
    yield from _constant_mistakes(table)


def _unknown_fields(table: "TableMap") -> Iterator[Mistake]:
    known = [field.name for field in ENTITIES[table.entity]]
    for part, names in (("columns", table.columns), ("constants", table.constants)):
        for name in names:
            if name not in known:
                yield Mistake((part, name), f"{table.entity} has no field {name}", nearest(name, known))


def _key_mistakes(table: "TableMap") -> Iterator[Mistake]:
    for key in ENTITY_REQUIRED[table.entity]:
        if key not in table.columns and key not in table.constants:
            yield Mistake(
                ("columns",), f"{table.entity} does not map its key {key}", "name the column that holds it"
            )
    if "local_patient_id" in table.constants:
        yield Mistake(
            ("constants", "local_patient_id"),
            "one identifier for every row would make all patients one person",
            "map it to a column",
        )


def _column_mistakes(table: "TableMap") -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for name, column in table.columns.items():
        header = compared_header(column)
        if not header:
            yield Mistake(("columns", name), "the column header is blank", "write the header of the file")
        elif header in first:
            what = f"the column {header!r} is already mapped to {first[header]}"
            yield Mistake(("columns", name), what, "map a column to one field of an entity")
        first.setdefault(header, name)


def _constant_mistakes(table: "TableMap") -> Iterator[Mistake]:
    for name, text in table.constants.items():
        if name in table.columns:
            what = f"{table.entity} maps {name} both to a column and to a constant"
            yield Mistake(("constants", name), what, "keep one of them")
        field = _FIELDS.get(name)
        if field and not _holds(field, text):
            yield Mistake(("constants", name), f"{name} cannot hold this constant", _expected(field))


def _holds(field: Field, text: str) -> bool:
    if field.kind is Kind.CODE:
        return text in field.code_values
    if field.kind is Kind.BOOLEAN:
        return text in BOOLEAN_VALUES
    if field.kind is Kind.DATE:
        return _is_day(text)
    if field.kind in (Kind.INTEGER, Kind.NUMBER):
        shape = _INTEGER if field.kind is Kind.INTEGER else _NUMBER
        return bool(shape.fullmatch(text)) and _is_within(field, float(text.replace(",", ".")))
    return bool(text.strip())


def _is_within(field: Field, value: float) -> bool:
    return (field.low is None or value >= field.low) and (field.high is None or value <= field.high)


def _is_day(text: str) -> bool:
    written = _ISO_DAY.fullmatch(text)
    if not written:
        return False
    try:
        dt.date.fromisoformat(written[1] + (written[2] or "-01") + (written[3] or "-01"))
    except ValueError:
        return False
    return True


def _expected(field: Field) -> str:
    if field.kind in (Kind.CODE, Kind.BOOLEAN):
        return f"write one of: {', '.join(field.code_values or BOOLEAN_VALUES)}"
    if field.kind is Kind.DATE:
        return "write a day as 2019-04-03, a month as 2019-04 or a year as 2019"
    if field.kind in (Kind.INTEGER, Kind.NUMBER):
        return f"write a number from {field.low} to {field.high}"
    return "write a text that is not blank"


# -- a sheet and a file ------------------------------------------------------


def sheet_mistakes(sheet: "SheetMap") -> Iterator[Mistake]:
    """What is wrong with the tables and the ignored headers of one sheet."""
    if not sheet.tables:
        yield Mistake(("tables",), "the sheet has no table", "map at least one entity")
    for rank, table in enumerate(sheet.tables):
        if table in sheet.tables[:rank]:
            what = f"the same table as tables.{sheet.tables.index(table)}: every row would be read twice"
            yield Mistake(("tables", rank), what, "remove one of them")
    mapped = {compared_header(column) for table in sheet.tables for column in table.columns.values()}
    seen: set[str] = set()
    for rank, column in enumerate(sheet.ignored):
        header = compared_header(column)
        if header in mapped:
            yield Mistake(("ignored", rank), f"the column {header!r} is mapped too", "map it or ignore it")
        if header in seen:
            yield Mistake(("ignored", rank), f"the column {header!r} is ignored twice", "remove one of them")
        seen.add(header)


def file_mistakes(file: "FileMap") -> Iterator[Mistake]:
    """What is wrong with the name pattern and the sheets of one file."""
    yield from _match_mistakes(file)
    if not file.sheets:
        yield Mistake(("sheets",), "the file has no sheet", "map at least one sheet")
    places = [(compared_word(sheet.sheet or ""), sheet.header_line) for sheet in file.sheets]
    for rank, place in enumerate(places):
        if place in places[:rank]:
            what = f"the same sheet and header line as sheets.{places.index(place)}"
            yield Mistake(("sheets", rank), what, "put their tables under one sheet")


def _match_mistakes(file: "FileMap") -> Iterator[Mistake]:
    if len(file.match) > _LONGEST_MATCH:
        yield Mistake(("match",), f"match is longer than {_LONGEST_MATCH} characters", "shorten it")
        return
    try:
        groups = re.compile(file.match).groupindex
    except re.error as problem:
        yield Mistake(("match",), f"match is not a regular expression: {problem}", "correct it")
        return
    for group in groups:
        if group not in MATCH_GROUPS:
            yield Mistake(("match",), f"match has an unknown group {group!r}", nearest(group, MATCH_GROUPS))
    if _NESTED_REPEAT.search(file.match):
        yield Mistake(("match",), "match repeats a group that repeats itself", "remove one repetition")
    if "parts" in groups and "part" not in groups:
        yield Mistake(
            ("match",), "match has a group 'parts' and no group 'part'", "add the number of the part"
        )
    if file.mode == "incremental" and "exported" not in groups:
        what = "incremental files have no declared order: match has no group 'exported'"
        yield Mistake(("mode",), what, "add (?P<exported>...) to match, or write mode: full")


# -- the export --------------------------------------------------------------


def export_mistakes(export: "Export") -> Iterator[Mistake]:
    """What is wrong with the description of how a centre writes."""
    for option, formats in _BELONGS.items():
        if option in export.model_fields_set and export.format not in formats:
            yield Mistake((option,), f"a file of format {export.format} has no {option}", "remove this key")
    if export.format == "fixed" and not export.widths:
        yield Mistake(("widths",), "a fixed-width file needs widths", "list the width of each column")
    if export.escape and not export.quote:
        yield Mistake(("escape",), "an escape has no meaning without a quote", "remove it, or name the quote")
    for name in export.units:
        field = _FIELDS.get(name)
        if field is None:
            yield Mistake(("units", name), f"no entity has a field {name}", nearest(name, _fields_in_mm()))
        elif field.unit not in _LENGTHS:
            what = (
                f"{name} is not a length: it is stored {'in ' + field.unit if field.unit else 'without unit'}"
            )
            yield Mistake(("units", name), what, f"fields that have one: {', '.join(_fields_in_mm())}")


def _fields_in_mm() -> list[str]:
    return [name for name, field in _FIELDS.items() if field.unit in _LENGTHS]


# -- the values --------------------------------------------------------------


def value_mistakes(values: Mapping[str, Mapping[str, Iterable[str]]]) -> Iterator[Mistake]:
    """Fields that are not coded, codes that do not exist, words that stand for two codes."""
    for name, words in values.items():
        if name not in _CODED:
            yield Mistake((name,), f"{name} is not a coded field", nearest(name, _CODED))
            continue
        for code in words:
            if code not in _CODED[name]:
                yield Mistake((name, code), f"{name} has no code {code}", nearest(code, _CODED[name]))
        yield from _word_mistakes(name, words)


def _word_mistakes(name: str, words: Mapping[str, Iterable[str]]) -> Iterator[Mistake]:
    meaning: dict[str, str] = {}
    for code, stated in words.items():
        for rank, written in enumerate(stated):
            word, place = compared_word(written), (name, code, rank)
            if not word:
                yield Mistake(place, "the word is blank", "remove it: a blank cell is always missing")
            elif meaning.get(word, code) != code:
                what = f"{written!r} stands for two codes, {meaning[word]} and {code}"
                yield Mistake(place, what, "keep it under one of them (case and accents do not count)")
            meaning.setdefault(word, code)


# -- the centre --------------------------------------------------------------


def centre_mistakes(centre: "Centre") -> Iterator[Mistake]:
    """What contradicts itself between the parts of a centre's file."""
    yield from _unmapped_mistakes(centre)
    yield from _missing_word_mistakes(centre)
    yield from _format_mistakes(centre)
    yield from _same_name_mistakes(centre.files)
    yield from _role_mistakes(centre.roles)


def _unmapped_mistakes(centre: "Centre") -> Iterator[Mistake]:
    tables = [table for file in centre.files for sheet in file.sheets for table in sheet.tables]
    mapped = {name for table in tables for name in (*table.columns, *table.constants)}
    if any(_FIELDS[name].kind is Kind.BOOLEAN for name in mapped):
        mapped.add("boolean")
    asked = [
        *(("values", name) for name in centre.values),
        *(("export", "units", n) for n in centre.export.units),
    ]
    for place in asked:
        if place[-1] not in mapped:
            yield Mistake(place, f"no table maps {place[-1]}", "map the field, or remove this key")


def _missing_word_mistakes(centre: "Centre") -> Iterator[Mistake]:
    missing = {compared_word(word) for word in centre.export.missing}
    for name, words in centre.values.items():
        for code, stated in words.items():
            for rank, word in enumerate(stated):
                if compared_word(word) in missing:
                    what = f"{word!r} is also a word of export.missing: {code} would be lost"
                    yield Mistake(("values", name, code, rank), what, "keep it in one of them")


def _format_mistakes(centre: "Centre") -> Iterator[Mistake]:
    kind, widths = centre.export.format, centre.export.widths
    sheets = [
        (("files", i, "sheets", j), s)
        for i, file in enumerate(centre.files)
        for j, s in enumerate(file.sheets)
    ]
    for place, sheet in sheets:
        if sheet.sheet is not None and kind in _ONE_TABLE_FORMATS:
            yield Mistake((*place, "sheet"), f"a file of format {kind} has no sheets", "remove this key")
        if kind == "parquet" and (sheet.header_line, sheet.header_rows) != (1, 1):
            yield Mistake(
                (*place, "header_line"), "a parquet file has no header rows", "remove the header keys"
            )
        if widths and len({compared_header(c) for c in sheet.expected_columns}) > len(widths):
            what = f"more columns are named than export.widths has ({len(widths)})"
            yield Mistake(place, what, "give every column its width")


def _same_name_mistakes(files: "tuple[FileMap, ...]") -> Iterator[Mistake]:
    bare = [re.sub(r"\(\?P<\w+>", "(", file.match) for file in files]
    samples = [sample_name(file.match) for file in files]
    for later, file in enumerate(files):
        for earlier in range(later):
            both = (samples[later], files[earlier]), (samples[earlier], file)
            if bare[later] == bare[earlier] or any(n and other.pattern.fullmatch(n) for n, other in both):
                what = f"one file name can match this and files.{earlier}.match"
                yield Mistake(("files", later, "match"), what, "make the names exclude each other")


def sample_name(match: str) -> str | None:
    r"""A file name that `match` accepts, when the pattern is simple enough to tell; else None.

    >>> sample_name(r"chir_(?P<exported>\d{8})\.csv")
    'chir_20250102.csv'
    """
    name = match
    for piece, accepted in _SAMPLES:
        name = piece.sub(_repeated if accepted == "1" and piece.groups else accepted, name)
    return name if re.fullmatch(match, name) else None


def _repeated(digits: re.Match[str]) -> str:
    return "1" * min(int(digits[1] or 1), 99)


def _role_mistakes(roles: "tuple[Validity, ...]") -> Iterator[Mistake]:
    for rank, role in enumerate(roles):
        if role.valid_to and role.valid_to < role.valid_from:
            yield Mistake(("roles", rank, "valid_to"), "the role ends before it begins", "correct the days")
        for earlier in range(rank):
            same = (role.network, role.role) == (roles[earlier].network, roles[earlier].role)
            if same and _overlap(role, roles[earlier]):
                what = f"the same role as roles.{earlier}, on the same days"
                yield Mistake(("roles", rank, "valid_from"), what, "keep one of them")


def _overlap(one: "Validity", other: "Validity") -> bool:
    return (one.valid_to or dt.date.max) >= other.valid_from and (
        other.valid_to or dt.date.max
    ) >= one.valid_from
