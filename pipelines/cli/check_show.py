"""The verdict on files that were not sent, in the terminal and as JSON: no identifier and no value of anybody."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import typer

from pipelines.account import REASONS
from pipelines.check import Verdict
from pipelines.check_remarks import Remark
from pipelines.cli.check_words import (
    consequence_words,
    declared_entities,
    declared_name,
    entity_words,
    field_words,
    rule_words,
    severity_words,
)
from pipelines.cli.show import integer, line, say, show_refusals, table
from pipelines.config import Centre
from pipelines.holds import listed
from pipelines.refusals import printable

_MOST_SHOWN, _MOST_OF_A_RULE = 20, 3
_COLUMNS = ("rows_in", "rows_out", "rows_set_aside", "rows_merged", "rows_filtered")


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What becomes of the rows of one table in one file, from its lines to what the gate keeps.

    `why` counts the rows that were merged or filtered by reason; of those set aside the findings say it.
    """

    file: str
    entity: str
    counts: dict[str, int]
    why: dict[str, int]


def row_account(verdict: Verdict) -> list[Rows]:
    """One line per file and table that has rows; in = kept + set aside + merged + filtered."""
    names = {delivery.delivery_id: delivery.file_name for delivery in verdict.read}
    found: dict[tuple[str, str], Counter[str]] = {}
    for account in verdict.accounts:
        if account.step == "read" or not account.rows_in:
            continue
        counts = Counter({name: getattr(account, name) for name in _COLUMNS})
        key = (names[account.delivery_id or ""], account.table.partition("_")[2])
        if account.step == "validate":  # what it takes in is what the step before gave out
            counts["rows_in"] = 0
            counts["rows_out"] -= account.rows_in
        found.setdefault(key, Counter()).update(counts)
    why: dict[tuple[str, str], Counter[str]] = {}
    for reason in verdict.reasons:
        if reason.reason in REASONS and reason.step != "read":
            key = (names[reason.delivery_id or ""], reason.table.partition("_")[2])
            why.setdefault(key, Counter())[reason.reason] += reason.rows
    return [
        Rows(file=key[0], entity=key[1], counts={n: counts[n] for n in _COLUMNS}, why=dict(why.get(key, {})))
        for key, counts in found.items()
    ]


def by_rule(verdict: Verdict) -> list[tuple[Remark, int, int]]:
    """One finding of each rule, how many there are, in how many files: the worst and most frequent first."""
    counted = []
    for _, group in groupby(verdict.remarks, key=lambda remark: remark.rule.id):
        mine = list(group)
        counted.append((mine[0], len(mine), len({remark.file for remark in mine})))
    return sorted(counted, key=lambda found: (found[0].order[0], -found[1], found[0].rule.id))


def show_verdict(verdict: Verdict, centre: Centre, *, out: Path | None) -> None:
    """Everything that the centre should know before it sends, the verdict last."""
    _show_rows(verdict)
    show_refusals(verdict.refusals)
    if verdict.remarks:
        _show_rules(verdict)
        _show_first(verdict)
    _show_notes(verdict)
    if out is not None:
        line(say(f"Écrit : {out}", f"Written: {out}"))
    line(_sentence(verdict, centre))


def _show_rows(verdict: Verdict) -> None:
    header = [say("fichier", "file"), say("contenu", "content"), say("lignes", "rows"), say("gardées", "kept"),
              say("à part", "aside"), say("fusion", "merged"), say("filtre", "filtered")]  # fmt: skip
    rows = [
        (found.file, entity_words(found.entity), *(integer(found.counts[name]) for name in _COLUMNS))
        for found in row_account(verdict)
    ]
    if rows:
        table(say("Lignes lues", "Rows read"), header, rows, numbers_from=2)


def _show_rules(verdict: Verdict) -> None:
    header = [say("gravité", "severity"), say("règle", "rule"), say("ce qui ne va pas", "what is wrong"),
              say("suite", "consequence"), say("constats", "findings")]  # fmt: skip
    rows = [
        (
            severity_words(first.rule.severity),
            first.rule.id,
            rule_words(first)[0],
            consequence_words(first.rule.consequence),
            integer(count),
        )
        for first, count, _ in by_rule(verdict)
    ]
    table(say("Constats par règle", "Findings by rule"), header, rows, numbers_from=4)


def _first(verdict: Verdict) -> Iterator[Remark]:
    """The first findings of each rule, in the order of the table of rules; what is only counted has no place there."""
    order = [first.rule.id for first, _, _ in by_rule(verdict)]
    asked = (remark for remark in verdict.remarks if remark.is_asked)
    ranked = sorted(asked, key=lambda remark: order.index(remark.rule.id))
    for _, group in groupby(ranked, key=lambda remark: remark.rule.id):
        yield from islice(group, _MOST_OF_A_RULE)


def _show_first(verdict: Verdict) -> None:
    shown = list(islice(_first(verdict), _MOST_SHOWN))
    header = [say("où", "where"), say("ligne", "line"), say("colonne", "column"), say("règle", "rule"),
              say("ce qui ne va pas", "what is wrong"), say("que faire", "what to do")]  # fmt: skip
    total = sum(remark.is_asked for remark in verdict.remarks)
    title = say("Constats", "Findings")
    if len(shown) < total:
        counts = f"{integer(len(shown))} {say('sur', 'of')} {integer(total)}"
        title = say(
            f"Premiers constats ({counts}, {_MOST_OF_A_RULE} par règle au plus ; tous avec --out)",
            f"First findings ({counts}, {_MOST_OF_A_RULE} per rule at most; all with --out)",
        )
    rows = [
        _first_cells(remark, is_first=not rank or shown[rank - 1].rule.id != remark.rule.id)
        for rank, remark in enumerate(shown)
    ]
    if rows:
        table(title, header, rows, numbers_from=len(header))


def _first_cells(remark: Remark, *, is_first: bool) -> tuple[str, ...]:
    """A line of the table; the words of a rule stand once, above the places where it was broken."""
    words = (remark.rule.id, *rule_words(remark)) if is_first else ("", "", "")
    column = printable(remark.column) if remark.column else field_words(remark)
    return _place(remark), str(remark.line), column, *words


def _place(remark: Remark) -> str:
    return remark.file if remark.sheet is None else f"{remark.file} › {printable(remark.sheet)}"


def _show_notes(verdict: Verdict) -> None:
    for file in verdict.absent:
        what = ", ".join(map(entity_words, declared_entities(file)))
        name = declared_name(file.match)
        optional = say(" ; facultatif", "; optional") if file.is_optional else ""
        line(say(f"Non donné : {name} ({what}{optional})", f"Not given: {name} ({what}{optional})"))
    for hold in verdict.cut:
        missing, files = listed(hold.facts["missing"]), listed(hold.facts["files"])
        line(say(f"Parties non données : {missing} ({files})", f"Parts not given: {missing} ({files})"))
    if verdict.unasked:
        count, names = integer(len(verdict.unasked)), ", ".join(verdict.unasked)
        line(
            say(
                f"Règles non posées, faute de ces fichiers ou des envois antérieurs ({count}) : {names}",
                f"Rules not asked, without these files or earlier exports ({count}): {names}",
            )
        )
    for name in verdict.unread:
        why = say("un autre fichier donné le remplace ou dit la même chose",
                  "another given file replaces it or says the same")  # fmt: skip
        line(say(f"Non lu : {name} ({why})", f"Not read: {name} ({why})"))


def _sentence(verdict: Verdict, centre: Centre) -> str:
    is_part = bool(verdict.cut) or not all(file.is_optional for file in verdict.absent)
    part = say(", fichiers donnés seulement", ", given files only") if is_part else ""
    return say(f"Verdict pour {centre.name}{part} : ", f"Verdict for {centre.name}{part}: ") + _outcome(
        verdict
    )


def _outcome(verdict: Verdict) -> str:
    if verdict.is_refused:
        return say(
            "refusé en l'état ; les constats portent sur les fichiers lisibles.",
            "refused as it is; the findings are about the readable files.",
        )
    if not verdict.exit_code:
        return say("accepté, rien à corriger.", "accepted, nothing to correct.")
    asked = sum(remark.is_asked for remark in verdict.remarks)
    told, rows = integer(len(verdict.remarks) - asked), integer(verdict.rows_set_aside)
    return say(
        f"accepté ; constats : {integer(asked)} (et {told} pour information), lignes mises à part : {rows}.",
        f"accepted; findings: {integer(asked)} (and {told} for information), rows set aside: {rows}.",
    )


def show_json(verdict: Verdict, centre: Centre, *, network_id: str, out: Path | None) -> None:
    """One JSON document in ASCII: names of columns may hold what no terminal can show."""
    typer.echo(json.dumps(_facts(verdict, centre, network_id=network_id, out=out), indent=2))


def _facts(verdict: Verdict, centre: Centre, *, network_id: str, out: Path | None) -> dict[str, Any]:
    return {
        "network": network_id,
        "centre": centre.id,
        "is_refused": verdict.is_refused,
        "exit_code": verdict.exit_code,
        "files": [delivery.file_name for delivery in verdict.read],
        "not_read": list(verdict.unread),
        "not_given": [
            {"match": file.match, "is_optional": file.is_optional, "tables": declared_entities(file)}
            for file in verdict.absent
        ],
        "parts_not_given": [dict(hold.facts) for hold in verdict.cut],
        "rules_not_asked": list(verdict.unasked),
        "refusals": [asdict(refusal) for refusal in verdict.refusals],
        "rows": [
            {"file": rows.file, "table": rows.entity, **rows.counts, "why": rows.why}
            for rows in row_account(verdict)
        ],
        "rules": [_rule_facts(first, count) for first, count, _ in by_rule(verdict)],
        "findings": [_finding_facts(remark) for remark in verdict.remarks],
        "workbook": None if out is None else str(out),
    }


def _rule_facts(first: Remark, count: int) -> dict[str, Any]:
    same = ("severity", "consequence", "sentence_fr", "sentence_en", "remedy_fr", "remedy_en")
    return {
        "rule": first.rule.id,
        "findings": count,
        **{name: str(getattr(first.rule, name)) for name in same},
    }


def _finding_facts(remark: Remark) -> dict[str, Any]:
    same = ("file", "sheet", "line", "column", "field", "is_set_aside")
    facts = {name: getattr(remark, name) for name in same}
    return {"rule": remark.rule.id, "table": remark.entity, **facts}
