"""What proposals start from: the tables of the files, and the lexicon of the configuration."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pipelines.io.configuration import read_codes
from pipelines.io.unseen import read_unseen
from pipelines.propose.lexicon import Lexicon, lexicon
from pipelines.propose.source import SourceTable, source_tables


def read_sources(files: Iterable[Path]) -> list[SourceTable]:
    """The tables of the files, in order. FileRefused when one cannot be read."""
    return [table for path in files for table in source_tables(path.name, read_unseen(path))]


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
