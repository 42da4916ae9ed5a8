"""What waits for a person: a delivery that the names alone cannot settle, or that would make patients vanish.

A hold binds the exact deliveries it is about: other bytes are another hold, and no decision covers bytes that nobody
has seen. Its words hold names of files and counts, never a value.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipelines.delivery import Version

ID_LENGTH = 12
MOST_NAMED = 5


class HoldCode:
    """Why a centre waits. The codes are stable."""

    AMBIGUOUS_VERSION = "ambiguous_version"
    INCOMPLETE_PARTS = "incomplete_parts"
    FEWER_PARTS = "fewer_parts"
    TWO_PLACES = "two_places"
    OMISSION = "omission"


class HoldStatus:
    """What became of a hold; `resolved`: its cause went away by itself."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    RESOLVED = "resolved"


Claimed = tuple[str, Version]


@dataclass(frozen=True, kw_only=True)
class Hold:
    """One question to a person. `claims` are the deliveries concerned, each with the version that its name claims.

    `facts` are counts, part numbers and file names, for the sentence that a person reads.
    """

    hold_id: str
    centre_id: str
    code: str
    claims: tuple[Claimed, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    status: str = HoldStatus.OPEN
    chosen: str | None = None

    @property
    def delivery_ids(self) -> tuple[str, ...]:
        """The deliveries concerned, in order."""
        return tuple(sorted({delivery_id for delivery_id, _ in self.claims}))

    def puts_out(self, delivery_id: str, version: Version) -> bool:
        """True when the decision says that this delivery is not to be used where a name claims this version.

        What was sent before under an older version stays as it was; so does the same data sent anew under a later
        one, but that a rejected loss of patients is not repeated under any later name.
        """
        claimed = {v for i, v in self.claims if i == delivery_id}
        if self.status == HoldStatus.REJECTED and self.code == HoldCode.OMISSION:
            return any(version >= earliest for earliest in claimed)
        if self.status == HoldStatus.REJECTED:
            return version in claimed
        chose_another = self.code == HoldCode.AMBIGUOUS_VERSION and self.chosen != delivery_id
        return self.status == HoldStatus.APPROVED and chose_another and version in claimed


@dataclass(frozen=True, kw_only=True)
class HoldRecord:
    """A hold as the ledger keeps it: with who decided, why and when."""

    hold: Hold
    opened_run: int
    by: str | None = None
    reason: str | None = None
    decided: dt.datetime | None = None


def hold_id(network_id: str, centre_id: str, code: str, delivery_ids: Iterable[str]) -> str:
    """The id of a hold: network, centre, code and the exact deliveries."""
    text = "|".join((network_id, centre_id, code, *sorted(set(delivery_ids))))
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


class _Words(NamedTuple):
    fr: str
    en: str


_REASONS: dict[str, _Words] = {
    HoldCode.AMBIGUOUS_VERSION: _Words(
        "plusieurs fichiers différents pour la même version : {files}",
        "several different files for one version: {files}",
    ),
    HoldCode.INCOMPLETE_PARTS: _Words(
        "export incomplet, parties manquantes : {missing} ({files})",
        "incomplete export, missing parts: {missing} ({files})",
    ),
    HoldCode.FEWER_PARTS: _Words(
        "{parts} parties au lieu de {before} à l'export précédent ({files})",
        "{parts} parts instead of {before} in the export before it ({files})",
    ),
    HoldCode.TWO_PLACES: _Words(
        "les mêmes données sous les noms de deux fichiers attendus : {files}",
        "the same data under the names of two expected files: {files}",
    ),
    HoldCode.OMISSION: _Words(
        "{absent} patients sur {before} ont disparu ({files})",
        "{absent} of {before} patients vanished ({files})",
    ),
}
_REMEDIES: dict[str, _Words] = {
    HoldCode.AMBIGUOUS_VERSION: _Words(
        "Choisissez le bon : reseau approve {hold} --delivery {ids}",
        "Choose the right one: reseau approve {hold} --delivery {ids}",
    ),
    HoldCode.INCOMPLETE_PARTS: _Words(
        "Envoyez les parties manquantes, ou : reseau approve {hold}",
        "Send the missing parts, or: reseau approve {hold}",
    ),
    HoldCode.FEWER_PARTS: _Words(
        "Vérifiez avec le centre, puis : reseau approve {hold}",
        "Check with the centre, then: reseau approve {hold}",
    ),
    HoldCode.TWO_PLACES: _Words(
        "Renvoyez le bon contenu sous chaque nom, ou : reseau approve {hold}",
        "Send the right content under each name, or: reseau approve {hold}",
    ),
    HoldCode.OMISSION: _Words(
        "Vérifiez avec le centre, puis : reseau approve {hold}",
        "Check with the centre, then: reseau approve {hold}",
    ),
}


def reason(hold: Hold) -> tuple[str, str]:
    """Why the centre waits, in French and in English."""
    words, facts = _REASONS[hold.code], _spoken(hold)
    return words.fr.format(**facts), words.en.format(**facts)


def remedy(hold: Hold) -> tuple[str, str]:
    """What a person can do, in French and in English."""
    words = _REMEDIES[hold.code]
    facts = {"hold": hold.hold_id, "ids": "|".join(hold.delivery_ids)}
    return words.fr.format(**facts), words.en.format(**facts)


def _spoken(hold: Hold) -> dict[str, Any]:
    """The facts with their lists as text."""
    return {name: listed(value) if isinstance(value, list) else value for name, value in hold.facts.items()}


def listed(values: Iterable[object]) -> str:
    """The first few values, and a sign that there are more.

    >>> listed(range(1, 8))
    '1, 2, 3, 4, 5 …'
    """
    texts = [str(value) for value in values]
    return ", ".join(texts[:MOST_NAMED]) + (" …" if len(texts) > MOST_NAMED else "")
