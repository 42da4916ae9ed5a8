"""How a checked file and its findings are named to a centre: severities, consequences, fields, declared files."""

import re

from pipelines.check_remarks import Remark
from pipelines.cli.show import say
from pipelines.config import FileMap
from validations.contracts.codes import SEVERITY
from validations.contracts.entities import ENTITIES, ENTITY_LABELS
from validations.rules.model import Consequence, Severity

_SEVERITIES = {code.value: (code.fr, code.en) for code in SEVERITY}
_CONSEQUENCES = {
    Consequence.REJECT: ("ligne mise à part", "row set aside"),
    Consequence.HOLD: ("valeur non retenue", "value not kept"),
    Consequence.FLAG: ("gardé, signalé", "kept, pointed out"),
}
_LABELS = {field.name: (field.fr, field.en) for fields in ENTITIES.values() for field in fields}
#: What a finding on a whole file says in the place of a field.
_LABELS |= {
    "day_first": ("jour puis mois", "day, then month"),
    "month_first": ("mois puis jour", "month, then day"),
}


def severity_words(severity: Severity) -> str:
    """How bad, in one word."""
    return say(*_SEVERITIES[severity])


def consequence_words(consequence: Consequence) -> str:
    """What a run would do."""
    return say(*_CONSEQUENCES[consequence])


def entity_words(entity: str) -> str:
    """What the rows speak of."""
    return say(*ENTITY_LABELS.get(entity, (entity, entity)))


def field_words(remark: Remark) -> str:
    """What the column holds; nothing for a column that nobody described."""
    return say(*_LABELS.get(remark.field, ("", "")))


def rule_words(remark: Remark) -> tuple[str, str]:
    """What is wrong, and what to do."""
    rule = remark.rule
    return say(rule.sentence_fr, rule.sentence_en), say(rule.remedy_fr, rule.remedy_en)


def declared_name(match: str) -> str:
    r"""The declared name of a file, as people write it.

    >>> declared_name(r"CHIR_(?P<exported>\d{8})(_v(?P<version>\d+))?\.csv")
    'CHIR_<exported>(_v<version>)?.csv'
    """
    return re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<\1>", match).replace("\\", "")


def declared_entities(file: FileMap) -> list[str]:
    """What the rows of a declared file speak of."""
    return list(dict.fromkeys(table.entity for sheet in file.sheets for table in sheet.tables))
