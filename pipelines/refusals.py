"""The words of a refusal, in French and English: what is wrong, what to do. Column names may appear, values never."""

import unicodedata
from typing import NamedTuple

from pipelines.errors import FileRefused, Refusal, RefusalCode


class _Words(NamedTuple):
    reason_fr: str
    reason_en: str
    remedy_fr: str
    remedy_en: str


_WORDS: dict[str, _Words] = {
    RefusalCode.EMPTY_FILE: _Words(
        "le fichier est vide (0 octet)",
        "the file is empty (0 bytes)",
        "Refaites l'export et redéposez le fichier.",
        "Export again and send the file again.",
    ),
    RefusalCode.HEADER_ONLY: _Words(
        "le fichier n'a aucune ligne de données après son en-tête (ligne {line})",
        "the file has no data row after its header (line {line})",
        "Vérifiez les filtres de l'export ; un dépôt vide n'efface jamais le précédent.",
        "Check the filters of the export; an empty delivery never erases the previous one.",
    ),
    RefusalCode.TRUNCATED: _Words(
        "le classeur est incomplet ou endommagé",
        "the workbook is incomplete or damaged",
        "Rouvrez-le dans le tableur, enregistrez-le et redéposez-le.",
        "Open it in the spreadsheet program, save it and send it again.",
    ),
    RefusalCode.NOT_THIS_FORMAT: _Words(
        "le contenu n'est pas du {declared} mais : {found_fr}",
        "the content is not {declared} but: {found_en}",
        "Exportez au format déclaré, ou corrigez export.format dans le fichier du centre.",
        "Export in the declared format, or correct export.format in the centre's file.",
    ),
    RefusalCode.UNREADABLE_TEXT: _Words(
        "le texte n'est pas lisible en {encoding} : {why_fr}",
        "the text cannot be read as {encoding}: {why_en}",
        "Exportez dans l'encodage déclaré, ou corrigez export.encoding dans le fichier du centre.",
        "Export in the declared encoding, or correct export.encoding in the centre's file.",
    ),
    RefusalCode.UNKNOWN_CENTRE: _Words(
        "le dossier ne porte le nom d'aucun centre du réseau",
        "the folder bears the name of no centre of the network",
        "Renommez le dossier avec l'identifiant du centre, ou déclarez le centre.",
        "Rename the folder to the centre's id, or declare the centre.",
    ),
    RefusalCode.UNKNOWN_FILE: _Words(
        "ce fichier n'est pas attendu : {why_fr}",
        "this file is not expected: {why_en}",
        "Renommez-le selon la convention du centre, ou complétez files dans le fichier du centre.",
        "Rename it as agreed with the centre, or complete files in the centre's file.",
    ),
    RefusalCode.MISSING_FILE: _Words(
        "ce fichier des patients ou des tumeurs n'est pas dans le dépôt : le dernier dépôt accepté reste en place",
        "this file of the patients or the tumours was not sent: the last accepted delivery stays in place",
        "Envoyez-le avec les autres fichiers du centre.",
        "Send it with the other files of the centre.",
    ),
    RefusalCode.UNSTABLE: _Words(
        "le fichier a changé pendant sa lecture",
        "the file changed while it was read",
        "Attendez la fin de la copie : il sera repris à la prochaine exécution.",
        "Wait until the copy is complete: the next run takes it up.",
    ),
    RefusalCode.MISSING_SHEET: _Words(
        "la feuille « {sheet} » est absente du classeur",
        'the workbook has no sheet "{sheet}"',
        "Rétablissez la feuille, ou corrigez sheet dans le fichier du centre.",
        "Restore the sheet, or correct sheet in the centre's file.",
    ),
    RefusalCode.MISSING_HEADER: _Words(
        "aucune colonne attendue ne se trouve à la ligne {line}",
        "none of the expected columns is found at line {line}",
        "Vérifiez la ligne d'en-tête et le séparateur, ou corrigez header_line dans le fichier du centre.",
        "Check the header line and the separator, or correct header_line in the centre's file.",
    ),
    RefusalCode.MISSING_KEY_COLUMN: _Words(
        "colonnes indispensables absentes (ligne {line}) : {columns}",
        "indispensable columns are missing (line {line}): {columns}",
        "Rétablissez ces colonnes dans l'export, ou corrigez columns dans le fichier du centre.",
        "Restore these columns in the export, or correct columns in the centre's file.",
    ),
    RefusalCode.DUPLICATE_COLUMN: _Words(
        "colonnes présentes plusieurs fois (ligne {line}) : {columns}",
        "columns present more than once (line {line}): {columns}",
        "Ne gardez qu'une colonne de ce nom dans l'export.",
        "Keep one column of that name in the export.",
    ),
    RefusalCode.CRASHED: _Words(
        "le lecteur de classeurs s'est arrêté sur ce fichier",
        "the workbook reader stopped on this file",
        "Ouvrez-le dans le tableur, enregistrez-le sous un nouveau nom et redéposez-le.",
        "Open it in the spreadsheet program, save it under a new name and send it again.",
    ),
}


def printable(name: str) -> str:
    """A file name that any log, terminal and database can hold: odd characters are shown as escapes."""
    kept = (c if unicodedata.category(c)[0] != "C" else c.encode("unicode_escape").decode() for c in name)
    return "".join(kept)


def refusal(code: str, file: str, *, centre_id: str | None = None, **facts: str | int) -> Refusal:
    """The refusal of a file: the words of its code, completed by facts (names and positions, never values)."""
    words = (text.format(**facts) for text in _WORDS[code])
    return Refusal(code, printable(file), centre_id, *words)


def refused(code: str, file: str, **facts: str | int) -> FileRefused:
    """The same, ready to be raised by a reader."""
    return FileRefused(refusal(code, file, centre_id=None, **facts))
