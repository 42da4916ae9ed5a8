"""Short constructors, so that a declaration reads as one line per field."""

from validations.contracts.model import Code, Field, Kind, Sensitivity


def text(name: str, fr: str, en: str, sensitivity: Sensitivity = Sensitivity.CLINICAL) -> Field:
    """A free text or a code of an open list."""
    return Field(name=name, kind=Kind.TEXT, fr=fr, en=en, sensitivity=sensitivity)


def identity(name: str, fr: str, en: str) -> Field:
    """A text that identifies a person: it never leaves the integration zone."""
    return text(name, fr, en, Sensitivity.IDENTITY)


def technical(name: str, fr: str, en: str, kind: Kind = Kind.TEXT) -> Field:
    """A field about the data, not about a person."""
    return Field(name=name, kind=kind, fr=fr, en=en, sensitivity=Sensitivity.TECHNICAL)


def code(name: str, values: tuple[Code, ...], fr: str, en: str) -> Field:
    """One value of a closed list."""
    return Field(name=name, kind=Kind.CODE, fr=fr, en=en, codes=values)


def date(name: str, fr: str, en: str, sensitivity: Sensitivity = Sensitivity.QUASI) -> Field:
    """A day; its precision is a column of its own."""
    return Field(name=name, kind=Kind.DATE, fr=fr, en=en, sensitivity=sensitivity)


def flag(name: str, fr: str, en: str) -> Field:
    """Yes, no or not stated."""
    return Field(name=name, kind=Kind.BOOLEAN, fr=fr, en=en)


def number(name: str, fr: str, en: str, low: float, high: float, unit: str) -> Field:
    """A measure with its unit and plausible bounds."""
    return Field(name=name, kind=Kind.NUMBER, fr=fr, en=en, low=low, high=high, unit=unit)


def integer(name: str, fr: str, en: str, low: float, high: float) -> Field:
    """A whole number within bounds."""
    return Field(name=name, kind=Kind.INTEGER, fr=fr, en=en, low=low, high=high)


def count(name: str, fr: str, en: str) -> Field:
    """How many; never negative."""
    return Field(name=name, kind=Kind.INTEGER, fr=fr, en=en, low=0)
