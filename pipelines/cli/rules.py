"""`reseau rules`: the catalogue of validation rules, each with its source and whether a clinician must still agree."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.options import JsonOption
from pipelines.cli.show import integer, line, print_json, say, table
from pipelines.errors import ConfigError

if TYPE_CHECKING:
    from validations.rules.model import Rule

EntityOption = Annotated[
    str | None, typer.Option("--table", metavar="ENTITY", help="Only the rules on this table.")
]
SeverityOption = Annotated[
    str | None, typer.Option("--severity", metavar="S", help="Only the rules of this severity.")
]


def rules(entity: EntityOption = None, severity: SeverityOption = None, as_json: JsonOption = False) -> int:
    """List the validation rules: what each says, how bad, where it comes from."""
    from validations.contracts.entities import ENTITIES
    from validations.rules.catalogue import CATALOGUE
    from validations.rules.model import Severity

    _refuse_unknown("table", entity, ENTITIES)
    _refuse_unknown("severity", severity, Severity)
    wanted = [
        rule
        for rule in CATALOGUE.values()
        if entity in {None, rule.table} and severity in {None, rule.severity.value}
    ]
    if as_json:
        print_json([_facts(rule) for rule in wanted])
        return 0
    _show(wanted)
    return 0


def _refuse_unknown(option: str, word: str | None, known: Iterable[str]) -> None:
    if word is not None and word not in {*known}:
        raise ConfigError(f"{option} {word!r} is unknown", remedy=f"Known: {', '.join(known)}.")


def _facts(rule: "Rule") -> dict[str, Any]:
    same = ("id", "version", "table", "fields", "severity", "consequence", "sentence_fr", "sentence_en",
            "remedy_fr", "remedy_en", "source", "status", "applies_when", "violated_when",
            "query", "reads")  # fmt: skip
    return {**{name: getattr(rule, name) for name in same}, "category": rule.kahn}


def _show(wanted: "list[Rule]") -> None:
    header = [say("règle", "rule"), "table", say("gravité", "severity"), say("catégorie", "category"),
              say("phrase", "sentence"), "source", say("statut", "status")]  # fmt: skip
    status = {
        "cited": say("cité", "cited"),
        "proposal": say(
            "règle proposée, à valider par un clinicien", "proposed rule, a clinician must agree"
        ),
    }
    rows = [
        (
            f"{rule.id} v{rule.version}",
            rule.table or "*",
            rule.severity.value,
            rule.kahn.value,
            say(rule.sentence_fr, rule.sentence_en),
            rule.source,
            status[rule.status],
        )
        for rule in wanted
    ]
    table(say("Règles de validation", "Validation rules"), header, rows, numbers_from=len(header))
    proposals = sum(rule.status == "proposal" for rule in wanted)
    total, cited, proposed = (integer(n) for n in (len(wanted), len(wanted) - proposals, proposals))
    line(
        say(
            f"Règles : {total}, dont {cited} citées et {proposed} proposées.",
            f"Rules: {total}, of which {cited} cited and {proposed} proposed.",
        )
    )
