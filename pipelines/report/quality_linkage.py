"""How the linkage of a snapshot did, as it may be published: the figures of `fct_linkage`, small counts hidden.

Records and persons are people: a count of 1 to threshold - 1 is hidden, with what would give it back. Pairs and
questions are no people, but with the records and the persons of a network they would tell how many persons have how
many records: their counts are rounded to tens. So is every count of an earlier snapshot, since the difference of two
snapshots is a small count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.report.quality_drift import Trait, traits
from pipelines.report.quality_journal import PastLinkage
from pipelines.report.quality_tally import NATION, hide, smallest_first
from pipelines.report.read import records

if TYPE_CHECKING:
    import duckdb

HAS_FIGURES = "SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'fct_linkage' AND NOT internal"
FIGURES = "SELECT * FROM fct_linkage ORDER BY group_kind, group_id, measure, subject, category_rank, category"
#: What is told of the records of a centre.
RECORD_CHECKS = ("in_review", "same_centre", "other_centre")
PERSON_CHECKS = ("same_centre", "below_threshold", "near_threshold")
DECISIONS = ("link", "review", "apart")
#: The largest person is told by band: its exact size is a figure about one person.
LARGEST = (5, 10, 20, 50)
_CLASSES = ("1", "2", "3", "4", "5+")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A count of a total, None where hidden, and the percentage."""

    n: int | None = 0
    whole: int | None = 0
    percent: float | None = None

    @property
    def is_shown(self) -> bool:
        """True when both counts are published: a missing percentage then does not exist."""
        return self.n is not None and self.whole is not None


@dataclass(frozen=True)
class Figures:
    """The rows of one snapshot, by measure, subject and category: those of the network, or of one group."""

    rows: Sequence[Row]

    def of(self, measure: str, subject: str = "", group: str = "all") -> list[Row]:
        """The rows of a measure, in their order."""
        return [
            row for row in self.rows
            if row["measure"] == measure and row["group_id"] == group and subject in ("", row["subject"])
        ]  # fmt: skip

    def get(self, measure: str, category: str, subject: str = "", group: str = "all") -> tuple[int, int]:
        """The n and N of one category, zeros when it has no row."""
        for row in self.of(measure, subject, group):
            if row["category"] == category:
                return row["item_count"], row["total_count"]
        return 0, 0

    def value(self, measure: str, subject: str) -> float | None:
        """The value of a measure that has one."""
        return next((row["measured_value"] for row in self.of(measure, subject)), None)


@dataclass(frozen=True, kw_only=True)
class Essentials:
    """One snapshot in few figures, counts in tens: what is compared from one snapshot to the next."""

    snapshot: int
    data_cut: Any
    records: int | None
    persons: int | None
    several: float | None
    checks: Mapping[str, float | None]
    questions: int | None
    links: int | None
    link_weight: float | None
    worst: tuple[str, float] | None


@dataclass(frozen=True, kw_only=True)
class Linkage:
    """What the portal prints of a linkage.

    `checks` are by centre or NATION, then by kind; `pairs` by measure and subject.
    `ladder`: the fewest records of a class, whether it holds more too, and its persons. `past`: the newest first.
    """

    records: int | None
    persons: int | None
    several: Part
    checks: Mapping[str, Mapping[str, Part]]
    person_checks: Mapping[str, Part]
    ladder: Sequence[tuple[int, bool, int | None]]
    largest: tuple[int, int | None] | None
    compared: Part
    pairs: Mapping[tuple[str, str], Sequence[tuple[str, Part]]]
    weights: Mapping[str, float | None]
    traits: Sequence[Trait]
    now: Essentials
    past: Sequence[Essentials]


def read_linkage(
    con: "duckdb.DuckDBPyConnection",
    *,
    snapshot: int,
    data_cut: Any,
    past: Sequence[PastLinkage],
    threshold: int,
) -> Linkage | None:
    """The linkage of the snapshot that `con` has open; None when it was built before its figures were kept."""
    found = records(con, FIGURES) if records(con, HAS_FIGURES)[0]["n"] else []
    return view(PastLinkage(snapshot, data_cut, found), past, threshold) if found else None


def view(current: PastLinkage, past: Sequence[PastLinkage], threshold: int) -> Linkage:
    """What may be printed of one snapshot beside those before it, the newest first."""
    figures = Figures(current.rows)
    persons, n_records = figures.get("person_size", "1")[1], figures.get("person_largest", "largest")[1]
    sizes = [figures.get("person_size", name)[0] for name in _CLASSES]
    several, person_checks = _person_checks(figures, sizes, threshold)
    checks = _record_checks(figures, threshold)
    is_told = persons == 0 or min(persons, n_records - persons or threshold) >= threshold
    return Linkage(
        records=checks[NATION]["in_review"].whole,
        persons=persons if is_told else None,
        several=several if is_told else Part(None, None),
        checks=checks,
        person_checks=person_checks,
        ladder=ladder(sizes, n_records, threshold) if is_told else [],
        largest=_band(figures.get("person_largest", "largest")[0]),
        compared=rounded(*figures.get("pair_compared", "candidate"), threshold),
        pairs=_pairs(figures, threshold),
        weights={name: _mean_weight(figures, name, threshold) for name in DECISIONS},
        traits=traits(current.rows, past[0].rows if past else (), threshold),
        now=_essentials(current, threshold),
        past=[_essentials(one, threshold) for one in past],
    )


def tens(count: int, threshold: int) -> int | None:
    """A count in tens; None when it is hidden."""
    return None if 0 < count < threshold else (count + 5) // 10 * 10


def rounded(n: int, whole: int, threshold: int) -> Part:
    """A count of pairs or questions, its total and its share, all from tens: a finer share would give them back."""
    shown, of = tens(n, threshold), tens(whole, threshold)
    return Part(shown, of, None if shown is None or not of else min(100.0, 100 * shown / of))


def ladder(sizes: Sequence[int], n_records: int, threshold: int) -> list[tuple[int, bool, int | None]]:
    """The persons by number of records, in the finest classes that tell nothing of few.

    `sizes`: the persons of 1, 2, 3, 4 records and of more. The last class is open. Persons and records are both known,
    so the records that an open class has beyond its fewest are known too: they must be none or many.
    """
    for last in range(len(sizes) - 1, 0, -1):
        single, rest = sizes[:last], sum(sizes[last:])
        own = n_records - sum((at + 1) * count for at, count in enumerate(single))
        if all(count == 0 or count >= threshold for count in (*single, rest, own - (last + 1) * rest)):
            return [*((at + 1, False, count) for at, count in enumerate(single)), (last + 1, True, rest)]
    whole = sum(sizes)
    return [(1, True, None if 0 < whole < threshold else whole)]


def _band(largest: int) -> tuple[int, int | None] | None:
    """The band of the largest person: from, to (None: no end); None without persons."""
    if not largest:
        return None
    to = next((end for end in LARGEST if largest <= end), None)
    low = max((end + 1 for end in LARGEST if largest > end), default=1)
    return low, to


def _part(n: int, whole: int, *, hides_n: bool, hides_whole: bool) -> Part:
    is_hidden = hides_n or hides_whole
    percent = None if is_hidden or not whole else 100 * n / whole
    return Part(None if hides_n else n, None if hides_whole else whole, percent)


def _record_checks(figures: Figures, threshold: int) -> dict[str, dict[str, Part]]:
    """The records of each centre and of all: in review, repeated, known elsewhere; each beside those that are not."""
    import numpy as np

    groups = [*sorted({row["group_id"] for row in figures.rows if row["group_kind"] == "centre"}), "all"]
    found = [[figures.get("record_check", kind, group=group) for kind in RECORD_CHECKS] for group in groups]
    kinds = range(len(RECORD_CHECKS))
    # of each group: the records that are so, by kind, those that are not, by kind, all of them
    table = np.array(
        [[*(n for n, _ in own), *(whole - n for n, whole in own), own[0][1]] for own in found], dtype=np.int64
    )
    places = np.arange(table.size).reshape(table.shape)
    within = [places[:, (len(kinds) + at, at, 2 * len(kinds))] for at in kinds]
    # those that are not so are not printed: a reader adds up the others
    across = smallest_first(places[:, (*kinds, 2 * len(kinds))].T, table.ravel())
    hidden = hide(table.ravel(), [*within, across], threshold).reshape(table.shape)
    return {
        NATION if group == "all" else group: {
            kind: _part(*found[row][at], hides_n=bool(hidden[row, at]), hides_whole=bool(hidden[row, -1]))
            for at, kind in enumerate(RECORD_CHECKS)
        }
        for row, group in enumerate(groups)
    }


def _person_checks(figures: Figures, sizes: Sequence[int], threshold: int) -> tuple[Part, dict[str, Part]]:
    """The persons of several records among all, and among them those to watch."""
    import numpy as np

    several = sum(sizes[1:])
    counts = [figures.get("person_check", kind)[0] for kind in PERSON_CHECKS]
    flat = np.array([sizes[0], several, *(c for n in counts for c in (n, several - n))], dtype=np.int64)
    lines = [np.array([[2 * at + 3, 1, 2 * at + 2]]) for at in range(len(counts))]
    hidden = hide(flat, lines, threshold)
    whole = sizes[0] + several
    hides_whole = bool(hidden[1] or hidden[0])
    parts = {
        kind: _part(n, several, hides_n=bool(hidden[2 * at + 2]), hides_whole=hides_whole)
        for at, (kind, n) in enumerate(zip(PERSON_CHECKS, counts, strict=True))
    }
    return _part(several, whole, hides_n=hides_whole, hides_whole=False), parts


def _pairs(figures: Figures, threshold: int) -> dict[tuple[str, str], list[tuple[str, Part]]]:
    """The pairs by decision, and those of each decision by reason and by weight; the questions by reason."""
    asked = [("pair_decision", "pair"), ("question_reason", "question")]
    asked += [(measure, decision) for measure in ("pair_reason", "pair_weight") for decision in DECISIONS]
    return {
        place: [
            (row["category"], rounded(row["item_count"], row["total_count"], threshold))
            for row in figures.of(*place)
        ]
        for place in asked
    }


def _mean_weight(figures: Figures, decision: str, threshold: int) -> float | None:
    weighed, _ = figures.get("pair_mean_weight", "weighed", decision)
    return figures.value("pair_mean_weight", decision) if weighed >= threshold else None


def _essentials(one: PastLinkage, threshold: int) -> Essentials:
    figures = Figures(one.rows)
    n_records = figures.get("person_largest", "largest")[1]
    single, persons = figures.get("person_size", "1")
    questions = [row["total_count"] for row in figures.of("question_reason")][:1] or [0]
    drifts = [
        (row["subject"], row["measured_value"])
        for row in figures.of("trait_drift")
        if row["item_count"] >= threshold
    ]
    return Essentials(
        snapshot=one.snapshot,
        data_cut=one.data_cut,
        records=tens(n_records, threshold),
        persons=tens(persons, threshold),
        several=_share(persons - single, persons, threshold),
        checks={kind: _share(*figures.get("record_check", kind), threshold) for kind in RECORD_CHECKS},
        questions=tens(questions[0], threshold),
        links=tens(figures.get("pair_decision", "link")[0], threshold),
        link_weight=_mean_weight(figures, "link", threshold),
        worst=max(drifts, key=lambda drift: drift[1], default=None),
    )


def _share(n: int, whole: int, threshold: int) -> float | None:
    """A percentage in which one person more or less does not show; None when it tells of few or there is nobody."""
    return None if 0 < whole - n < threshold else rounded(n, whole, threshold).percent
