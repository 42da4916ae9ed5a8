"""How the golden value of each trait is chosen among those that the records wrote: one line per trait.

A line is read from left to right: the value of most trust, or the most recent one, or the most frequent one stays; what
is still equal goes to the first record by (centre, local patient). The SQL of `survive.py` and the page of the traits
are derived from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Ruling(StrEnum):
    """What decided between the values of a trait."""

    ONLY = "only"  # there was one value
    TRUST = "trust"
    FREQUENCY = "frequency"
    RECENCY = "recency"  # by the declared export date; a delivery without a date is the oldest
    ORDER = "order"  # nothing but the order of the records


#: What trust means, in SQL: `status` is 3 for QUAL, 2 for RECUP and VALI, 1 for PROV, 0 for none (RNIV).
NO_TRUST = "0"
STATUS = "status"
#: A sex that is stated unknown is worth less than any other.
KNOWN_SEX = "if(written = 'U', -1, status)"
#: A death that one centre knows is not outvoted by those who do not.
DEATH = "CASE written WHEN 'dead' THEN 2 WHEN 'alive' THEN 1 ELSE 0 END"
#: A day that may be a default counts less than any certain day, more than a month or a year; then the status counts.
CERTAIN_DAY = """status + 10 * CASE
            WHEN written LIKE '%year' THEN 0
            WHEN written LIKE '%month' THEN 1
            WHEN written LIKE '____-01-01%' OR written LIKE '____-12-31%' THEN 2
            ELSE 3 END"""

#: What spellings that vote together have in common, in SQL.
AS_WRITTEN = "written"
LETTERS = "coalesce(link_letters(written), written)"
NUMBER = "coalesce(link_ins(split_part(written, chr(31), 1), split_part(written, chr(31), 2)), written)"

#: When another value does not contradict the `chosen` one, in SQL: it says less.
NEVER = "FALSE"
UNKNOWN_SEX = "other = 'U'"
LOST = "other = 'lost'"
VAGUER_DATE = (
    "starts_with(link_known_part(chosen), link_known_part(other))"
    " OR starts_with(link_known_part(other), link_known_part(chosen))"
)

BY_STATUS = (Ruling.TRUST, Ruling.FREQUENCY, Ruling.RECENCY)
#: What changes in a life: the last word counts, whoever says it.
BY_RECENCY = (Ruling.RECENCY, Ruling.FREQUENCY)


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """How the values of one trait are ranked. `with_it` is elected with the trait: it is never of another record."""

    field: str
    order: tuple[Ruling, ...]
    trust: str = NO_TRUST
    votes_by: str = AS_WRITTEN
    agrees: str = NEVER
    with_it: tuple[str, ...] = ()


STRATEGIES = (
    Strategy(field="birth_name", order=BY_STATUS, trust=STATUS, votes_by=LETTERS),
    Strategy(field="used_name", order=BY_RECENCY, votes_by=LETTERS),
    Strategy(field="first_names", order=BY_STATUS, trust=STATUS, votes_by=LETTERS),
    Strategy(field="sex", order=BY_STATUS, trust=KNOWN_SEX, agrees=UNKNOWN_SEX),
    Strategy(field="birth_date", order=BY_STATUS, trust=CERTAIN_DAY, agrees=VAGUER_DATE,
             with_it=("birth_date_precision",)),
    Strategy(field="birth_place_cog", order=BY_STATUS, trust=STATUS),
    Strategy(field="residence_commune", order=BY_RECENCY),
    Strategy(field="ins_matricule", order=BY_STATUS, trust=STATUS, votes_by=NUMBER, with_it=("ins_oid", "ins_status")),
    Strategy(field="vital_status", order=BY_STATUS, trust=DEATH, agrees=LOST),
)  # fmt: skip
FIELDS = tuple(strategy.field for strategy in STRATEGIES)


def by_field(says: Callable[[Strategy], str]) -> str:
    """The SQL that `says` gives for each trait, chosen by the column `field`."""
    cases: dict[str, list[str]] = {}
    for strategy in STRATEGIES:
        cases.setdefault(says(strategy), []).append(f"'{strategy.field}'")
    lines = (f"WHEN field IN ({', '.join(names)}) THEN {sql}" for sql, names in cases.items())
    return f"CASE {' '.join(lines)} END"
