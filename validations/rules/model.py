"""What a rule is. Severity says how bad it is, consequence what happens to the row or field; the two are separate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How bad a violation is; the values are those of the contract's `severity` list."""

    FATAL = "fatal"  # the delivery or output cannot be trusted
    ERROR = "error"  # certainly wrong
    WARNING = "warning"  # probably wrong, ask
    INFO = "info"  # counted, not asked


class Consequence(StrEnum):
    """What becomes of what broke the rule."""

    REJECT = "reject"  # the row goes to quarantine
    HOLD = "hold"  # the field is missing downstream, its text is kept in the staged table
    FLAG = "flag"  # the row is kept as it is


class Kahn(StrEnum):
    """The quality dimension, after Kahn et al. 2016."""

    VALUE = "conformance.value"
    RELATIONAL = "conformance.relational"
    COMPLETENESS = "completeness"
    UNIQUENESS = "plausibility.uniqueness"
    ATEMPORAL = "plausibility.atemporal"
    TEMPORAL = "plausibility.temporal"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One catalogue entry. A record rule has `violated_when`, a cross-table rule `query`; the reader or the gate
    itself applies the others.

    Both conditions are SQL over the columns of `val_<table>`; each date also has `<date>_latest`; `patient.` and
    `tumour.` are the rows it belongs to, `as_of` the declared export date. Unknown (NULL) is never a violation.
    A query gives the `row_id` of each row of `table` that the rule concerns, once, with `is_violated`, from the
    relations of `validations/cross.py`; it is asked only of a centre that sends every entity of `reads`.
    """

    id: str
    sentence_fr: str
    sentence_en: str
    remedy_fr: str
    remedy_en: str
    severity: Severity
    consequence: Consequence
    kahn: Kahn
    source: str
    status: str = "proposal"  # cited, proposal
    version: int = 1
    table: str = ""  # an entity; empty when the rule applies to every table
    fields: tuple[str, ...] = ()
    applies_when: str = "TRUE"
    violated_when: str = ""
    query: str = ""
    reads: tuple[str, ...] = ()
    fails: Mapping[str, Any] = field(default_factory=dict)
    passes: Mapping[str, Any] = field(default_factory=dict)
