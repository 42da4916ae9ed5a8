"""The correction workbook of one centre: what is still raised, worst and oldest first, with a place for the answers.

It holds the centre's own ids and values, so it is made for that centre only and leaves by a person's hand: the report
and the portal never hold it. What is only counted (severity `info`) is not asked.
"""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipelines.correction_answers import ANSWER, ANSWERS, COMMENT, REFERENCE, RULE
from pipelines.corrections import RAISED, State, Status
from pipelines.io.report_files import Column, Sheet
from pipelines.io.tables import read_columns
from pipelines.registry import Registry
from validations.contracts.codes import SEVERITY
from validations.contracts.entities import ENTITIES
from validations.rules.catalogue import CATALOGUE
from validations.rules.model import Severity

if TYPE_CHECKING:
    from pathlib import Path

_STATUS = {
    Status.OPEN: "ouverte · open",
    Status.ANSWERED: "répondue, attend le prochain dépôt · answered, awaits the next delivery",
}
_CHOICES = tuple(fr for fr, _ in ANSWERS.values())
_COLUMNS = (
    Column("Gravité\nSeverity", "text", 11),
    Column("Vue depuis\nSince", "text", 11),
    Column("Jours\nDays", "count", 7),
    Column("Statut\nStatus", "text", 14),
    Column("Patient (votre identifiant)\nPatient (your own id)", "text", 16),
    Column("Tumeur\nTumour", "text", 8),
    Column("Fichier\nFile", "text", 24),
    Column("Feuille\nSheet", "text", 12),
    Column("Ligne\nLine", "plain", 8),
    Column("Champ\nField", "text", 22),
    Column("Valeur lue\nValue read", "text", 20),
    Column("Ce qui ne va pas", "text", 44),
    Column("Que faire", "text", 44),
    Column(f"{ANSWER}\nYour answer", "text", 24, _CHOICES),
    Column(f"{COMMENT} (sans nom de personne)\nYour comment (no person's name)", "text", 30),
    Column("What is wrong", "text", 40),
    Column("What to do", "text", 40),
    Column(f"{RULE}\nRule", "text", 15),
    Column(f"{REFERENCE} (ne pas modifier)\nReference (do not change)", "text", 34),
)
_RANK = {code.value: rank for rank, code in enumerate(SEVERITY)}
_SEVERITY = {code.value: f"{code.fr} · {code.en}" for code in SEVERITY}
_PLACE = ("finding_id", "row_id", "file", "sheet", "line")
_KEYS = ("local_patient_id", "local_tumour_id")
_HELP = (
    ("Ce classeur", "Les anomalies à corriger dans vos données, les plus graves puis les plus anciennes d'abord.",
     "This workbook", "The findings to correct in your data, the worst and then the oldest first."),
    ("Corriger", "Corriger dans votre système, puis renvoyer l'export : l'anomalie se ferme d'elle-même.",
     "Correct", "Correct in your system, then send the export again: the finding closes by itself."),
    ("Répondre", "Choisir une réponse dans la liste de la colonne « Votre réponse » ; laisser vide ce qui attend.",
     "Answer", "Choose an answer from the list of column “Votre réponse”; leave empty what can wait."),
    ("Vérifiée et exacte", "L'anomalie n'est plus signalée tant que le dossier et la règle ne changent pas.",
     "Verified and correct", "The finding is not raised again while neither the record nor the rule changes."),
    ("Renvoyer", "Renvoyer ce classeur au réseau par la voie sécurisée : il contient vos identifiants.",
     "Send back", "Send this workbook back to the network by the secure way: it holds your own ids."),
)  # fmt: skip


def workbook_sheets(registry: Registry, centre_id: str, *, today: dt.date) -> list[Sheet]:
    """The sheets for one centre: how to use it, and one line per finding that is raised."""
    states = registry.ledger.findings(registry.network.id).states(centre_id=centre_id, status=RAISED)
    asked = [state for state in states.values() if state.severity != Severity.INFO]
    asked.sort(key=lambda s: (_RANK[s.severity], s.since, s.rule_id, s.finding_id))
    places = _places(registry, centre_id, {state.finding_id: state for state in asked})
    rows = [_row(state, places.get(state.finding_id, {}), today) for state in asked]
    help_columns = (Column("", "text", 18), Column("Mode d'emploi", "text", 80), Column("", "text", 18),
                    Column("How to use it", "text", 80))  # fmt: skip
    return [
        Sheet("À corriger", _COLUMNS, rows),
        Sheet("Mode d'emploi", help_columns, _HELP, is_table=False),
    ]


def _row(state: State, place: dict[str, Any], today: dt.date) -> tuple[Any, ...]:
    rule = CATALOGUE.get(state.rule_id)
    texts = (rule.sentence_fr, rule.remedy_fr, rule.sentence_en, rule.remedy_en) if rule else (None,) * 4
    return (
        _SEVERITY[state.severity],
        f"{state.since:%d/%m/%Y}",
        (today - state.since).days,
        _STATUS.get(state.status),
        place.get("local_patient_id"),
        place.get("local_tumour_id"),
        place.get("file"),
        place.get("sheet"),
        place.get("line"),
        _label(state),
        place.get("value"),
        texts[0],
        texts[1],
        None,
        None,
        texts[2],
        texts[3],
        state.rule_id,
        state.finding_id,
    )


def _label(state: State) -> str | None:
    entity = (state.table_name or "").partition("_")[2]
    names = {field.name: f"{field.fr} · {field.en}" for field in ENTITIES.get(entity, ())}
    return names.get(state.field or "", state.field)


def _places(registry: Registry, centre_id: str, asked: dict[str, State]) -> dict[str, dict[str, Any]]:
    """Where each finding stands now, with the centre's own ids and the value as it was written."""
    folder = registry.accepted_folder(centre_id)
    if folder is None:
        return {}
    located = read_columns(folder / "finding.parquet", _PLACE).to_pylist()
    found = {row["finding_id"]: row for row in located if row["finding_id"] in asked}
    for entity in dict.fromkeys((state.table_name or "").partition("_")[2] for state in asked.values()):
        mine = [
            row for name, row in found.items() if asked[name].table_name in (f"val_{entity}", f"stg_{entity}")
        ]
        for row, value in _values(folder / f"stg_{entity}.parquet", mine, asked):
            row.update(value)
    return found


def _values(
    file: "Path", rows: list[dict[str, Any]], asked: dict[str, State]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The staged keys and value of each finding that is on a row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not file.exists() or not rows:
        return
    fields = sorted({asked[row["finding_id"]].field or "" for row in rows})
    staged = read_columns(file, ["row_id", *_KEYS, *(name for name in fields if name not in _KEYS)])
    wanted = pa.array([row["row_id"] for row in rows], pa.string())
    by_row = {
        one["row_id"]: one for one in staged.filter(pc.is_in(staged["row_id"], value_set=wanted)).to_pylist()
    }
    for row in rows:
        one = by_row.get(row["row_id"], {})
        value = one.get(asked[row["finding_id"]].field or "")
        yield row, {**{key: one.get(key) for key in _KEYS}, "value": value}
