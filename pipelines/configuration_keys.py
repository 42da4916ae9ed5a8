"""The keys of a configuration file in words: `docs/reference/configuration.md`, made from the models.

The models say which keys there are, what each may hold and its default; only the sentences are written here.
"""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipelines import config

#: The parts of a file, from the outside in: model → where it stands.
CENTRE_PARTS: Final[dict[type[BaseModel], str]] = {
    config.Centre: "config/centres/<network>/<id>.yaml",
    config.Validity: "roles",
    config.Export: "export",
    config.FileMap: "files",
    config.SheetMap: "files.sheets",
    config.TableMap: "files.sheets.tables",
}
NETWORK_PARTS: Final[dict[type[BaseModel], str]] = {
    config.Network: "config/networks/<id>.yaml",
    config.Scope: "scope",
    config.Period: "periods",
    config.Published: "published",
}
#: model.key → what it means, in French and in English.
MEANINGS: Final[dict[str, tuple[str, str]]] = {
    "Centre.id": ("identifiant, comme le nom du fichier", "identifier, as the name of the file"),
    "Centre.name": ("nom du centre", "name of the centre"),
    "Centre.aliases": ("autres noms sous lesquels on le cite", "other names by which it is cited"),
    "Centre.city": ("ville", "city"),
    "Centre.region": ("région", "region"),
    "Centre.finess": ("numéro FINESS", "FINESS number"),
    "Centre.roles": ("rôles dans les réseaux, avec leurs dates", "roles in the networks, with their dates"),
    "Centre.yearly_patients": (
        "patients incidents par an, ordre de grandeur pour la dérive des volumes",
        "incident patients per year, order of magnitude for volume drift",
    ),
    "Centre.expected_every_days": (
        "un centre dont le dernier export est plus ancien est en retard",
        "a centre whose newest export is older is late",
    ),
    "Centre.export": ("comment le centre écrit", "how the centre writes"),
    "Centre.files": ("les fichiers d'un dépôt", "the files of a delivery"),
    "Centre.values": (
        "champ (ou `boolean`) → code → mots du centre ; casse et accents ne comptent pas, le code est compris",
        "field (or `boolean`) → code → the centre's words; case and accents do not count, the code is understood",
    ),
    "Validity.network": ("réseau", "network"),
    "Validity.role": ("rôle du centre dans ce réseau", "role of the centre in this network"),
    "Validity.valid_from": ("premier jour du rôle", "first day of the role"),
    "Validity.valid_to": ("dernier jour du rôle, s'il a pris fin", "last day of the role, if it has ended"),
    "Export.format": ("type des fichiers", "kind of the files"),
    "Export.encoding": (
        "codage des textes ; `auto` : décidé par fichier, avec ses preuves",
        "encoding of the texts; `auto`: decided for each file, with evidence",
    ),
    "Export.separator": ("ce qui sépare les cellules (csv)", "what stands between cells (csv)"),
    "Export.quote": (
        "ce qui entoure une cellule ; vide : rien (csv)",
        "what encloses a cell; empty: nothing (csv)",
    ),
    "Export.escape": (
        "ce qui précède un guillemet dans une cellule ; vide : guillemet doublé (csv)",
        "what stands before a quote within a cell; empty: the quote is doubled (csv)",
    ),
    "Export.widths": (
        "nombre de caractères de chaque colonne, dans l'ordre (fixed)",
        "number of characters of each column, in order (fixed)",
    ),
    "Export.dates": (
        "ordre des parties d'une date ; une date ISO est lue dans tous les ordres",
        "order of the parts of a date; an ISO date is read in every order",
    ),
    "Export.two_digit_years_until": (
        "dernière année que deux chiffres peuvent dire : 2029 → 29 est 2029 et 30 est 1930 ; sinon refusées",
        "last year that two digits may mean: 2029 → 29 is 2029 and 30 is 1930; otherwise refused",
    ),
    "Export.date_separator": (
        "ce qui sépare les parties d'une date ; vide pour 20190403",
        "what stands between the parts of a date; empty for 20190403",
    ),
    "Export.decimal": ("marque décimale", "decimal mark"),
    "Export.missing": ("mots qui veulent dire « absent »", "words that mean missing"),
    "Export.units": (
        "champ → unité du centre, quand ce n'est pas celle du contrat",
        "field → the centre's unit, where it is not the contract's",
    ),
    "FileMap.match": (
        "expression régulière du nom entier ; groupes possibles : `exported` (aaaammjj, date d'export déclarée), "
        "`version` (numéro de correction), `part`, `parts`, `kind`",
        "regular expression of the whole name; possible groups: `exported` (yyyymmdd, declared export date), "
        "`version` (number of a correction), `part`, `parts`, `kind`",
    ),
    "FileMap.sheets": ("les feuilles, ou le texte entier", "the sheets, or the whole text"),
    "FileMap.mode": (
        "`full` : l'export suivant remplace le précédent ; `incremental` : il remplace les lignes de ses patients",
        "`full`: a later export replaces the earlier; `incremental`: it replaces the rows of its patients",
    ),
    "FileMap.is_optional": (
        "faux : sans ce fichier le dépôt est incomplet et le dernier accepté reste en place",
        "false: without this file the delivery is incomplete and the last accepted one stays in place",
    ),
    "SheetMap.sheet": ("nom de la feuille d'un classeur", "name of the sheet of a workbook"),
    "SheetMap.header_line": ("ligne de l'en-tête, à partir de 1", "line of the header, from 1"),
    "SheetMap.header_rows": (
        "nombre de lignes d'en-tête ; leurs textes sont joints par une espace",
        "number of header rows; their texts are joined by a space",
    ),
    "SheetMap.tables": ("les entités lues dans la feuille", "the entities read from the sheet"),
    "SheetMap.ignored": ("en-têtes connus et laissés", "headers that are known and left"),
    "TableMap.entity": ("entité du contrat", "entity of the contract"),
    "TableMap.columns": (
        "champ du contrat → en-tête du centre",
        "field of the contract → the centre's header",
    ),
    "TableMap.constants": (
        "champ → valeur de toutes les lignes, comme le contrat l'écrit",
        "field → value of every row, as the contract writes it",
    ),
    "Network.id": ("identifiant, comme le nom du fichier", "identifier, as the name of the file"),
    "Network.fr": ("nom en français", "name in French"),
    "Network.en": ("nom en anglais", "name in English"),
    "Network.schedule": ("heure des passages (cron)", "time of the runs (cron)"),
    "Network.legal_basis": ("base légale du traitement", "legal basis of the processing"),
    "Network.definition_version": (
        "version de la définition du réseau",
        "version of the network's definition",
    ),
    "Network.icdo_version": ("édition de la CIM-O du registre", "ICD-O edition of the registry"),
    "Network.incident_from": ("premier jour d'incidence", "first day of incidence"),
    "Network.scope": ("quels diagnostics comptent", "which diagnoses count"),
    "Network.reference_roles": ("rôles des centres de référence", "roles of the reference centres"),
    "Network.labelled_rcp_kinds": ("RCP labellisées", "labelled tumour boards"),
    "Network.periods": ("périodes du rapport", "periods of the report"),
    "Network.indicators": ("indicateurs du rapport", "indicators of the report"),
    "Network.published": ("valeurs publiées à côté des nôtres", "published values beside ours"),
    "Network.disclosure_threshold": ("plus petit effectif montré", "smallest count shown"),
    "Network.omission_hold_percent": (
        "part des patients disparus d'un export complet au-delà de laquelle une personne doit l'approuver",
        "share of patients gone from a full export above which a person must approve it",
    ),
    "Network.settle_seconds": (
        "un fichier modifié depuis moins longtemps attend le passage suivant",
        "a file changed less long ago waits for the next run",
    ),
    "Network.linkage_model": ("modèle d'appariement", "linkage model"),
    "Network.linkage_engine": ("ce qui pèse les paires ; mêmes poids", "what weighs the pairs; same weights"),
    "Network.error_budget_percent": (
        "part d'erreurs au-delà de laquelle un passage finit avec le code 1",
        "share of errors above which a run ends with exit code 1",
    ),
    "Scope.malignancy_classes": (
        "classes de `config/codes/morphology.csv`",
        "classes of `config/codes/morphology.csv`",
    ),
    "Period.id": ("identifiant", "identifier"),
    "Period.fr": ("nom en français", "name in French"),
    "Period.en": ("nom en anglais", "name in English"),
    "Period.start": ("premier jour", "first day"),
    "Period.end": ("dernier jour", "last day"),
    "Period.is_exhaustive": ("faux : période non exhaustive, signalée", "false: not exhaustive, and said so"),
    "Published.indicator": ("indicateur", "indicator"),
    "Published.period": ("période", "period"),
    "Published.percent": ("valeur publiée", "published value"),
    "Published.source": ("où elle a été lue", "where it was read"),
}
_WORDS = {"str": "text", "int": "whole number", "float": "number", "bool": "true, false", "date": "day"}


def keys_page() -> Iterator[str]:
    """The lines of the page, one table per part of a file."""
    for title, parts in (("Un centre · A centre", CENTRE_PARTS), ("Un réseau · A network", NETWORK_PARTS)):
        yield f"## {title}\n"
        for model, place in parts.items():
            yield f"### `{place}`\n"
            yield "| clé · key | contenu · content | défaut · default | signification | meaning |"
            yield "|---|---|---|---|---|"
            for name, field in model.model_fields.items():
                cells = (
                    f"`{name}`",
                    _kind(field.annotation),
                    _default(field),
                    *MEANINGS[f"{model.__name__}.{name}"],
                )
                yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
            yield ""


def _kind(annotation: Any) -> str:
    """What a key may hold, in words.

    >>> _kind(tuple[int, ...])
    'list of: whole number'
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{argument!r}`" for argument in arguments)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin is tuple:
        return f"list of: {_kind(arguments[0])}"
    if origin is dict:
        return f"{_kind(arguments[0])} → {_kind(arguments[1])}"
    if origin in (Union, types.UnionType):
        return " or ".join(_kind(argument) for argument in arguments if argument is not type(None))
    parts = CENTRE_PARTS | NETWORK_PARTS
    return f"see `{parts[annotation]}`" if annotation in parts else _WORDS[annotation.__name__]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "*à écrire · required*"
    if field.default in (None, (), {}):
        return ""
    return f"`{written(field.default)}`"


def written(value: Any) -> str:
    """A value as a configuration file writes it.

    >>> written(("", "NR"))
    "['', 'NR']"
    """
    if isinstance(value, bool):
        return str(value).lower()
    return repr(list(value) if isinstance(value, tuple) else value)
