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
        "ce fichier n'est pas dans le dépôt : le dernier dépôt accepté reste en place",
        "this file was not sent: the last accepted delivery stays in place",
        "Envoyez-le avec les autres fichiers du centre, ou déclarez-le is_optional dans le fichier du centre.",
        "Send it with the other files of the centre, or declare it is_optional in the centre's file.",
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
    RefusalCode.OVER_LIMIT: _Words(
        "le fichier dépasse une limite de lecture : {why_fr}",
        "the file exceeds a reading limit: {why_en}",
        "Découpez l'export, ou retirez du fichier ce qui n'est pas de la donnée.",
        "Split the export, or remove what is not data from the file.",
    ),
    RefusalCode.TOO_SLOW: _Words(
        "la lecture du fichier a dépassé le temps permis ({seconds} s)",
        "reading the file exceeded the time allowed ({seconds} s)",
        "Ouvrez-le dans le tableur, enregistrez-le sous un nouveau nom et redéposez-le.",
        "Open it in the spreadsheet program, save it under a new name and send it again.",
    ),
    RefusalCode.OUT_OF_MEMORY: _Words(
        "la lecture du fichier a dépassé la mémoire permise ({mib} Mio)",
        "reading the file exceeded the memory allowed ({mib} MiB)",
        "Découpez l'export, ou retirez les lignes et colonnes vides du classeur.",
        "Split the export, or remove the empty rows and columns of the workbook.",
    ),
    RefusalCode.UNSAFE_PATH: _Words(
        "l'archive contient un chemin qui sort de son dossier",
        "the archive holds a path that leaves its folder",
        "Refaites l'archive avec le seul fichier d'export.",
        "Make the archive again with the export file alone.",
    ),
    RefusalCode.BOMB: _Words(
        "une fois décompressé, le fichier serait démesuré : {why_fr}",
        "once decompressed, the file would be out of proportion: {why_en}",
        "Déposez l'export sans le compresser.",
        "Send the export without compressing it.",
    ),
    RefusalCode.ENTITIES: _Words(
        "le fichier déclare des entités XML, interdites ici",
        "the file declares XML entities, which are forbidden here",
        "Enregistrez-le de nouveau dans le tableur et redéposez-le.",
        "Save it again in the spreadsheet program and send it again.",
    ),
    RefusalCode.EXTERNAL_LINKS: _Words(
        "le classeur contient des liens vers d'autres fichiers",
        "the workbook has links to other files",
        "Dans le tableur, rompez les liaisons, enregistrez et redéposez.",
        "Break the links in the spreadsheet program, save and send again.",
    ),
    RefusalCode.MACROS: _Words(
        "le classeur contient des macros",
        "the workbook has macros",
        "Enregistrez-le dans un format sans macro (XLSX) et redéposez-le.",
        "Save it in a format without macros (XLSX) and send it again.",
    ),
    RefusalCode.PASSWORD: _Words(
        "le fichier est protégé par un mot de passe",
        "the file is protected by a password",
        "Enregistrez-le sans mot de passe et redéposez-le.",
        "Save it without a password and send it again.",
    ),
    RefusalCode.UNKNOWN_KIND: _Words(
        "le contenu n'est pas un tableau que nous savons lire : {found_fr}",
        "the content is no table that we can read: {found_en}",
        "Exportez en CSV ou en XLSX.",
        "Export as CSV or XLSX.",
    ),
    RefusalCode.TRUNCATED_ARCHIVE: _Words(
        "l'archive compressée est endommagée, ou la fin manque : c'est le plus souvent une copie interrompue",
        "the compressed archive is damaged or cut off: most often the copy was interrupted",
        "Recompressez l'export et redéposez-le.",
        "Compress the export again and send it again.",
    ),
    RefusalCode.NO_TABLE: _Words(
        "le fichier ne contient pas de tableau n° {number} : il en compte {count}",
        "the file has no table number {number}: it has {count}",
        "Voyez la liste des tableaux avec `reseau read --list`.",
        "See the list of tables with `reseau read --list`.",
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
