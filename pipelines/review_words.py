"""What a pair under review weighs, in words: a short sentence per trait, in French and English."""

from typing import Any

from pipelines.comparisons import COMPARISONS, EXACT, PRIOR, level_of
from pipelines.review_queue import Part
from validations.contracts.tables import TABLES

FIELDS = {field.name: field for field in TABLES["val_patient_identity"].fields}
#: What may differ in one person.
STATES = ("ins_status", "vital_status")
#: From one bit on, that is twice as rare or as common as two equal values usually are, it is worth a word.
TELLING = 1.0
_RARE, _COMMON = ("rare", "rare"), ("valeur courante", "a common value")


def trait(part: Part) -> tuple[str, str]:
    """The name of what was compared."""
    if part.comparison == PRIOR.name:
        return "point de départ", "start"
    field = FIELDS[COMPARISONS[part.comparison].field]
    return field.fr, field.en


def agreement(part: Part) -> tuple[str, str]:
    """How far the two values agree, and whether agreeing on this value says much."""
    if part.comparison == PRIOR.name:
        return PRIOR.fr, PRIOR.en
    level = level_of(part.comparison, part.level)
    if part.level != EXACT.name or abs(part.frequency or 0) < TELLING:
        return level.fr, level.en
    fr, en = _RARE if (part.frequency or 0) > 0 else _COMMON
    return f"{level.fr}, {fr}", f"{level.en}, {en}"


def bits(weight: float) -> tuple[str, str]:
    """A weight with its sign and one decimal: +11,2 in French, +11.2 in English; 0 has no sign."""
    shown = f"{round(weight, 1) or 0.0:+.1f}".replace("-", "−")
    shown = "0" if shown == "+0.0" else shown
    return shown.replace(".", ","), shown


def sentence(part: Part) -> tuple[str, str]:
    """The trait, how far it agrees, its weight."""
    (trait_fr, trait_en), (said_fr, said_en), (fr, en) = trait(part), agreement(part), bits(part.weight)
    return f"{trait_fr} : {said_fr} ({fr})", f"{trait_en}: {said_en} ({en})"


def written(name: str, value: Any) -> tuple[str, str] | None:
    """A value of a field as a person reads it: the meaning of a code, a day, None without a value."""
    if value is None:
        return None
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}", f"{value:%Y-%m-%d}"
    meaning = next((code for code in FIELDS[name].codes if code.value == value), None)
    if meaning is None:
        return str(value), str(value)
    code = f" ({value})" if name == "ins_status" else ""  # reviewers know this code better than its words
    return f"{meaning.fr}{code}", f"{meaning.en}{code}"
