"""What is left to decide, in the order in which a person would decide it, and the answers that were given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pipelines.propose.about import About
from pipelines.propose.choice import given
from pipelines.propose.lexicon import BOOLEAN, FIELDS
from pipelines.propose.names import is_dated
from pipelines.propose.proposal import Proposal, Sheet
from pipelines.propose.values import Word

#: The answer that makes of a word a word for missing.
MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something to decide: `part` and `key` are its place among the answers, `where` its place in the export."""

    part: str
    key: str
    where: str
    fr: str
    en: str
    proposal: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a person decided: headers → `entity.field` or `ignored`; field → word → code; keys of `export`."""

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    export: Mapping[str, str] = field(default_factory=dict)
    centre: Mapping[str, str] = field(default_factory=dict)


def answer(proposal: Proposal, answers: Answers) -> Proposal:
    """The proposal with the answers on words and on the export; those on columns were used to make it."""
    words = [_answered_word(word, answers.values) for word in proposal.words]
    dropped = [w.word for w in words if w.code == MISSING]
    kept = [c for c in proposal.export if c.key not in answers.export]
    chosen = [given(key, value) for key, value in answers.export.items()]
    return replace(
        proposal,
        words=tuple(w for w in words if w.code != MISSING),
        missing=tuple(sorted({*proposal.missing, *dropped})),
        export=(*kept, *chosen),
    )


def _answered_word(word: Word, answers: Mapping[str, Mapping[str, str]]) -> Word:
    code = {said.casefold(): code for said, code in answers.get(word.field, {}).items()}.get(
        word.word.casefold()
    )
    return word if code is None else replace(word, code=code, confidence=1.0)


def questions(proposal: Proposal, about: About) -> list[Question]:
    """Everything that is left to decide."""
    return [
        *_about_centre(proposal, about),
        *_about_export(proposal),
        *_about_sheets(proposal),
        *_about_columns(proposal),
        *_about_words(proposal),
    ]


def _about_centre(proposal: Proposal, about: About) -> list[Question]:
    asked = [
        ("city", about.city, "", "dans quelle ville est le centre", "in which city the centre is"),
        ("region", about.region, "", "dans quelle région", "in which region"),
        (
            "role",
            about.role,
            about.shown_role,
            "son rôle dans le réseau (coordinating, expert, pathology, bone, outside)",
            "its role in the network (coordinating, expert, pathology, bone, outside)",
        ),
    ]
    fields = {column.field for _, column in proposal.columns if column.is_taken}
    if "morphology_code" in fields and "morphology_version" not in fields:
        fr, en = "dans quelle version de la CIM-O sont les codes", "in which ICD-O version the codes are"
        asked.append(("morphology_version", about.morphology_version, "icdo32", fr, en))
    return [
        Question(part="centre", key=key, where="", fr=fr, en=en, proposal=proposed)
        for key, known, proposed, fr, en in asked
        if not known
    ]


def _about_export(proposal: Proposal) -> list[Question]:
    return [
        Question(
            part="export",
            key=c.key,
            where="",
            fr=f"{c.key} : {c.fr}",
            en=f"{c.key}: {c.en}",
            proposal=c.value,
            confidence=c.confidence,
        )
        for c in proposal.export
        if not c.is_sure
    ]


def _about_sheets(proposal: Proposal) -> list[Question]:
    fr, en = "aucune colonne n'identifie le patient", "no column identifies the patient"
    lost = [s for file in proposal.files for s in file.sheets if not s.has_patients and _is_about_people(s)]
    found = [Question(part="sheets", key="", where=s.source.place, fr=fr, en=en) for s in lost]
    fr, en = "le nom ne dit pas le jour de l'export", "the name does not say the day of the export"
    undated = [file for file in proposal.files if not is_dated(file.match)]
    return found + [Question(part="files", key="", where=f.names[0], fr=fr, en=en) for f in undated]


def _is_about_people(sheet: Sheet) -> bool:
    """True when two columns or more hold something of the contract: not a page of explanations."""
    return sum(column.field is not None for column in sheet.columns) >= 2


def _about_columns(proposal: Proposal) -> list[Question]:
    return [
        Question(
            part="columns",
            key=column.header,
            where=sheet.source.place,
            fr=f"ce que contient la colonne « {column.header} »",
            en=f'what the column "{column.header}" holds',
            proposal=column.target,
            confidence=column.confidence,
        )
        for sheet, column in proposal.columns
        if column.is_asked
    ]


def _about_words(proposal: Proposal) -> list[Question]:
    return [
        Question(
            part="values",
            key=f"{word.field}: {word.word}",
            where=f"{word.n} ×",
            fr=f"ce que « {word.word} » veut dire dans {word.field} ({', '.join(codes_of(word.field))})",
            en=f'what "{word.word}" means in {word.field} ({", ".join(codes_of(word.field))})',
            proposal=word.code or "",
            confidence=word.confidence,
        )
        for word in proposal.words
        if word.code is None
    ]


def codes_of(name: str) -> tuple[str, ...]:
    """The codes that a word of this field may stand for."""
    return ("yes", "no") if name == BOOLEAN else FIELDS[name].code_values
