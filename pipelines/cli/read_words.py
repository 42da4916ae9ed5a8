"""The French of what reading a file decides and why. The reader itself speaks English, as JSON does."""

import re
from typing import Final

from pipelines.io.reading.kind import WORDS

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
    "quoted lines": "lignes entre guillemets",
    "rows with another separator": "lignes à autre séparateur",
}
OUTSIDE: Final = {
    "blank": "lignes vides",
    "preamble": "préambule",
    "footer": "notes de fin",
    "comment": "commentaires",
    "rule": "filets",
    "header again": "en-tête répété",
}
_VALUES: Final = {
    "text": "texte",
    "none": "aucun",
    "tab": "tabulation",
    "space": "espace",
    "comma and space": "virgule et espace",
    "doubled": "doublé",
    "backslash": "barre oblique inverse",
    "cp1252 where not utf-8": "utf-8, sinon cp1252",
    "yes": "oui",
    "schema": "schéma",
    "empty": "vide",
}
#: English evidence, as a regular expression of the whole, and its French.
_EVIDENCE: Final = tuple(
    (re.compile(english), french)
    for english, french in (
        (r"given", r"imposé"),
        (r"0 bytes", r"0 octet"),
        (r"signature at the start of the file", r"signature au début du fichier"),
        (r"signature at byte (\d+)", r"signature à l'octet \1"),
        (r"no binary signature", r"aucune signature binaire"),
        (r"UTF-16 characters", r"caractères UTF-16"),
        (r"null or control characters", r"caractères nuls ou de commande"),
        (r"workbook parts in a ZIP archive", r"parties du classeur dans une archive ZIP"),
        (r"ZIP archive that is no workbook", r"archive ZIP sans classeur"),
        (r"ZIP archive with no readable directory", r"archive ZIP sans table des matières lisible"),
        (r"OLE compound document, stream (\w+)", r"document composé OLE avec le flux \1"),
        (r"FILEPASS record of an XLS workbook", r"enregistrement FILEPASS d'un XLS"),
        (r"(\d+) files? in it", r"\1 fichier(s) dedans"),
        (r"it holds no table", r"aucun tableau dedans"),
        (r"byte order mark", r"marque d'ordre des octets"),
        (r"every second byte is zero", r"un octet sur deux est nul"),
        (r"ASCII characters only", r"caractères ASCII seulement"),
        (r"valid, with (\d+) sequences beyond ASCII", r"valide, avec \1 séquences au-delà de l'ASCII"),
        (r"(\d+) valid sequences, (\d+) bytes that are not UTF-8", r"\1 séquences valides, \2 octets hors de l'UTF-8"),
        (r"the (\d+) words with accents read best so: ([\d.]+), next ([\d.]+)",
         r"les \1 mots accentués se lisent le mieux ainsi : \2, suivant \3"),
        (r"the accented letters suit no known encoding well",
         r"les lettres accentuées ne conviennent bien à aucun encodage connu"),
        (r"(\d+) characters were lost before this file was written, or are impossible in its encoding",
         r"\1 caractères perdus avant l'écriture du fichier, ou impossibles dans son encodage"),
        (r"a single line", r"une seule ligne"),
        (r"(\d+%) of records agree on (\d+) cells; cells make sense at (\d+%)(?:; next (.+) at (\d+%) of it)?",
         r"\1 des lignes ont \2 cellules ; les cellules ont un sens à \3 ; suivant : \4 à \5"),
        (r"(\d+%) of records have sound quotes", r"guillemets justes dans \1 des lignes"),
        (r"quotes within cells are doubled, or there is none", r"guillemets doublés dans les cellules, ou aucun"),
        (r"a backslash stands before quotes within cells", r"barre oblique inverse devant les guillemets des cellules"),
        (r"quotes stand bare within cells and are never doubled", r"guillemets nus dans les cellules, jamais doublés"),
        (r"a whole line is one quoted cell", r"une ligne entière est une cellule entre guillemets"),
        (r"fixed widths", r"largeurs fixes"),
        (r"every line has spaces at the same places", r"chaque ligne a des espaces aux mêmes endroits"),
        (r"rows in one piece that another separator cuts into exactly the expected cells",
         r"lignes d'un seul tenant qu'un autre séparateur coupe exactement comme attendu"),
        (r"one row, of names", r"une seule ligne, de noms"),
        (r"one row, of typed values", r"une seule ligne, de valeurs"),
        (r"(\d+) rows of text above typed columns", r"\1 lignes de texte au-dessus de colonnes de valeurs"),
        (r"text above (\d+) typed columns", r"du texte au-dessus de \1 colonnes de valeurs"),
        (r"the first row has the shapes of the (\d+) typed columns below it",
         r"la première ligne ressemble aux \1 colonnes de valeurs sous elle"),
        (r"the values of the first row come again below it", r"les valeurs de la première ligne reviennent plus bas"),
        (r"all columns are text; the first row is taken for their names",
         r"tout est du texte ; la première ligne est prise pour les noms"),
        (r"the general detector reads it best so", r"le détecteur général la lit le mieux ainsi"),
        (r"the names are part of the format", r"les noms font partie du format"),
        (r"(\d+) columns to its left", r"\1 colonnes vides à sa gauche"),
        (r"the sheet is hidden in the workbook", r"la feuille est masquée dans le classeur"),
    )
)  # fmt: skip


_KINDS: Final = {english: french for french, english in WORDS.values()}


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
    if kind := re.fullmatch(r"it is (.+)", evidence):
        return f"c'est {_KINDS.get(kind.group(1), kind.group(1))}"
    for english, french in _EVIDENCE:
        if found := english.fullmatch(evidence):
            said = found.expand(french).removesuffix(" ; suivant :  à ")
            return re.sub(r"(?<=suivant : )\S+(?= à)", lambda sign: value_in_french(sign.group()), said)
    return evidence
