"""Our code tables as lookups: what a code is, what a term stands for, where an old code went."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, cast

from pipelines.harmonise.codes import AdicapLesion, Icd10, IcdO3Morphology, IcdO3Topography
from pipelines.harmonise.labels import Code, Terms, normalise
from pipelines.harmonise.migrate import Migration
from pipelines.io.configuration import read_codes


@dataclass(frozen=True, kw_only=True)
class AdicapMeaning:
    """The morphology of a lesion. `exact` and `narrow` (the lesion is a form of it) are answers; others are hints."""

    code: IcdO3Morphology
    is_answer: bool


@dataclass(frozen=True, kw_only=True, eq=False)  # one per process: what is read is remembered by it
class Terminology:
    """Every code table that the harmonise stage needs."""

    #: morphology of ICD-O-3.2 or WHO 2020 → its unspecified form, if any
    parents: Mapping[IcdO3Morphology, IcdO3Morphology | None]
    migrations: Mapping[IcdO3Morphology, Migration]
    morphology_terms: Terms[IcdO3Morphology]
    adicap: Mapping[AdicapLesion, AdicapMeaning]
    topographies: frozenset[IcdO3Topography]
    topography_terms: Terms[IcdO3Topography]
    icd10: Mapping[Icd10, IcdO3Topography]

    @cached_property
    def known_morphologies(self) -> frozenset[IcdO3Morphology]:
        """The morphologies of every version."""
        return frozenset(self.parents) | frozenset(self.migrations)

    def covers(self, general: IcdO3Morphology, specific: IcdO3Morphology) -> bool:
        """True when the first is the second, or an unspecified form above it."""
        step: IcdO3Morphology | None = specific
        while step is not None:
            if step == general:
                return True
            step = self.parents.get(step)
        return False


@cache
def _rows(name: str) -> list[dict[str, Any]]:
    """The rows of one of our code tables; an empty cell is None."""
    frame = read_codes(name).astype(object)
    return cast(list[dict[str, Any]], frame.where(frame.notna(), None).to_dict("records"))


def _gather(pairs: Iterator[tuple[str, Code]]) -> dict[str, frozenset[Code]]:
    found: dict[str, frozenset[Code]] = {}
    for term, code in pairs:
        key = normalise(term)
        found[key] = found.get(key, frozenset()) | {code}
    return found


def _labels(table: str, code: str) -> Iterator[tuple[str, Any]]:
    for row in _rows(table):
        yield row["label_fr"], row[code]
        yield row["label_en"], row[code]


def _synonyms(table: str, code: str, *, related: bool) -> Iterator[tuple[str, Any]]:
    return (
        (row["term"], row[code])
        for row in _rows(table)
        if (row.get("level", "synonym") == "related") == related
    )


def _morphology_terms() -> Terms[IcdO3Morphology]:
    exact = _gather(_labels("morphology", "morphology"))
    for key, codes in _gather(_synonyms("morphology_synonym", "morphology", related=False)).items():
        exact[key] = exact.get(key, frozenset()) | codes
    return Terms(exact=exact, related=_gather(_synonyms("morphology_synonym", "morphology", related=True)))


def _topography_terms() -> Terms[IcdO3Topography]:
    """A three-character group gives way to its own sub-site: "estomac" is C16.9, not C16."""
    exact = _gather(_labels("topography", "topography"))
    for key, codes in _gather(_synonyms("topography_synonym", "topography", related=False)).items():
        exact[key] = exact.get(key, frozenset()) | codes
    finest = {
        key: frozenset(c for c in codes if len(c) > 3 or not any(o.startswith(f"{c}.") for o in codes))
        for key, codes in exact.items()
    }
    related = _gather(_synonyms("topography_synonym", "topography", related=True))
    return Terms(exact=finest, related={key: codes for key, codes in related.items() if key not in finest})


@cache
def load_terminology() -> Terminology:
    """The code tables of `config/codes`, read once per process."""
    return Terminology(
        parents={row["morphology"]: row["parent"] for row in _rows("morphology")},
        migrations={
            row["code_old"]: Migration(**{k: row[k] for k in ("code_old", "code_new", "certainty", "effect")})
            for row in _rows("morphology_migration")
        },
        morphology_terms=_morphology_terms(),
        adicap={
            row["lesion"]: AdicapMeaning(
                code=row["morphology"], is_answer=row["predicate"] in ("exact", "narrow")
            )
            for row in _rows("adicap")
        },
        topographies=frozenset(row["topography"] for row in _rows("topography")),
        topography_terms=_topography_terms(),
        icd10={row["icd10"]: row["topography"] for row in _rows("icd10_topography")},
    )
