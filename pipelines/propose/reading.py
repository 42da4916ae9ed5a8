"""What proposals start from: the tables of the files, and the lexicon of the configuration."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pipelines.io.configuration import read_codes
from pipelines.io.unseen import read_unseen
from pipelines.propose.headers import tokens
from pipelines.propose.lexicon import FIELDS, Lexicon, lexicon
from pipelines.propose.source import WRITTEN, SourceTable, source_tables

#: A header that scores so for a field is one of its names.
_KNOWN = 0.7


def read_sources(files: Iterable[Path]) -> list[SourceTable]:
    """The tables of the files, in order. FileRefused when one cannot be read.

    A centre writes all its files alike: one that seems to be written otherwise is read again as the most of them.
    """
    found = [(path, source_tables(path.name, read_unseen(path))) for path in files]
    every = [table for _, tables in found for table in tables]
    separator, line = usual_separator(every), usual_header_line(every)
    again = [_read_again(path, tables, separator, line) for path, tables in found]
    return [table for tables in again for table in tables]


def _read_again(
    path: Path, tables: list[SourceTable], separator: str | None, line: int | None
) -> list[SourceTable]:
    """The file as its neighbours are written, when that gives headers that we know better."""
    if _is_odd(tables, separator):
        tables = source_tables(path.name, read_unseen(path, separator=separator))
    if line is None or not tables or any(t.is_workbook or t.header_line == line for t in tables):
        return tables
    other = source_tables(path.name, read_unseen(path, separator=separator, header_line=line))
    return max(tables, other, key=_known_headers)


def _known_headers(tables: Iterable[SourceTable]) -> float:
    """The share of the headers that resemble a field."""
    words = load_lexicon().headers
    headers = [tokens(text) for table in tables for text in table.header]
    known = sum(any(words.score(header, name) >= _KNOWN for name in FIELDS) for header in headers)
    return known / len(headers) if headers else 0.0


def usual_header_line(tables: Iterable[SourceTable]) -> int | None:
    """The header line of more than half of the text tables, when they disagree."""
    votes = Counter(table.header_line for table in tables if not table.is_workbook)
    line, n = max(votes.items(), key=lambda vote: vote[1], default=(1, 0))
    return line if len(votes) > 1 and 2 * n > votes.total() else None


def usual_separator(tables: Iterable[SourceTable]) -> str | None:
    """The separator of more than half of the text files, when they disagree."""
    votes = Counter(said.value for table in tables if (said := table.decided("separator")))
    value, n = max(votes.items(), key=lambda vote: vote[1], default=("", 0))
    is_clear = len(votes) > 1 and 2 * n > votes.total()
    return WRITTEN.get(value, value) if is_clear else None


def _is_odd(tables: Iterable[SourceTable], usual: str | None) -> bool:
    said = [found.value for table in tables if (found := table.decided("separator"))]
    return usual is not None and any(WRITTEN.get(value, value) != usual for value in said)


@cache
def load_lexicon() -> Lexicon:
    """The lexicon of `config/codes`."""
    headers, values = read_codes("header_words"), read_codes("value_words")
    return lexicon(
        zip(headers["field"], headers["word"], strict=True),
        zip(values["field"], values["code"], values["word"], strict=True),
        diagnoses=_texts(
            ("morphology", "label_fr"), ("morphology", "label_en"), ("morphology_synonym", "term")
        ),
        sites=_texts(("topography", "label_fr"), ("topography", "label_en"), ("topography_synonym", "term")),
        hospitals=_texts(("facility", "alias")),
    )


def _texts(*places: tuple[str, str]) -> list[str]:
    return [text for table, column in places for text in read_codes(table)[column].dropna()]
