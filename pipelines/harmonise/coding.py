"""One answer per distinct row of any table of diagnoses: code, site, entity, decision and why, without a registry.

The votes are those of the nightly run (`readings`). What is added: evidence that a registry does not have beside a
label (ICD-10, a code in the wrong column), the scope, and for a person ranked candidates. A similarity never decides.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipelines.harmonise.code_reading import read_icd10
from pipelines.harmonise.codes import IcdO3Morphology, IcdO3Topography
from pipelines.harmonise.entities import find_entity
from pipelines.harmonise.misplaced import Stated, code_in_label, put_in_place, read_version
from pipelines.harmonise.readings import Diagnosis, StatedDiagnosis, StatedSite, decide_diagnosis, decide_site
from pipelines.harmonise.terminology import Terminology
from pipelines.io.configuration import read_codes

Decision = Literal["auto", "review", "out_of_scope"]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A code and how near it is, from 0 to 1."""

    code: IcdO3Morphology
    score: float


@dataclass(frozen=True, kw_only=True)
class Coded:
    """The answer of one row; `reasons` are codes that the command line puts into words, the first decides."""

    morphology: IcdO3Morphology | None
    topography: IcdO3Topography | None
    entity: str | None
    decision: Decision
    method: str
    score: float
    candidates: tuple[Candidate, ...]
    reasons: tuple[str, ...]


@cache
def malignancy_classes() -> dict[str, str]:
    """Morphology → its malignancy class, which the scope of a network lists."""
    table = read_codes("morphology")
    return dict(zip(table["morphology"], table["malignancy_class"], strict=True))


def code_labels(rows: Sequence[Stated], *, terms: Terminology, scope: Collection[str]) -> list[Coded]:
    """The answer of each distinct row. `scope`: the malignancy classes of the network."""
    return [_code(row, terms=terms, scope=scope) for row in rows]


def _code(row: Stated, *, terms: Terminology, scope: Collection[str]) -> Coded:
    stated, is_misplaced = put_in_place(row)
    label = (stated.label or "")[: 2 * _LONGEST_LABEL]
    found = decide_diagnosis(
        StatedDiagnosis(
            code=stated.morphology or code_in_label(label),
            version=read_version(stated.icdo_version),
            adicap=stated.adicap,
            label=label,
        ),
        terms,
    )
    site = decide_site(
        StatedSite(code=stated.topography_code, icd10=stated.icd10, label=stated.topography_text), terms
    )
    doubts = _doubts(found, stated, is_misplaced=is_misplaced)
    decision, reasons = _decide(found, doubts, scope)
    candidates = (
        (Candidate(code=found.morphology, score=_CERTAIN[found.outcome]),) if found.morphology else ()
    )
    return Coded(
        morphology=found.morphology,
        topography=site.topography,
        entity=find_entity(found.morphology, label=label),
        decision=decision,
        method=found.method,
        score=candidates[0].score if candidates else 0.0,
        candidates=candidates,
        reasons=(*reasons, *((site.reason,) if site.reason else ())),
    )


#: A longer text is a report: it may speak of several tumours, and only its beginning is read.
_LONGEST_LABEL = 400

#: A certain answer is 1; a candidate of the dictionary, above any similarity.
_CERTAIN = {"auto": 1.0, "propose": 0.95, "review": 0.95}


def _doubts(found: Diagnosis, stated: Stated, *, is_misplaced: bool) -> list[str]:
    """Why a person should look, beside what the votes say themselves."""
    doubts = ["code_misplaced"] if is_misplaced else []
    if len(stated.label or "") > _LONGEST_LABEL:
        doubts.append("label_long")
    if found.reason:
        doubts.append(found.reason)
    if found.morphology and not _agrees_with_icd10(found.morphology, stated.icd10):
        doubts.append("icd10_disagrees")
    return doubts


def _agrees_with_icd10(code: IcdO3Morphology, icd10: str | None) -> bool:
    """False when ICD-10 says benign of a malignant tumour or the reverse, or another family of tumours."""
    written = read_icd10(icd10)
    if written is None or code.startswith("800"):
        return True
    chapter = int(written[1:3])
    if written[0] == "D":
        return not (code.endswith("/3") and 10 <= chapter <= 36)
    is_kin = malignancy_classes().get(code) == "not_sarcoma"
    return not (code.endswith("/0") or (not is_kin and (chapter in (43, 45) or 81 <= chapter <= 96)))


def _decide(
    found: Diagnosis, doubts: Sequence[str], scope: Collection[str]
) -> tuple[Decision, tuple[str, ...]]:
    """The decision and its reasons. A class that is not known leaves the scope to a person."""
    if doubts or found.morphology is None:
        return "review", tuple(doubts) or ("nothing_stated",)
    kind = malignancy_classes().get(found.morphology, "unknown")
    if kind in scope:
        return "auto", (f"by_{found.method}",)
    if kind == "unknown":
        return "review", ("too_vague",)
    return "out_of_scope", (f"scope_{kind}",)
