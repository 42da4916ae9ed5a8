"""One answer per distinct row of any table of diagnoses: code, site, entity, decision and why, without a registry.

The votes are those of the nightly run (`readings`). What is added: evidence that a registry does not have beside a
label (ICD-10, a code in the wrong column), the scope, and for a person ranked candidates. A similarity never decides.
"""

import os
from collections.abc import Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import repeat
from multiprocessing import get_context
from typing import Literal

from pipelines.harmonise.candidates import Candidate, Sought, candidate_index
from pipelines.harmonise.code_reading import read_icd10
from pipelines.harmonise.codes import IcdO3Morphology, IcdO3Topography
from pipelines.harmonise.diagnosis_label import read_diagnosis_label, read_family, sites_in_label
from pipelines.harmonise.entities import find_entity
from pipelines.harmonise.misplaced import Stated, code_in_label, put_in_place, read_version
from pipelines.harmonise.peeling import check_site
from pipelines.harmonise.readings import (
    Diagnosis,
    Site,
    StatedDiagnosis,
    StatedSite,
    decide_diagnosis,
    decide_site,
)
from pipelines.harmonise.terminology import Terminology, load_terminology
from pipelines.io.configuration import read_codes

Decision = Literal["auto", "review", "out_of_scope"]


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
    answers = [_answer(row, terms=terms, scope=scope) for row in rows]
    asked = [at for at, one in enumerate(answers) if one.decision == "review" and one.stated.label]
    found = candidate_index(terms).rank([answers[at].sought() for at in asked])
    ranked = dict(zip(asked, found, strict=True))
    return [_coded(one, ranked.get(at, ())) for at, one in enumerate(answers)]


#: Fewer rows are done before a second process has started.
_WORTH_A_PROCESS = 4_000
_CHUNK = 2_000


def code_many(rows: Sequence[Stated], *, scope: Collection[str], processes: int | None = None) -> list[Coded]:
    """The answers of `code_labels`, in as many processes as the machine has processors where that is worth it."""
    count = processes or min(os.cpu_count() or 1, 1 + len(rows) // _WORTH_A_PROCESS)
    if count == 1:
        return code_labels(rows, terms=load_terminology(), scope=scope)
    chunks = [rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK)]
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        return [one for part in pool.map(_code_chunk, chunks, repeat(tuple(scope))) for one in part]


def _code_chunk(rows: Sequence[Stated], scope: tuple[str, ...]) -> list[Coded]:
    return code_labels(rows, terms=load_terminology(), scope=scope)


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What the votes and the evidence say of one row, before its candidates are ranked."""

    stated: Stated
    found: Diagnosis
    site: Site
    decision: Decision
    reasons: tuple[str, ...]
    #: The codes that the dictionary gives, the best first.
    named: tuple[IcdO3Morphology, ...]

    def sought(self) -> Sought:
        """What similar terms are looked for."""
        return Sought(label=self.stated.label or "", site=self.site.topography)


def _answer(row: Stated, *, terms: Terminology, scope: Collection[str]) -> _Answer:
    stated, is_misplaced = put_in_place(row)
    if stated.label and len(stated.label) > _LONGEST_LABEL:
        stated = replace(stated, label=stated.label[: _LONGEST_LABEL + 1])
    found = decide_diagnosis(
        StatedDiagnosis(
            code=stated.morphology or code_in_label(stated.label),
            version=read_version(stated.icdo_version),
            adicap=stated.adicap,
            label=stated.label,
        ),
        terms,
    )
    site = _site(stated, terms)
    found = _settled_by_family(_settled_by_site(found, site), stated)
    doubts = _doubts(found, stated, site, is_misplaced=is_misplaced)
    decision, reasons = _decide(found, doubts, scope)
    return _Answer(
        stated=stated,
        found=found,
        site=site,
        decision=decision,
        reasons=(*reasons, *((site.reason,) if site.reason else ())),
        named=_named(found, stated, site, terms),
    )


def _site(stated: Stated, terms: Terminology) -> Site:
    """The site of its own columns, else the only one that the label names."""
    site = decide_site(
        StatedSite(code=stated.topography_code, icd10=stated.icd10, label=stated.topography_text), terms
    )
    named = sites_in_label(stated.label)
    if site.topography is None and len({code[:3] for code in named}) == 1:
        return Site(
            topography=named[0] if len(set(named)) == 1 else type(named[0])(named[0][:3]), reason=site.reason
        )
    return site


def _settled_by_site(found: Diagnosis, site: Site) -> Diagnosis:
    """A broad term that has one meaning at its site is an answer: a giant cell tumour in a bone."""
    check = check_site(found.morphology, site.topography) if found.morphology else None
    if found.reason == "label_broad" and check is not None and check.is_certain:
        return replace(found, outcome="auto", reason=None)
    return found


def _settled_by_family(found: Diagnosis, stated: Stated) -> Diagnosis:
    """A label outside the dictionary with a word that says the tumour is not ours: certain of that alone."""
    family = read_family(stated.label) if found.reason in ("label_unknown", "label_broad") else None
    if family is None or (found.morphology and found.morphology != family):
        return found
    return Diagnosis(morphology=family, method="family", outcome="auto")


def _named(found: Diagnosis, stated: Stated, site: Site, terms: Terminology) -> tuple[IcdO3Morphology, ...]:
    """The code retained, what it may be at this site, then the others that the label names."""
    read = read_diagnosis_label(stated.label, terms)
    codes = [found.morphology] if found.morphology else []
    if read.qualifier != "negated":
        codes += sorted(read.codes)
    for code in list(codes):
        check = check_site(code, site.topography)
        if check is not None and check.instead:
            codes.append(check.instead)
    return tuple(dict.fromkeys(codes))


def _coded(one: _Answer, ranked: Sequence[Candidate]) -> Coded:
    """The answer with its candidates: those of the dictionary, then similar ones unless the label denies."""
    likeness = {similar.code: similar.score for similar in ranked}
    first = one.named[:1] if one.found.morphology else ()
    others = sorted(one.named[len(first) :], key=lambda code: (-likeness.get(code, 0.0), code))
    known = [Candidate(code=code, score=_CERTAIN[one.found.outcome]) for code in first]
    known += [Candidate(code=code, score=_NAMED) for code in others]
    is_denied = "label_negated" in one.reasons
    similar = [] if is_denied else [each for each in ranked if each.code not in one.named]
    candidates = tuple((known + similar)[:_MOST])
    best = candidates[0] if candidates else None
    return Coded(
        morphology=best.code if best else None,
        topography=one.site.topography,
        entity=find_entity(best.code if best else None, label=one.stated.label),
        decision=one.decision,
        method=one.found.method if known else ("similar" if best else "none"),
        score=best.score if best else 0.0,
        candidates=candidates if one.decision == "review" else candidates[:1],
        reasons=one.reasons,
    )


#: A person chooses among so many.
_MOST = 10
#: A code that the dictionary gives among others.
_NAMED = 0.9
#: A longer text is a report: it may speak of several tumours, and only its beginning is read.
_LONGEST_LABEL = 400

#: A certain answer is 1; a candidate of the dictionary, above any similarity.
_CERTAIN = {"auto": 1.0, "propose": 0.95, "review": 0.95}


def _doubts(found: Diagnosis, stated: Stated, site: Site, *, is_misplaced: bool) -> list[str]:
    """Why a person should look, beside what the votes say themselves."""
    doubts = ["code_misplaced"] if is_misplaced else []
    if len(stated.label or "") > _LONGEST_LABEL:
        doubts.append("label_long")
    if found.reason:
        doubts.append(found.reason)
    if found.morphology and not _agrees_with_icd10(found.morphology, stated.icd10):
        doubts.append("icd10_disagrees")
    check = check_site(found.morphology, site.topography) if found.morphology else None
    if found.method == "label" and check is not None and not check.is_certain:
        doubts.append("site_disagrees")
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
