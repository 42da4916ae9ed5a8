"""Rules that keep the row and ask the centre, said in few lines; every other one is written in full."""

from collections.abc import Mapping
from typing import Any

from validations.rules.expressions import says_nothing
from validations.rules.model import Consequence, Kahn, Rule, Severity


def asked(
    rule_id: str,
    entity: str,
    field: str,
    texts: tuple[str, str, str, str],
    *,
    source: str,
    violated_when: str,
    fails: Mapping[str, Any],
    passes: Mapping[str, Any],
    applies_when: str = "TRUE",
    severity: Severity = Severity.WARNING,
    kahn: Kahn = Kahn.ATEMPORAL,
    status: str = "proposal",
) -> Rule:
    """A record rule that asks; `texts` are the sentence and the remedy, each in French and English."""
    return Rule(
        id=rule_id,
        table=entity,
        fields=(field,),
        sentence_fr=texts[0],
        sentence_en=texts[1],
        remedy_fr=texts[2],
        remedy_en=texts[3],
        severity=severity,
        consequence=Consequence.FLAG,
        kahn=kahn,
        source=source,
        status=status,
        applies_when=applies_when,
        violated_when=violated_when,
        fails=fails,
        passes=passes,
    )


def missing(
    rule_id: str,
    entity: str,
    field: str,
    texts: tuple[str, str, str, str],
    *,
    source: str,
    passes: Mapping[str, Any],
    applies_when: str = "TRUE",
    severity: Severity = Severity.INFO,
    status: str = "proposal",
    fails: Mapping[str, Any] | None = None,
) -> Rule:
    """A record rule on a field that is empty where it should not be; it counts, and asks where `severity` says so."""
    unknown = {field: None, f"{field}_precision": "unknown"} if field.endswith("_date") else {field: None}
    return asked(
        rule_id,
        entity,
        field,
        texts,
        source=source,
        violated_when=f"{field} IS NULL",
        fails=unknown if fails is None else fails,
        passes=passes,
        applies_when=applies_when,
        severity=severity,
        kahn=Kahn.COMPLETENESS,
        status=status,
    )


def wordless(rule_id: str, entity: str, field: str, fr: str, en: str, *, fails: str, passes: str) -> Rule:
    """A record rule on words that say nothing; `fr` and `en` name what the words should say."""
    return asked(
        rule_id,
        entity,
        field,
        (
            f"{fr[0].upper()}{fr[1:]} ne dit rien (autre, inconnu, non précisé).",
            f"{en[0].upper()}{en[1:]} says nothing (other, unknown, not stated).",
            f"Écrire {fr} en toutes lettres, ou laisser la cellule vide.",
            f"Write {en} in full, or leave the cell empty.",
        ),
        source="CRC-10",
        violated_when=says_nothing(field),
        fails={field: fails},
        passes={field: passes},
        kahn=Kahn.VALUE,
        status="cited",
    )
