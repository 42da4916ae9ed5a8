"""The figures of the linkage of a small network, as `fct_linkage` holds them: six centres, some counts small.

12,000 records of 8,000 persons. `later` moves a trait away, as a centre does that sends an empty field; the sixth
centre repeats few records.
"""

import datetime as dt
from typing import Any

from pipelines.io.linkage_model import load_model
from pipelines.link.monitor_traits import model_levels
from pipelines.report.quality_journal import PastLinkage

SETTINGS = load_model("fr-2026-2").settings
SIZES = {"1": 5_012, "2": 2_100, "3": 780, "4": 95, "5+": 13}
RECORDS = 12_000  # one of the thirteen largest persons has eight, the others five
#: Of each centre: records, known elsewhere, repeated, in review.
CENTRES = {
    "c00": (3_000, 1_800, 40, 30), "c01": (2_500, 1_300, 25, 24), "c02": (2_200, 900, 0, 12),
    "c03": (2_000, 1_000, 30, 20), "c04": (1_500, 700, 22, 15), "c05": (800, 301, 4, 3),
}  # fmt: skip
PAIRS = {
    "link": {"ins": 410, "qualified": 350, "traits": 2_600, "weight": 1_838, "group": 17},
    "review": {"weight": 44, "CL5": 9, "CL8": 14},
    "apart": {"CL1": 6, "CL5": 31, "weight": 318},
}
WEIGHTS = {
    "link": {"0": 17, "5": 160, "10": 700, "15": 1_500, "20": 1_788, "25": 500, "30": 200, "none": 350},
    "review": {"0": 52, "5": 15},
    "apart": {"-10": 150, "-5": 168, "0": 31, "none": 6},
}
MEANS = {"link": 20.534, "review": 2.9, "apart": -4.25}


def row(measure: str, subject: str, category: str, n: int, whole: int, **more: Any) -> dict[str, Any]:
    group = {
        "group_kind": "all",
        "group_id": "all",
        "category_rank": 1,
        "model_share": None,
        "measured_value": None,
    }
    return {
        **group, "measure": measure, "subject": subject, "category": category, "item_count": n, "total_count": whole,
        **more,
    }  # fmt: skip


def _split(measure: str, subject: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The categories of one whole."""
    whole = sum(counts.values())
    return [
        row(measure, subject, name, n, whole, category_rank=rank)
        for rank, (name, n) in enumerate(counts.items())
    ]


def record_rows(centres: dict[str, tuple[int, int, int, int]]) -> list[dict[str, Any]]:
    totals = tuple(sum(column) for column in zip(*centres.values(), strict=True))
    groups = [("centre", name, counts) for name, counts in centres.items()] + [("all", "all", totals)]
    return [
        row("record_check", "record", kind, n, records, group_kind=group, group_id=name)
        for group, name, (records, *found) in groups
        for kind, n in zip(("other_centre", "same_centre", "in_review"), found, strict=True)
    ]


def _traits(pairs: int, moved: str) -> list[dict[str, Any]]:
    """The levels as the model expects them, but for the trait that moved; one pair in five lacks a side."""
    rows = []
    levels = model_levels(SETTINGS)
    for place, trait in enumerate(dict.fromkeys(level["trait"] for level in levels), start=1):
        own = [level for level in levels if level["trait"] == trait]
        known = pairs - pairs // 5
        shares = {level["level"]: level["share"] or 0.0 for level in own}
        if trait == moved:
            shares = {name: 0.3 * share for name, share in shares.items()}
            shares[0] += 1 - sum(shares.values())
        counts = {name: round(known * share) for name, share in shares.items()}
        counts[max(counts)] += known - sum(counts.values())
        counts[-1] = pairs - known
        rows += [
            row("trait_level", trait, level["name"], counts[level["level"]], pairs, category_rank=level["level"],
                 model_share=level["share"])
            for level in own
        ]  # fmt: skip
        index = 0.813 if trait == moved else 0.012
        rows.append(
            row("trait_drift", trait, "stability", known, pairs, category_rank=place, measured_value=index)
        )
    return rows


def figures(*, moved: str = "residence") -> list[dict[str, Any]]:
    """The rows of `fct_linkage`."""
    links = sum(PAIRS["link"].values())
    several = sum(SIZES.values()) - SIZES["1"]
    return [
        row("pair_compared", "pair", "candidate", 41_237, 41_237),
        *_split("pair_decision", "pair", {name: sum(own.values()) for name, own in PAIRS.items()}),
        *(one for name, own in PAIRS.items() for one in _split("pair_reason", name, own)),
        *(one for name, own in WEIGHTS.items() for one in _split("pair_weight", name, own)),
        *(
            row("pair_mean_weight", name, "weighed", sum(PAIRS[name].values()) - WEIGHTS[name].get("none", 0),
                 sum(PAIRS[name].values()), measured_value=mean)
            for name, mean in MEANS.items()
        ),
        *_split("person_size", "person", SIZES),
        row("person_largest", "person", "largest", 8, RECORDS),
        row("person_check", "person", "same_centre", 58, several),
        row("person_check", "person", "below_threshold", 0, several),
        row("person_check", "person", "near_threshold", 7, several),
        *_split("question_reason", "question", {**PAIRS["review"], "two_ins": 2}),
        *record_rows(CENTRES),
        *_traits(links, moved),
    ]  # fmt: skip


def past() -> list[PastLinkage]:
    """Two snapshots before, the newest first: the trait had not moved yet."""
    rows = [row for row in figures(moved="") if row["group_kind"] == "all"]
    return [PastLinkage(number, dt.date(2026, 8 + number, 1), rows) for number in (2, 1)]
