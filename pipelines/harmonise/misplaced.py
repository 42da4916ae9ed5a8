"""Codes in a column that is not theirs. They are read where they belong, and always left to a person: what else
the row puts in the wrong place cannot be known.
"""

import re
from dataclasses import dataclass, replace

from pipelines.harmonise.codes import clean_code


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What one row says of a diagnosis, as written."""

    label: str | None = None
    morphology: str | None = None
    adicap: str | None = None
    icd10: str | None = None
    topography_text: str | None = None
    topography_code: str | None = None
    icdo_version: str | None = None


_MORPHOLOGY = re.compile(r"M?-?\d{4} ?/ ?[0-369][1-9]?", re.ASCII)
_SITE = re.compile(r"C\d{2}(?:[.,]?\d{1,2})?", re.ASCII)
_ICD10 = re.compile(r"D\d{2}(?:[.,]?\d{1,2})?", re.ASCII)
_ADICAP = re.compile(r"[A-Z]{4}[A-Z]\d[A-Z0-9]\d", re.ASCII)
#: A code in a label stands beside words; "2/3" is a grade.
_IN_LABEL = re.compile(r"(?<![\d/.])M?-?(\d{4}/[0-369])(?![\d/])", re.ASCII)
_HOMES = {
    "morphology": ("morphology",),
    "topography_code": ("topography_code", "icd10"),
    "icd10": ("icd10",),
    "adicap": ("adicap",),
}
_COLUMNS = ("label", "morphology", "adicap", "icd10", "topography_text", "topography_code")


def _system(text: str) -> str | None:
    """The code system whose shape a whole cell has."""
    code = clean_code(text)
    for name, shape in (
        ("morphology", _MORPHOLOGY),
        ("topography_code", _SITE),
        ("icd10", _ICD10),
        ("adicap", _ADICAP),
    ):
        if shape.fullmatch(code):
            return name
    return None


def put_in_place(stated: Stated) -> tuple[Stated, bool]:
    """The row with each code in its own column where that is free; True when one stood elsewhere.

    >>> put_in_place(Stated(morphology="C49.2"))[0].topography_code
    'C49.2'
    """
    is_misplaced = False
    for column in _COLUMNS:
        text = getattr(stated, column)
        system = _system(text) if text and len(text) <= 20 else None
        if system is None or column in _HOMES[system]:
            continue
        is_misplaced = True
        home = {} if getattr(stated, system) else {system: text}
        stated = replace(stated, **{column: None}, **home)
    return stated, is_misplaced


def code_in_label(label: str | None) -> str | None:
    """The morphology that a label states beside its words; None when there is none, or more than one.

    >>> code_in_label("M8858/3 liposarcome dédifférencié")
    '8858/3'
    """
    found = set(_IN_LABEL.findall(label or ""))
    return found.pop() if len(found) == 1 else None


def read_version(text: str | None) -> str | None:
    """The version of ICD-O that a cell declares: icdo30, icdo31 or icdo32. None when it names none of them.

    >>> read_version("CIM-O-3.2")
    'icdo32'
    """
    found = re.search(r"3[._ ]?([012])(?!\d)", text or "")
    return f"icdo3{found[1]}" if found else None
