"""The French of what reading a file decides and why. The reader itself speaks English, as JSON does."""

import re
from typing import Final

WHAT: Final = {
    "kind": "nature",
    "container": "archive",
    "encoding": "encodage",
    "replacement characters": "caractères perdus",
    "line_end": "fins de ligne",
    "separator": "séparateur",
    "quote": "guillemets",
    "escape": "échappement",
    "widths": "largeurs",
    "header": "en-tête",
    "first column": "première colonne",
    "hidden": "feuille masquée",
    "passed over": "laissé de côté",
}
OUTSIDE: Final = {
    "blank": "lignes vides",
    "preamble": "préambule",
    "footer": "notes de fin",
    "comment": "commentaires",
}
_VALUES: Final = {
    "text": "texte",
    "none": "aucun",
    "tab": "tabulation",
    "space": "espace",
    "comma and space": "virgule et espace",
    "doubled": "doublé",
    "backslash": "barre oblique inverse",
    "yes": "oui",
    "schema": "schéma",
    "empty": "vide",
}
_EVIDENCE: Final = tuple(
    (re.compile(english), french)
    for english, french in (
        (r"given", "imposé"),
        (r"0 bytes", "0 octet"),
        (r"signature at the start of the file", "signature au début du fichier"),
    )
)


def what_in_french(what: str) -> str:
    """The French name of a decision.

    >>> what_in_french("line_end")
    'fins de ligne'
    """
    return WHAT.get(what, what)


def value_in_french(value: str) -> str:
    """The French of a decided value, where it is a word of ours.

    >>> value_in_french("tab"), value_in_french("2 rows"), value_in_french(";")
    ('tabulation', '2 lignes', ';')
    """
    if rows := re.fullmatch(r"(\d+) rows", value):
        n = int(rows.group(1))
        return "aucune" if n == 0 else f"{n} ligne{'s' * (n > 1)}"
    return _VALUES.get(value, value)


def evidence_in_french(evidence: str) -> str:
    """The French of an evidence; an evidence without French is told as it is.

    >>> evidence_in_french("given")
    'imposé'
    """
    for english, french in _EVIDENCE:
        if found := english.fullmatch(evidence):
            return found.expand(french)
    return evidence
