"""The code systems as types: an ADICAP lesion cannot be passed where an ICD-O-3 morphology is wanted.

Codes are text, never numbers: a number loses the behaviour, the leading zero and everything ICD-O-4 will add.
"""

import unicodedata
from typing import NewType

#: "8858/3": four digits, a behaviour.
IcdO3Morphology = NewType("IcdO3Morphology", str)
#: "C49.2", or "C49" when the sub-site is not known.
IcdO3Topography = NewType("IcdO3Topography", str)
#: The last four of the eight characters of an ADICAP code: the lesion.
AdicapLesion = NewType("AdicapLesion", str)
#: "C49.2", WHO four characters; the French fifth character is dropped.
Icd10 = NewType("Icd10", str)


def clean_code(text: str) -> str:
    """A code without full-width digits, no-break spaces, doubled spaces or lower case.

    >>> clean_code(" c49\u00a0.２ ")
    'C49 .2'
    """
    return " ".join(unicodedata.normalize("NFKC", text).upper().split())
