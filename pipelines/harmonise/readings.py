"""One diagnosis from everything a centre wrote about it: code, label, ADICAP. Automatic only when certain.

A person decides when two codings disagree, when a label hedges or negates, when a repair or a migration has two
answers. The value kept meanwhile is the best candidate, marked uncertain.
"""

from dataclasses import dataclass
from typing import Literal

from pipelines.harmonise.code_reading import read_adicap, read_icd10, repair_topography
from pipelines.harmonise.code_repair import RepairedMorphology, repair_morphology
from pipelines.harmonise.codes import IcdO3Morphology, IcdO3Topography
from pipelines.harmonise.diagnosis_label import read_diagnosis_label
from pipelines.harmonise.labels import ReadLabel, read_label
from pipelines.harmonise.migrate import migrate
from pipelines.harmonise.terminology import Terminology

Outcome = Literal["auto", "propose", "review"]


@dataclass(frozen=True, kw_only=True)
class StatedDiagnosis:
    """What one row says of the histology, as written."""

    code: str | None = None
    version: str | None = None
    adicap: str | None = None
    label: str | None = None


@dataclass(frozen=True, kw_only=True)
class StatedSite:
    """What one row says of the site, as written."""

    code: str | None = None
    icd10: str | None = None
    label: str | None = None


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The morphology of ICD-O-3.2 retained, how it was found, and why it is not certain."""

    morphology: IcdO3Morphology | None
    method: str
    outcome: Outcome
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Site:
    """The topography retained and why a person should look."""

    topography: IcdO3Topography | None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Vote:
    """The answer of one route: a code that it is sure of, or a candidate, and what is wrong."""

    method: str
    code: IcdO3Morphology | None = None
    candidate: IcdO3Morphology | None = None
    problem: str | None = None


_NO_CODE = {
    "century_lost": "code_damaged",
    "behaviour_lost": "code_damaged",
    "several_codes": "code_several",
    "unreadable": "code_unreadable",
}
#: A doubt of the label is never settled by a code beside it: the two were edited separately.
_STRONG_DOUBTS = frozenset({"label_negated", "label_history"})


def _code_vote(
    repaired: RepairedMorphology,
    stated: StatedDiagnosis,
    others: frozenset[IcdO3Morphology],
    terms: Terminology,
) -> _Vote:
    """What the code column says in 3.2. `others`: what the other columns say, which may settle a doubt."""
    if repaired.rule == "blank":
        return _Vote(method="none")
    if repaired.code is None:
        picked = [c for c in repaired.candidates if c in others]
        if len(picked) == 1:
            return _Vote(method="repaired", code=picked[0])
        single = repaired.candidates[0] if len(repaired.candidates) == 1 else None
        return _Vote(method="repaired", candidate=single, problem=_NO_CODE[repaired.rule])
    if repaired.code not in terms.known_morphologies:
        return _Vote(method="code", problem="code_unknown")
    moved = migrate(repaired.code, version=stated.version, label_codes=others, migrations=terms.migrations)
    if moved.code is None:
        return _Vote(method="migrated", problem=moved.effect)
    is_same = moved.code == repaired.code
    method = "migrated" if not is_same else ("code" if repaired.rule == "as_written" else "repaired")
    if not moved.is_certain:
        return _Vote(method=method, candidate=moved.code, problem="version_or_label_needed")
    return _Vote(method=method, code=moved.code)


def _label_vote(label: ReadLabel[IcdO3Morphology], *, is_blank: bool) -> _Vote:
    single = next(iter(label.codes)) if len(label.codes) == 1 else None
    if label.qualifier:
        kept = None if label.qualifier == "negated" else single
        return _Vote(method="label", candidate=kept, problem=f"label_{label.qualifier}")
    if label.is_exact:
        return _Vote(method="label", code=single)
    if is_blank:
        return _Vote(method="none")
    return _Vote(method="label", candidate=single, problem="label_broad" if label.codes else "label_unknown")


def _adicap_vote(text: str | None, terms: Terminology) -> _Vote:
    if text is None or not text.strip():
        return _Vote(method="none")
    lesion = read_adicap(text)
    meaning = terms.adicap.get(lesion) if lesion else None
    if meaning is None:
        return _Vote(method="adicap", problem="adicap_unknown")
    if meaning.is_answer:
        return _Vote(method="adicap", code=meaning.code)
    return _Vote(method="adicap", candidate=meaning.code, problem="adicap_broad")


def _most_specific(votes: list[_Vote], terms: Terminology) -> _Vote | None:
    """The vote that every other one covers, or None when two disagree. The first of equals wins."""
    for vote in votes:
        if all(v.code and vote.code and terms.covers(v.code, vote.code) for v in votes):
            return vote
    return None


def _without_answer(votes: list[_Vote]) -> Diagnosis:
    problems = [v.problem for v in votes if v.problem]
    candidate = next((v for v in votes if v.candidate), None)
    if candidate:
        return Diagnosis(
            morphology=candidate.candidate,
            method=candidate.method,
            outcome="propose",
            reason=candidate.problem,
        )
    return Diagnosis(
        morphology=None, method="none", outcome="review", reason=problems[0] if problems else "nothing_stated"
    )


def decide_diagnosis(stated: StatedDiagnosis, terms: Terminology) -> Diagnosis:
    """The diagnosis of one distinct combination of code, version, ADICAP and label."""
    label = read_diagnosis_label(stated.label, terms)
    label_vote = _label_vote(label, is_blank=not (stated.label or "").strip())
    adicap = _adicap_vote(stated.adicap, terms)
    others = frozenset(v.code for v in (label_vote, adicap) if v.code)
    repaired = repair_morphology(stated.code, known=terms.known_morphologies)
    votes = [_code_vote(repaired, stated, others, terms), label_vote, adicap]
    answers = [v for v in votes if v.code]
    if not answers:
        return _without_answer(votes)
    best = _most_specific(answers, terms)
    if best is None:
        return Diagnosis(
            morphology=answers[0].code, method=answers[0].method, outcome="review", reason="codings_disagree"
        )
    reason = _doubt(votes)
    outcome: Outcome = "auto" if reason is None else ("review" if reason in _STRONG_DOUBTS else "propose")
    return Diagnosis(morphology=best.code, method=best.method, outcome=outcome, reason=reason)


#: Not a doubt when another column answers: a label outside the dictionary, a lesion wider than a code.
_HARMLESS = frozenset({"label_unknown", "label_broad", "adicap_unknown", "adicap_broad"})


def _doubt(votes: list[_Vote]) -> str | None:
    """The first problem that an answer elsewhere does not settle."""
    return next((v.problem for v in votes if v.problem and v.problem not in _HARMLESS), None)


def _known_site(code: IcdO3Topography | None, terms: Terminology) -> IcdO3Topography | None:
    """The code itself, its group when the sub-site is not in our table, or None."""
    if code is None or code in terms.topographies:
        return code
    group = IcdO3Topography(code[:3])
    return group if group in terms.topographies else None


def _site_from_icd10(text: str | None, terms: Terminology) -> IcdO3Topography | None:
    code = read_icd10(text)
    if code is None:
        return None
    return terms.icd10.get(code) or terms.icd10.get(type(code)(code[:3]))


def decide_site(stated: StatedSite, terms: Terminology) -> Site:
    """The site of one distinct combination: the ICD-O code, else the label, else ICD-10, which knows no histology."""
    repaired = repair_topography(stated.code)
    code = _known_site(repaired.code, terms)
    label = read_label(stated.label, terms.topography_terms)
    named = next(iter(label.codes)) if label.is_exact and label.qualifier is None else None
    if code is not None:
        if named and named[:3] == code and len(code) == 3:
            return Site(topography=named)
        return Site(topography=code)
    if repaired.rule != "blank" and named is None:
        return Site(topography=_site_from_icd10(stated.icd10, terms), reason="site_code_unreadable")
    if named is not None:
        return Site(topography=named)
    from_icd10 = _site_from_icd10(stated.icd10, terms)
    return Site(topography=from_icd10, reason=None if from_icd10 else _site_problem(stated))


def _site_problem(stated: StatedSite) -> str | None:
    """Why no site was found; None when nothing was written."""
    return "site_unknown" if any((text or "").strip() for text in (stated.label, stated.icd10)) else None
