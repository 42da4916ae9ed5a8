"""Ten dialects that no centre writes: the tables of a centre under other headers, words, date orders and file names.

The headers of `unseen_headers.csv` were written once, in French and English, and are never copied to the lists that
proposals use.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pipelines.config import Centre, SheetMap
from pipelines.propose.source import SourceTable
from validations.contracts.entities import ENTITIES, ENTITY_LABELS
from validations.contracts.model import Kind

_HEADERS = Path(__file__).with_name("unseen_headers.csv")
_FIELDS = {field.name: field for group in ENTITIES.values() for field in group}
Language = Literal["fr", "en"]


@dataclass(frozen=True)
class Unseen:
    """One dialect: its language, how it writes a header, a word and a date (from year, month and day)."""

    name: str
    language: Language
    header: Callable[[str], str]
    word: Callable[[str], str]
    date: str


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9]+", _bare(text))


def _snake(text: str) -> str:
    return "_".join(_words(text)).lower()


def _camel(text: str) -> str:
    first, *others = _words(text)
    return first.lower() + "".join(word.capitalize() for word in others)


def _cut(text: str) -> str:
    return "_".join(word[:4] for word in _words(text)).upper()


def _skeleton(text: str) -> str:
    return "_".join(
        word[0] + re.sub("[aeiouy]", "", word[1:]) if len(word) > 4 else word for word in _words(text)
    ).lower()


def _same(text: str) -> str:
    return text


DIALECTS = (
    Unseen("phrases françaises", "fr", _same, _same, "{2}/{1}/{0}"),
    Unseen(
        "français en capitales", "fr", lambda t: _snake(t).upper(), lambda t: _bare(t).upper(), "{2}.{1}.{0}"
    ),
    Unseen("français en chameau", "fr", _camel, str.lower, "{0}-{1}-{2}"),
    Unseen("français coupé à quatre lettres", "fr", _cut, _bare, "{2}/{1}/{0}"),
    Unseen("questionnaire numéroté", "fr", lambda t: f"Q. {t} ?", str.capitalize, "{2}-{1}-{0}"),
    Unseen("English phrases", "en", _same, _same, "{1}/{2}/{0}"),
    Unseen("English snake", "en", _snake, str.lower, "{0}-{1}-{2}"),
    Unseen("English camel", "en", _camel, str.upper, "{0}/{1}/{2}"),
    Unseen("English without vowels", "en", _skeleton, _same, "{1}/{2}/{0}"),
    Unseen("English capitals", "en", lambda t: t.upper(), str.upper, "{0}{1}{2}"),
)


def _names(language: Language) -> dict[str, str]:
    with _HEADERS.open(encoding="utf-8", newline="") as file:
        return {row["field"]: row[language] for row in csv.DictReader(file)}


def rewritten(
    table: SourceTable, sheet: SheetMap, centre: Centre, dialect: Unseen
) -> tuple[SourceTable, dict[str, tuple[str, str]]] | None:
    """A one-entity table in another dialect, with what each of its columns holds; None when it holds several."""
    if len(sheet.tables) != 1:
        return None
    mapped = sheet.tables[0]
    fields = {header: field for field, header in mapped.columns.items()}
    names = _names(dialect.language)
    kept = [(place, fields[text]) for place, text in enumerate(table.header) if text in fields]
    header = tuple(dialect.header(names[field]) for _, field in kept)
    columns = tuple(tuple(_cells(table.columns[place], field, centre, dialect)) for place, field in kept)
    label = ENTITY_LABELS[mapped.entity][0 if dialect.language == "fr" else 1]
    changed = replace(table, file=f"{_snake(label)}_20250102.csv", sheet=None, header=header, columns=columns)
    return changed, {text: (mapped.entity, field) for text, (_, field) in zip(header, kept, strict=True)}


def _cells(cells: tuple[str, ...], name: str, centre: Centre, dialect: Unseen) -> Iterator[str]:
    field = _FIELDS[name]
    if field.kind is Kind.DATE:
        return (_date(cell, dialect) for cell in cells)
    if field.kind is Kind.BOOLEAN:
        said = {"yes": ("Oui", "Yes"), "no": ("Non", "No")}
        return _translated(cells, centre.values.get("boolean", {}), said, dialect)
    if field.kind is Kind.CODE:
        labels = {code.value: (code.fr, code.en) for code in field.codes}
        return _translated(cells, centre.values.get(name, {}), labels, dialect)
    return iter(cells)


def _translated(
    cells: tuple[str, ...],
    words: Mapping[str, tuple[str, ...]],
    labels: Mapping[str, tuple[str, str]],
    dialect: Unseen,
) -> Iterator[str]:
    rank = 0 if dialect.language == "fr" else 1
    codes = {word.casefold(): code for code, said in words.items() for word in said}
    known = {word: dialect.word(labels[code][rank]) for word, code in codes.items()}
    return (known.get(cell.casefold(), cell) for cell in cells)


def _date(cell: str, dialect: Unseen) -> str:
    """A day of the form dd/mm/yyyy in the dialect's form; everything else as it is."""
    parts = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", cell)
    return dialect.date.format(parts[3], parts[2], parts[1]) if parts else cell
