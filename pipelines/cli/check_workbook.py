"""The verdict as a workbook for the centre: every finding with its own identifiers and values, to correct from."""

import datetime as dt
from pathlib import Path
from typing import Any

from pipelines.account import REASONS
from pipelines.check import Verdict
from pipelines.check_remarks import Remark
from pipelines.cli.check_show import Rows, by_rule, row_account
from pipelines.cli.check_words import (
    consequence_words,
    declared_entities,
    declared_name,
    entity_words,
    field_words,
    rule_words,
    severity_words,
)
from pipelines.cli.show import integer, say
from pipelines.config import Centre
from pipelines.holds import listed
from pipelines.io.reading.clean_csv import replacing
from pipelines.io.report_files import Column, Sheet, write_workbook

#: More can neither be opened in comfort nor corrected by hand; the worst come first.
MOST_FINDINGS = 100_000
#: A cell holds 32,767 characters.
_LONGEST_VALUE = 1_000

Cells = tuple[Any, ...]


def write_verdict(path: Path, verdict: Verdict, centre: Centre, *, today: dt.date) -> None:
    """Write the workbook, whole or not at all. Texts are never formulas, whatever they begin with."""
    title = say(f"Contrôle avant envoi, {centre.name}", f"Check before sending, {centre.name}")
    sheets = (_findings_sheet(verdict), _rules_sheet(verdict), _files_sheet(verdict))
    with replacing(path) as building:
        write_workbook(building, sheets, title=title, created=today)


def _findings_sheet(verdict: Verdict) -> Sheet:
    columns = (
        Column(say("gravité", "severity"), "text", 11),
        Column(say("fichier", "file"), "text", 26),
        Column(say("feuille", "sheet"), "text", 14),
        Column(say("ligne", "line"), "plain", 8),
        Column(say("identifiant du patient", "patient's identifier"), "text", 16),
        Column(say("colonne", "column"), "text", 18),
        Column(say("champ", "field"), "text", 22),
        Column(say("valeur écrite", "value as written"), "text", 22),
        Column(say("ce qui ne va pas", "what is wrong"), "text", 48),
        Column(say("que faire", "what to do"), "text", 48),
        Column(say("suite", "consequence"), "text", 18),
        Column(say("contenu", "content"), "text", 20),
        Column(say("règle", "rule"), "text", 15),
    )
    rows = [_finding_cells(remark) for remark in verdict.remarks[:MOST_FINDINGS]]
    return Sheet(say("Constats", "Findings"), columns, rows)


def _finding_cells(remark: Remark) -> Cells:
    value = remark.value
    if value is not None and len(value) > _LONGEST_VALUE:
        value = value[: _LONGEST_VALUE - 1] + "…"
    return (
        severity_words(remark.rule.severity),
        remark.file,
        remark.sheet,
        remark.line,
        remark.patient,
        remark.column,
        field_words(remark),
        value,
        *rule_words(remark),
        consequence_words(remark.rule.consequence),
        entity_words(remark.entity),
        remark.rule.id,
    )


def _rules_sheet(verdict: Verdict) -> Sheet:
    columns = (
        Column(say("gravité", "severity"), "text", 11),
        Column(say("règle", "rule"), "text", 15),
        Column(say("constats", "findings"), "count", 10),
        Column(say("fichiers", "files"), "count", 10),
        Column(say("ce qui ne va pas", "what is wrong"), "text", 60),
        Column(say("que faire", "what to do"), "text", 60),
        Column(say("suite", "consequence"), "text", 18),
    )
    rows = [
        (
            severity_words(first.rule.severity),
            first.rule.id,
            count,
            files,
            *rule_words(first),
            consequence_words(first.rule.consequence),
        )
        for first, count, files in by_rule(verdict)
    ]
    return Sheet(say("Par règle", "By rule"), columns, rows)


def _files_sheet(verdict: Verdict) -> Sheet:
    columns = (
        Column(say("fichier", "file"), "text", 34),
        Column(say("état", "state"), "text", 14),
        Column(say("contenu", "content"), "text", 28),
        Column(say("lignes lues", "rows read"), "count", 10),
        Column(say("gardées", "kept"), "count", 10),
        Column(say("à part", "set aside"), "count", 10),
        Column(say("fusionnées", "merged"), "count", 11),
        Column(say("filtrées", "filtered"), "count", 10),
        Column(say("code", "code"), "text", 22),
        Column(say("motif", "reason"), "text", 48),
        Column(say("que faire", "what to do"), "text", 48),
    )
    rows = [*_refused_cells(verdict), *_read_cells(verdict), *_other_cells(verdict)]
    return Sheet(say("Fichiers", "Files"), columns, rows)


def _refused_cells(verdict: Verdict) -> list[Cells]:
    state = say("refusé", "refused")
    return [
        (r.file, state, *[None] * 6, r.code, say(r.reason_fr, r.reason_en), say(r.remedy_fr, r.remedy_en))
        for r in verdict.refusals
    ]


def _read_cells(verdict: Verdict) -> list[Cells]:
    state = say("lu", "read")
    return [
        (rows.file, state, entity_words(rows.entity), *rows.counts.values(), None, _why(rows), None)
        for rows in row_account(verdict)
    ]


def _why(rows: Rows) -> str | None:
    """Why rows were merged or filtered, with their numbers."""
    return (
        " ; ".join(f"{say(*REASONS[reason])} : {integer(count)}" for reason, count in rows.why.items())
        or None
    )


def _other_cells(verdict: Verdict) -> list[Cells]:
    """What was not given, not read, not asked, not written."""
    absent, nothing = say("non donné", "not given"), [None] * 5
    cells: list[Cells] = [
        (
            declared_name(file.match),
            absent,
            ", ".join(map(entity_words, declared_entities(file))),
            *nothing,
            *[None] * 3,
        )
        for file in verdict.absent
    ]
    cells += [
        (listed(hold.facts["files"]), say("incomplet", "incomplete"), None, *nothing, None,
         say("parties non données : ", "parts not given: ") + listed(hold.facts["missing"]), None)
        for hold in verdict.cut
    ]  # fmt: skip
    why = say(
        "un autre fichier donné le remplace ou dit la même chose",
        "another given file replaces it or says the same",
    )
    cells += [(name, say("non lu", "not read"), None, *nothing, None, why, None) for name in verdict.unread]
    left = len(verdict.remarks) - MOST_FINDINGS
    if left > 0:
        cut = say(
            f"{integer(left)} constats de plus ne sont pas écrits",
            f"{integer(left)} more findings are not written",
        )
        cells.append((None, None, None, *nothing, None, cut, None))
    return cells
