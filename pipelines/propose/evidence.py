"""What the contents of a column say for or against a field, from -1 (impossible) to 1 (nothing else looks so)."""

from collections.abc import Callable
from functools import partial

from pipelines.propose.lexicon import FIELDS, Lexicon, compared
from pipelines.propose.profile import Profile
from validations.contracts.model import Field, Kind

#: Nobody is treated in this registry before; most patients were born before.
_FIRST_EVENT, _LAST_USUAL_BIRTH = 1975, 1992
#: A closed list has few words, even misspelt.
_MOST_CODES = 30
#: Where half of the numbers of a field lie.
_USUAL: dict[str, tuple[float, float]] = {
    "size_mm": (15, 300),
    "grade": (1, 3),
    "dose_gy": (18, 80),
    "fractions": (2, 40),
    "cycles": (1, 10),
}


def content_score(name: str, profile: Profile, lexicon: Lexicon) -> float | None:
    """What the contents say of a field; None when the column is empty."""
    if profile.is_empty:
        return None
    special = _SPECIAL.get(name)
    if special is not None:
        return special(profile, lexicon)
    return _BY_KIND[FIELDS[name].kind](FIELDS[name], profile, lexicon)


def _date(_: Field, profile: Profile, __: Lexicon) -> float:
    if profile.dates < 0.5:
        return -1.0
    years = profile.years
    is_event = bool(years) and years[len(years) // 10] >= _FIRST_EVENT
    return 0.4 * profile.dates if is_event else -0.4


def _birth(profile: Profile, _: Lexicon) -> float:
    if profile.dates < 0.5:
        return -1.0
    years = profile.years
    return 0.9 if years and years[len(years) // 2] <= _LAST_USUAL_BIRTH else -0.6


def _code(field: Field, profile: Profile, lexicon: Lexicon) -> float:
    if profile.distinct > _MOST_CODES or profile.dates > 0.5:
        return -1.0
    words = lexicon.words(field.name)
    known = profile.known(words, compared)
    is_wordy = sum(len(value) >= 3 and not value.isdigit() for value in profile.counts) >= 2
    if known < 0.5:
        return -0.3
    return known * (0.9 if is_wordy else 0.5)


def _flag(field: Field, profile: Profile, lexicon: Lexicon) -> float:
    known = profile.known(lexicon.words(field.name), compared)
    return 0.5 * known if known >= 0.8 and profile.distinct <= 8 else -0.9


def _number(field: Field, profile: Profile, _: Lexicon) -> float:
    share = len(profile.numbers) / profile.n
    if share < 0.7:
        return -1.0
    if field.kind is Kind.INTEGER and profile.share("integer") < 0.7:
        return -0.7
    low, high = _USUAL.get(field.name, (field.low or 0, field.high or 1e9))
    middle = profile.numbers[len(profile.numbers) // 2]
    return 0.4 if low <= middle <= high else -0.2


def _text(_: Field, profile: Profile, __: Lexicon) -> float:
    is_other = max(profile.dates, len(profile.numbers) / profile.n)
    return -0.8 if is_other > 0.7 else 0.0


def _shape(profile: Profile, _: Lexicon, *, shape: str) -> float:
    share = profile.share(shape)
    return 0.9 * share if share >= 0.6 else -1.0


def _icd10(profile: Profile, _: Lexicon) -> float:
    """Sites of CIM-O-3 and diagnoses of CIM-10 look alike but for the letter D and the last chapters."""
    share = profile.share("icd10")
    if share < 0.6:
        return -1.0
    only_icd10 = sum(n for v, n in profile.counts.items() if v[:1] in "Dd" or v[1:3] > "80") / profile.n
    return 0.6 + min(0.3, 3 * only_icd10)


def _known_text(profile: Profile, lexicon: Lexicon, *, names: str) -> float:
    known = profile.known(getattr(lexicon, names), compared)
    return min(0.9, 0.2 + known) if known >= 0.1 else _free_text(profile)


def _free_text(profile: Profile) -> float:
    is_short = sum(len(v) <= 6 for v in profile.counts) / profile.distinct
    return -0.8 if max(profile.dates, len(profile.numbers) / profile.n) > 0.5 or is_short > 0.8 else -0.1


def _name(profile: Profile, _: Lexicon) -> float:
    share = profile.share("name")
    if share < 0.8 or profile.dates > 0.2:
        return -1.0
    return 0.3 if profile.distinct >= min(10, 0.2 * profile.n) else -0.5


def _birth_name(profile: Profile, lexicon: Lexicon) -> float:
    """Everybody has one: a column that is mostly empty is a married or a maiden name."""
    return _name(profile, lexicon) if profile.filled >= 0.6 else -0.9


def _place(profile: Profile, lexicon: Lexicon) -> float:
    known = max(profile.places, profile.known(lexicon.hospitals, compared))
    return 0.8 * known if known >= 0.3 else _free_text(profile)


def _drugs(profile: Profile, _: Lexicon) -> float:
    return 0.8 if profile.drugs >= 0.2 else _free_text(profile)


def _key(profile: Profile, _: Lexicon) -> float:
    if profile.share("key") < 0.9 or profile.filled < 0.7 or profile.dates > 0.9:
        return -1.0
    return 0.3 if profile.distinct > 0.3 * profile.n else -0.1


_SPECIAL: dict[str, Callable[[Profile, Lexicon], float]] = {
    "birth_date": _birth,
    "ins_matricule": partial(_shape, shape="ins"),
    "ins_oid": partial(_shape, shape="oid"),
    "birth_place_cog": partial(_shape, shape="cog"),
    "residence_commune": partial(_shape, shape="cog"),
    "birth_name": _birth_name,
    "used_name": _name,
    "first_names": _name,
    "morphology_code": partial(_shape, shape="morphology"),
    "initial_morphology_code": partial(_shape, shape="morphology"),
    "expert_morphology_code": partial(_shape, shape="morphology"),
    "topography_code": partial(_shape, shape="topography"),
    "icd10_code": _icd10,
    "adicap_code": partial(_shape, shape="adicap"),
    "ccam_code": partial(_shape, shape="ccam"),
    "diagnosis_label": partial(_known_text, names="diagnoses"),
    "initial_label": partial(_known_text, names="diagnoses"),
    "expert_label": partial(_known_text, names="diagnoses"),
    "topography_label": partial(_known_text, names="sites"),
    "surgery_facility": _place,
    "drugs": _drugs,
    "local_patient_id": _key,
    "local_tumour_id": _key,
}
_BY_KIND: dict[Kind, Callable[[Field, Profile, Lexicon], float]] = {
    Kind.DATE: _date,
    Kind.CODE: _code,
    Kind.BOOLEAN: _flag,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
}
