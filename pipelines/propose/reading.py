"""What proposals start from: the tables of the files, and the lexicon of the configuration."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pipelines.io.configuration import read_codes
from pipelines.io.unseen import read_unseen
from pipelines.propose.lexicon import Lexicon, lexicon
from pipelines.propose.source import WRITTEN, SourceTable, source_tables


def read_sources(files: Iterable[Path]) -> list[SourceTable]:
    """The tables of the files, in order. FileRefused when one cannot be read.

    A centre writes all its files alike: one that seems to have another separator is read again with that of the most.
    """
    found = [(path, source_tables(path.name, read_unseen(path))) for path in files]
    usual = usual_separator(table for _, tables in found for table in tables)
    again = [
        source_tables(path.name, read_unseen(path, separator=usual)) if _is_odd(tables, usual) else tables
        for path, tables in found
    ]
    return [table for tables in again for table in tables]


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
