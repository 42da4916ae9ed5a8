"""Sites and lesions: ICD-O topography, ICD-10, ADICAP. A repair has one meaning, or none is made."""

import re
from dataclasses import dataclass

from pipelines.harmonise.codes import AdicapLesion, Icd10, IcdO3Topography, clean_code

_SITE = re.compile(r"C(\d{2})\.(\d)", re.ASCII)
_SITE_LOOSE = re.compile(r"C?(\d{2})[.,](\d)|C(\d{2})(\d)", re.ASCII)
_SITE_THREE = re.compile(r"C(\d{2})(?:\.?-?|\.X)", re.ASCII)
_SITE_FRENCH = re.compile(r"C(\d{2})[.,]?(\d)\d", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class RepairedTopography:
    """What was read: a code (three characters when the sub-site is lost) or none, and the rule that fired."""

    rule: str
    code: IcdO3Topography | None = None


def repair_topography(text: str | None) -> RepairedTopography:
    """The ICD-O topography written in a code column. Two digits alone may be C04.2 or C42: a person reads them.

    >>> repair_topography("c49,2").code
    'C49.2'
    """
    if text is None or not text.strip():
        return RepairedTopography(rule="blank")
    cleaned = clean_code(text).replace(" ", "")
    if found := _SITE.fullmatch(cleaned):
        return RepairedTopography(rule="as_written", code=IcdO3Topography(cleaned))
    if found := _SITE_LOOSE.fullmatch(cleaned):
        group, site = (found[1], found[2]) if found[1] else (found[3], found[4])
        return RepairedTopography(rule="separator", code=IcdO3Topography(f"C{group}.{site}"))
    if found := _SITE_FRENCH.fullmatch(cleaned):
        return RepairedTopography(rule="french_extension", code=IcdO3Topography(f"C{found[1]}.{found[2]}"))
    if found := _SITE_THREE.fullmatch(cleaned):
        return RepairedTopography(rule="three_characters", code=IcdO3Topography(f"C{found[1]}"))
    return RepairedTopography(rule="letter_lost" if re.fullmatch(r"[0-9]{2,3}", cleaned) else "unreadable")


_ICD10 = re.compile(r"([CD]\d{2})(?:[.,]?(\d)\d?|\.?-|\.)?", re.ASCII)


def read_icd10(text: str | None) -> Icd10 | None:
    """The WHO four characters of an ICD-10 neoplasm code; the French fifth is dropped. None when unreadable.

    >>> read_icd10("D48.38")
    'D48.3'
    """
    found = _ICD10.fullmatch(clean_code(text or "").replace(" ", ""))
    if found is None:
        return None
    return Icd10(f"{found[1]}.{found[2]}" if found[2] else found[1])


_ADICAP = re.compile(r"[A-Z]{4}([A-Z]\d[A-Z0-9]\d)(?:[A-Z0-9]{0,8})", re.ASCII)
_LESION = re.compile(r"[A-Z]\d[A-Z0-9]\d", re.ASCII)


def read_adicap(text: str | None) -> AdicapLesion | None:
    """The tumour lesion of an ADICAP code: its last four compulsory characters. None when it has no lesion of tumour.

    >>> read_adicap("OH.TC.L7S6")
    'L7S6'
    """
    cleaned = re.sub(r"[ .\-]", "", clean_code(text or ""))
    if _LESION.fullmatch(cleaned):
        return AdicapLesion(cleaned)
    found = _ADICAP.fullmatch(cleaned)
    return AdicapLesion(found[1]) if found else None
