"""From ICD-O-3.0 and 3.1 to 3.2. Pure and total: any code goes in, the same or another comes out, or a question.

A retired code moves whatever version is declared. A code whose meaning moved (8832/3 was every dermatofibrosarcoma, is
now the fibrosarcomatous one) moves only on a label or on a declared version: on doubt it is a question for a person.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from pipelines.harmonise.codes import IcdO3Morphology

Certainty = Literal["certain", "needs_version_or_label", "needs_label", "not_a_tumour"]


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One line of `config/codes/morphology_migration.csv`."""

    code_old: IcdO3Morphology
    code_new: IcdO3Morphology | None
    certainty: Certainty
    effect: str


@dataclass(frozen=True, kw_only=True)
class Migrated:
    """A code of 3.2, none when the old code is not a tumour; `is_certain` is False when a label must decide."""

    code: IcdO3Morphology | None
    is_certain: bool
    effect: str = "none"


def migrate(
    code: IcdO3Morphology,
    *,
    version: str | None,
    label_codes: Collection[IcdO3Morphology],
    migrations: Mapping[IcdO3Morphology, Migration],
) -> Migrated:
    """The code in 3.2. `version`: as declared (icdo30, icdo31, icdo32) or None; `label_codes`: what the label says."""
    row = migrations.get(code)
    if row is None:
        return Migrated(code=code, is_certain=True)
    if row.certainty in ("certain", "not_a_tumour"):
        return Migrated(code=row.code_new, is_certain=row.certainty == "certain", effect=row.effect)
    return _moved(row, version=version, label_codes=label_codes)


def _moved(row: Migration, *, version: str | None, label_codes: Collection[IcdO3Morphology]) -> Migrated:
    """A code that exists on both sides with two meanings."""
    stays = Migrated(code=row.code_old, is_certain=True)
    moves = Migrated(code=row.code_new, is_certain=True, effect=row.effect)
    if version == "icdo32":
        return stays
    if row.code_new in label_codes and row.code_old not in label_codes:
        return moves
    if row.certainty == "needs_label" or row.code_old in label_codes:
        return stays
    if version is not None:
        return moves
    return Migrated(code=row.code_old, is_certain=False, effect=row.effect)
