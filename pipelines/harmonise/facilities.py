"""Where an act took place, and which role that place had on that day.

A facility is found by its exact name or alias, once case, accents and punctuation are put aside. Nothing is guessed:
"Hôpital Sud" is not "Hôpital du Sud". A name that belongs to two facilities belongs to none.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.config import Centre, Network, Validity

FOREVER = dt.date(9999, 12, 31)
ALWAYS = dt.date(1, 1, 1)


@dataclass(frozen=True, order=True)
class RoleSpan:
    """Days, both included, on which a facility or a centre has a role."""

    holder_id: str
    valid_from: dt.date
    valid_to: dt.date


@dataclass(frozen=True)
class Facility:
    """One line of `config/codes/facility.csv`."""

    facility_id: str
    names: tuple[str, ...]
    is_reference: bool
    valid_from: dt.date
    valid_to: dt.date


def normalise_name(text: str) -> str:
    """A facility's name without case, accents and punctuation.

    >>> normalise_name("  CENTRE Léon-Bérard. ")
    'centre leon berard'
    """
    folded = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in folded if not unicodedata.combining(c))))


def name_index(facilities: Iterable[Facility], centres: Mapping[str, Centre]) -> dict[str, str | None]:
    """Normalised name → facility id; None when two facilities share the name. A centre is a facility of its own id."""
    pairs = [(name, facility.facility_id) for facility in facilities for name in facility.names]
    pairs += [(name, centre.id) for centre in centres.values() for name in (centre.name, *centre.aliases)]
    found: dict[str, str | None] = {}
    for name, facility_id in pairs:
        key = normalise_name(name)
        found[key] = facility_id if found.get(key, facility_id) == facility_id else None
    found.pop("", None)
    return found


def _span(holder_id: str, role: Validity) -> RoleSpan:
    return RoleSpan(holder_id, role.valid_from, role.valid_to or FOREVER)


def reference_spans(
    network: Network, facilities: Iterable[Facility], centres: Mapping[str, Centre]
) -> list[RoleSpan]:
    """The days on which each facility is a reference of the network."""
    of_centres = [
        _span(centre.id, role)
        for centre in centres.values()
        for role in centre.roles
        if role.network == network.id and role.role in network.reference_roles
    ]
    of_facilities = [RoleSpan(f.facility_id, f.valid_from, f.valid_to) for f in facilities if f.is_reference]
    return join_spans([*of_centres, *of_facilities])


def label_spans(network: Network, centres: Mapping[str, Centre]) -> list[RoleSpan]:
    """The days on which the meetings of each centre are those of the network: it has a role in it."""
    return join_spans(
        _span(centre.id, role)
        for centre in centres.values()
        for role in centre.roles
        if role.network == network.id and role.role != "outside"
    )


def join_spans(spans: Iterable[RoleSpan]) -> list[RoleSpan]:
    """Spans of one holder that touch or overlap as one: a change of role is not a gap."""
    joined: list[RoleSpan] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        touches = (
            last is not None
            and last.holder_id == span.holder_id
            and last.valid_to.toordinal() + 1 >= span.valid_from.toordinal()
        )
        if last is not None and touches:
            joined[-1] = RoleSpan(span.holder_id, last.valid_from, max(last.valid_to, span.valid_to))
        else:
            joined.append(span)
    return joined


def load_facilities() -> list[Facility]:
    """The facilities of `config/codes/facility.csv`, one row per name there."""
    from pipelines.io.configuration import read_codes

    frame = read_codes("facility").astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    return [
        Facility(
            facility_id=row["facility_id"],
            names=tuple(n for n in (row["name"], row["alias"]) if n),
            is_reference=row["role"] == "reference",
            valid_from=dt.date.fromisoformat(row["valid_from"]) if row["valid_from"] else ALWAYS,
            valid_to=dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else FOREVER,
        )
        for row in rows
    ]
