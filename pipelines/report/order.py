"""The names of groups, and their order: indicators and periods as declared, places as here, centres by alphabet."""

import unicodedata
from typing import TYPE_CHECKING

from pipelines.report.read import PLACES, Release
from validations.contracts.codes import MORPHOLOGY_VERSION

if TYPE_CHECKING:
    import pandas as pd

EDITIONS = {code.value: (code.fr, code.en) for code in MORPHOLOGY_VERSION}
GROUP_LABELS: dict[tuple[str, str], tuple[str, str]] = {
    ("all", "all"): ("Réseau entier", "Whole network"),
    ("place", "in_reference"): (
        "Première chirurgie en centre de référence",
        "First surgery in a reference centre",
    ),
    ("place", "outside"): (
        "Première chirurgie hors centre de référence",
        "First surgery outside reference centres",
    ),
    ("place", "unknown"): ("Lieu de la première chirurgie inconnu", "Place of first surgery unknown"),
}


def alphabetical(name: str) -> str:
    """The key that sorts names as a French dictionary does, accents and case aside.

    >>> sorted(["Orsay", "évry", "Albi"], key=alphabetical)
    ['Albi', 'évry', 'Orsay']
    """
    bare = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()


def centres_in_order(release: Release) -> dict[str, str]:
    """The centres that have figures, id → name, by name then id."""
    found = release.conformity.query("group_kind == 'centre'")["group_id"].unique()
    named = {centre_id: release.centres.get(centre_id, centre_id) for centre_id in found}
    return dict(sorted(named.items(), key=lambda item: (alphabetical(item[1]), item[0])))


def ordered_rows(release: Release) -> "pd.DataFrame":
    """The protected figures in the order of the page: indicator, kind of group, group, period."""
    groups = {"all": ["all"], "place": list(PLACES), "centre": list(centres_in_order(release))}
    ranks = {(kind, group): rank for kind, ids in groups.items() for rank, group in enumerate(ids)}
    rows = release.conformity
    keys = zip(rows["group_kind"], rows["group_id"], strict=True)
    order = rows.assign(
        _indicator=rows["indicator_id"].map({name: i for i, name in enumerate(release.definitions)}),
        _kind=rows["group_kind"].map({kind: i for i, kind in enumerate(groups)}),
        _group=[ranks.get(key, len(ranks)) for key in keys],
        _period=rows["period_id"].map({p["period_id"]: i for i, p in enumerate(release.periods)}),
    ).sort_values(["_indicator", "_kind", "_group", "_period"], kind="stable")
    return rows.loc[order.index].reset_index(drop=True)
