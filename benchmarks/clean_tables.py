"""Three invented tables and a writer of delimited text: what the polluted files are made of.

The writer is ours because a pollution needs what the `csv` module refuses to write: separators of two characters,
quotes that nothing escapes, one damaged record among sound ones.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

Row = tuple[str, ...]
Escape = Literal["double", "backslash", "none"]

WORDS = (
    "annual", "report", "stock", "river", "school", "late", "delivery", "café", "naïve", "garden", "bus",
    "budget", "bridge", "winter", "open", "summary", "noise", "façade", "water", "paper", "green", "second",
    "council", "north", "market", "résumé",
)  # fmt: skip
FAMILY_NAMES = (
    "Lefèvre", "Müller", "D'Hérouville", "Noël", "Béranger", "Garçon", "Petit", "Moreau", "Châtel", "Ozanne",
    "Le-Guen", "Rivière",
)  # fmt: skip
FIRST_NAMES = (
    "Zoé", "Éric", "Inès", "Jérôme", "Maëlle", "Paul", "Anaïs", "Benoît", "Françoise", "Rémi", "Lucie",
    "Théo",
)  # fmt: skip
DIAGNOSES = (
    "Liposarcome dédifférencié", "Léiomyosarcome", "Sarcome pléomorphe; grade à revoir", "Tumeur desmoïde",
    "Sarcome d'Ewing", "GIST", "Angiosarcome, sein irradié", "Myxofibrosarcome",
)  # fmt: skip
PLACES = (
    "Cuisse gauche", "Rétropéritoine", "Épaule droite", "Paroi thoracique", "Utérus", "Estomac",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a table is written as bytes; the default is RFC 4180 in UTF-8."""

    separator: str = ","
    quote: str = '"'
    escape: Escape = "double"
    line_end: str = "\r\n"
    quotes_all: bool = False
    encoding: str = "utf-8"


@dataclass(frozen=True, kw_only=True)
class CleanTable:
    """A table with the dialect that its authors would write it in."""

    name: str
    header: Row
    records: tuple[Row, ...]
    dialect: Dialect

    @property
    def rows(self) -> tuple[Row, ...]:
        """The header, then the records."""
        return (self.header, *self.records)


def _needs_quotes(text: str, dialect: Dialect) -> bool:
    special = {dialect.quote, dialect.separator, dialect.separator.strip() or dialect.separator, "\r", "\n"}
    if dialect.escape == "backslash":
        special.add("\\")
    return dialect.quotes_all or any(sign in text for sign in special)


def quoted(text: str, dialect: Dialect) -> str:
    """The cell between quotes, its own quotes escaped as the dialect says."""
    inside = text
    if dialect.escape == "double":
        inside = text.replace(dialect.quote, dialect.quote * 2)
    elif dialect.escape == "backslash":
        inside = text.replace("\\", "\\\\").replace(dialect.quote, "\\" + dialect.quote)
    return f"{dialect.quote}{inside}{dialect.quote}"


def write_cell(text: str, dialect: Dialect) -> str:
    """One cell, quoted only where it must be.

    >>> write_cell('a "b", c', Dialect())
    '"a ""b"", c"'
    """
    return quoted(text, dialect) if _needs_quotes(text, dialect) else text


def write_line(cells: Iterable[str], dialect: Dialect) -> str:
    """One record without its line end."""
    return dialect.separator.join(write_cell(cell, dialect) for cell in cells)


def write_rows(rows: Iterable[Row], dialect: Dialect) -> str:
    """The whole text, every record ended."""
    return "".join(write_line(row, dialect) + dialect.line_end for row in rows)


def _phrase(rng: np.random.Generator, words: int) -> str:
    return " ".join(rng.choice(WORDS, size=words))


def _remark(rng: np.random.Generator, place: int) -> str:
    """Free text that needs quotes in some records: a comma, a quotation, a line break, a backslash, nothing."""
    text = _phrase(rng, 4)
    kinds = (
        text, f"{text}, then {_phrase(rng, 2)}", f'they said "{text}" twice', "", f"{text}\n{_phrase(rng, 3)}",
        f"{text}; {_phrase(rng, 2)}", f"it's {text}", f'{text}, "as is",\nand so on', f"path a\\b of {text}",
    )  # fmt: skip
    return kinds[place % len(kinds)]


def _shop_record(rng: np.random.Generator, place: int) -> Row:
    day = dt.date(2019, 1, 1) + dt.timedelta(days=int(rng.integers(0, 900)))
    return (
        f"TX{1000 + place}",
        day.strftime("%d/%m/%Y"),
        f"{rng.integers(0, 24):02d}:{rng.integers(0, 60):02d}",
        str(rng.integers(1, 50)),
        f"{rng.integers(1, 90_000) / 100:.2f}",
        "" if place % 11 == 5 else _phrase(rng, 2),
        f"https://example.org/item/{place}?size={rng.integers(1, 9)}&lang=en",
        _remark(rng, place),
        _remark(rng, place + 4),
    )


def _hospital_record(rng: np.random.Generator, place: int) -> Row:
    birth = dt.date(1940, 1, 1) + dt.timedelta(days=int(rng.integers(0, 20_000)))
    meeting = dt.date(2018, 1, 1) + dt.timedelta(days=int(rng.integers(0, 2_000)))
    remark = (
        "",
        "Réséqué en bloc",
        "Dossier relu; marges à préciser",
        'Dit "sain" par le centre',
        "Suivi\nà 6 mois",
    )
    return (
        f"{place + 1:06d}",
        str(rng.choice(FAMILY_NAMES)).upper() if place % 3 else str(rng.choice(FAMILY_NAMES)),
        str(rng.choice(FIRST_NAMES)),
        "MF"[int(rng.integers(0, 2))],
        birth.strftime("%d/%m/%Y"),
        meeting.strftime("%d/%m/%Y"),
        str(rng.choice(DIAGNOSES)),
        str(rng.choice(PLACES)),
        f"{rng.integers(10, 3000) / 10:.1f}".replace(".", ","),
        ("1", "2", "3", "")[place % 4],
        ("R0", "R1", "R2", "non précisé")[int(rng.integers(0, 4))],
        remark[place % len(remark)],
    )


def shop() -> CleanTable:
    """Sales as an open data portal gives them: 83 records of 9 cells, free text with everything in it."""
    rng = np.random.default_rng(1)
    header = ("id", "date", "time", "quantity", "price", "seller", "url", "description", "comments")
    records = tuple(_shop_record(rng, place) for place in range(83))
    return CleanTable(name="shop", header=header, records=records, dialect=Dialect())


def hospital() -> CleanTable:
    """A French hospital's export: semicolons, accents, decimal commas, 60 records of 12 cells; nobody exists."""
    rng = np.random.default_rng(2)
    header = (
        "N° dossier", "Nom", "Prénom", "Sexe", "Date de naissance", "Date RCP", "Diagnostic", "Localisation",
        "Taille (cm)", "Grade", "Marges", "Commentaire",
    )  # fmt: skip
    records = tuple(_hospital_record(rng, place) for place in range(60))
    return CleanTable(name="hospital", header=header, records=records, dialect=Dialect(separator=";"))


def sensors() -> CleanTable:
    """A wide numeric table: a station and 39 measures, 50 records, some cells empty."""
    rng = np.random.default_rng(3)
    header = ("station", *(f"measure_{rank:02d}" for rank in range(1, 40)))
    values = rng.normal(20, 8, size=(50, 39)).round(2)
    blank = rng.random(values.shape) < 0.05
    records = tuple(
        (f"S{rank:03d}", *("" if empty else f"{value:.2f}" for value, empty in zip(line, gaps, strict=True)))
        for rank, (line, gaps) in enumerate(zip(values, blank, strict=True))
    )
    return CleanTable(name="sensors", header=header, records=records, dialect=Dialect())


def clean_tables() -> tuple[CleanTable, ...]:
    """The three sources, always the same."""
    return (shop(), hospital(), sensors())
