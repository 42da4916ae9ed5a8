"""What no export says of its centre, and what can be estimated: name, place, role, yearly patients."""

from collections import Counter
from dataclasses import dataclass

from pipelines.propose.choice import Choice
from pipelines.propose.proposal import Proposal

#: A role that makes nothing of a centre: acts done there never count as done in the network until somebody says so.
_HARMLESS_ROLE = "outside"


@dataclass(frozen=True, kw_only=True)
class About:
    """The administrative part of a centre's file; an empty text is not known yet."""

    id: str
    network: str
    name: str = ""
    city: str = ""
    region: str = ""
    role: str = ""
    valid_from: str = "2010-01-01"
    yearly_patients: int | None = None
    morphology_version: str = ""

    @property
    def shown_role(self) -> str:
        """The role as given, else the harmless one."""
        return self.role or _HARMLESS_ROLE


def yearly_patients(proposal: Proposal) -> Choice:
    """The usual number of diagnoses in a year of the export."""
    years: Counter[int] = Counter()
    for _, column in proposal.columns:
        if column.field == "diagnosis_date" and column.is_taken:
            years.update(column.profile.years)
    counts = sorted(years.values())
    usual = counts[len(counts) // 2] if counts else 1
    fr = f"diagnostics d'une année ordinaire, sur {len(counts)} années"
    en = f"diagnoses of a usual year, over {len(counts)} years"
    return Choice(key="yearly_patients", value=str(usual), confidence=0.7 if counts else 0.3, fr=fr, en=en)
