"""What of the figures of a linkage may be told: no small count, and nothing that gives one back."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.report.quality_journal import PastLinkage
from pipelines.report.quality_linkage import Part, ladder, rounded, tens, view
from pipelines.report.quality_tally import NATION
from tests import linkage_snapshot
from tests.linkage_snapshot import CENTRES, figures, past

THRESHOLD = 11


@pytest.fixture(scope="module")
def linkage():
    return view(PastLinkage(3, None, figures()), past(), THRESHOLD)


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (1, None), (10, None), (11, 10), (14, 10), (15, 20), (44_488, 44_490)]
)
def test_a_count_in_tens(count: int, shown: int | None):
    assert tens(count, THRESHOLD) == shown


@pytest.mark.parametrize(
    ("n", "whole", "expected"),
    [
        (44, 67, Part(40, 70, 100 * 40 / 70)),
        (9, 67, Part(None, 70, None)),
        (3, 6, Part(None, None, None)),
        (0, 0, Part(0, 0, None)),
        (15, 14, Part(20, 10, 100.0)),
    ],
)
def test_a_share_of_pairs_is_that_of_its_tens(n: int, whole: int, expected: Part):
    assert rounded(n, whole, THRESHOLD) == expected


# The persons by number of records


@pytest.mark.parametrize(
    ("why", "sizes", "records", "expected"),
    [
        ("many of each, and many beyond five", [500, 90, 40, 30, 20], 500 + 180 + 120 + 120 + 120,
         [(1, False, 500), (2, False, 90), (3, False, 40), (4, False, 30), (5, True, 20)]),
        ("nobody has more than five", [500, 90, 40, 30, 20], 500 + 180 + 120 + 120 + 100,
         [(1, False, 500), (2, False, 90), (3, False, 40), (4, False, 30), (5, True, 20)]),
        ("few have five: four and five are one class", [500, 90, 40, 30, 5], 500 + 180 + 120 + 120 + 25,
         [(1, False, 500), (2, False, 90), (3, True, 75)]),
        ("nobody has three", [500, 90, 0, 0, 0], 680,
         [(1, False, 500), (2, False, 90), (3, False, 0), (4, False, 0), (5, True, 0)]),
        ("few have several", [500, 7, 0, 0, 0], 514, [(1, True, 507)]),
        ("one person has many: its records would be known", [500, 90, 40, 30, 11], 500 + 180 + 120 + 120 + 55 + 4,
         [(1, False, 500), (2, False, 90), (3, False, 40), (4, True, 41)]),
        ("few persons", [5, 0, 0, 0, 0], 5, [(1, True, None)]),
        ("nobody", [0, 0, 0, 0, 0], 0,
         [(1, False, 0), (2, False, 0), (3, False, 0), (4, False, 0), (5, True, 0)]),
    ],
)  # fmt: skip
def test_the_classes_of_persons(why: str, sizes: list[int], records: int, expected: list):
    assert ladder(sizes, records, THRESHOLD) == expected, why


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=5, max_size=5), st.integers(0, 12))
def test_no_class_tells_of_few_with_what_a_subtraction_gives(sizes: list[int], beyond: int):
    """What a reader knows: persons, records, the shown classes; so the records of the open class beyond its fewest."""
    records = sum((at + 1) * n for at, n in enumerate(sizes)) + (beyond if sizes[4] else 0)
    found = ladder(sizes, records, THRESHOLD)
    counts = [n for _, _, n in found if n is not None]
    assert not [n for n in counts if 0 < n < THRESHOLD]
    assert sum(counts) in (0, sum(sizes))
    low, is_open, last = found[-1]
    if last is not None and low > 1:
        assert is_open
        left = (
            records
            - sum(size * n for size, is_open, n in found if not is_open and n is not None)
            - low * last
        )
        assert left == 0 or left >= THRESHOLD


# The records of the centres


def shown(linkage, kind: str) -> dict[str, Part]:
    return {centre: own[kind] for centre, own in linkage.checks.items()}


def test_a_count_is_of_all_records(linkage):
    assert linkage.checks["c00"]["same_centre"] == Part(40, 3_000, 100 * 40 / 3_000)
    assert linkage.checks[NATION]["other_centre"] == Part(6_001, 12_000, 100 * 6_001 / 12_000)


def test_a_small_count_takes_another_centre_with_it_and_no_total(linkage):
    repeated = shown(linkage, "same_centre")
    assert [centre for centre, part in repeated.items() if part.n is None] == ["c04", "c05"]
    assert repeated["c02"] == Part(0, 2_200, 0.0)
    assert all(own.whole is not None for own in repeated.values())


def test_records_that_are_nearly_all_known_elsewhere_hide_those_who_are_not():
    counts = {**CENTRES, "c05": (800, 797, 30, 20)}
    rows = [row for row in figures() if row["measure"] != "record_check"]
    found = view(PastLinkage(3, None, [*rows, *linkage_snapshot.record_rows(counts)]), (), THRESHOLD)
    assert found.checks["c05"]["other_centre"].n is None
    assert found.checks["c05"]["same_centre"].n == 30
    assert found.checks[NATION]["other_centre"].n == sum(one[1] for one in counts.values())


def test_no_difference_of_two_shown_counts_is_small(linkage):
    for kind in ("in_review", "same_centre", "other_centre"):
        parts = shown(linkage, kind)
        hidden = [centre for centre, part in parts.items() if part.n is None and centre != NATION]
        nation = parts.pop(NATION)
        assert nation.n is not None
        left = nation.n - sum(part.n for part in parts.values() if part.n is not None)
        assert left == 0 or (left >= THRESHOLD and len(hidden) > 1)
        for part in parts.values():
            if part.n is not None and part.whole is not None:
                assert part.whole - part.n == 0 or part.whole - part.n >= THRESHOLD


# Persons, pairs, history


def test_persons_to_watch_are_of_those_of_several_records(linkage):
    assert linkage.several == Part(2_988, 8_000, 100 * 2_988 / 8_000)
    assert linkage.person_checks["same_centre"] == Part(58, 2_988, 100 * 58 / 2_988)
    assert linkage.person_checks["below_threshold"] == Part(0, 2_988, 0.0)
    assert linkage.person_checks["near_threshold"].n is None


def test_the_largest_person_is_told_by_band(linkage):
    assert linkage.largest == (6, 10)


def test_pairs_are_told_in_tens(linkage):
    assert dict(linkage.pairs["pair_decision", "pair"])["link"].n == 5_220
    assert dict(linkage.pairs["pair_reason", "apart"])["CL1"].n is None
    for parts in linkage.pairs.values():
        assert all(part.n is None or part.n % 10 == 0 for _, part in parts)
        assert all(part.percent is None or part.percent <= 100 for _, part in parts)


def test_a_mean_of_few_pairs_is_hidden():
    rows = [row for row in figures() if row["measure"] != "pair_mean_weight"]
    few = linkage_snapshot.row("pair_mean_weight", "review", "weighed", 10, 10, measured_value=3.0)
    found = view(PastLinkage(3, None, [*rows, few]), (), THRESHOLD)
    assert found.weights == {"link": None, "review": None, "apart": None}


def test_earlier_snapshots_are_told_in_tens_the_newest_first(linkage):
    assert [one.snapshot for one in linkage.past] == [2, 1]
    before = linkage.past[0]
    assert (before.records, before.persons, before.questions, before.links) == (12_000, 8_000, 70, 5_220)
    assert before.checks == {
        "in_review": 100 * 100 / 12_000, "same_centre": 100 * 120 / 12_000, "other_centre": 50.0,
    }  # fmt: skip
    assert before.worst == ("birth_name", 0.012)
    assert linkage.now.worst == ("residence", 0.813)


def test_one_person_more_changes_no_figure_of_history():
    more = [
        {**row, "item_count": row["item_count"] + 1} if row["category"] == "1" else row for row in figures()
    ]
    one, other = (view(PastLinkage(3, None, rows), (), THRESHOLD).now for rows in (figures(), more))
    assert one == other


def test_without_a_snapshot_before_nothing_is_compared():
    found = view(PastLinkage(1, None, figures()), (), THRESHOLD)
    assert list(found.past) == []
    assert {trait.index_before for trait in found.traits} == {None}


@pytest.mark.parametrize(("records", "persons"), [(5, 5), (500, 495), (500, 500)])
def test_few_persons_or_few_that_were_joined_are_not_told(records: int, persons: int):
    joined = records - persons
    sizes = [persons - joined, joined, 0, 0, 0]
    rows = [
        *(linkage_snapshot.row("person_size", "person", name, n, persons)
          for name, n in zip(("1", "2", "3", "4", "5+"), sizes, strict=True)),
        linkage_snapshot.row("person_largest", "person", "largest", 2 if joined else 1, records),
        *linkage_snapshot.record_rows({"a": (records, 0, 0, 0)}),
    ]  # fmt: skip
    found = view(PastLinkage(1, None, rows), (), THRESHOLD)
    is_told = persons >= THRESHOLD and joined == 0
    assert found.persons == (persons if is_told else None)
    assert [n for _, _, n in found.ladder if n] == ([persons] if is_told else [])
    assert found.several.n == (0 if is_told else None)


def test_every_kind_has_its_words():
    from pipelines.report.quality_linkage_words import CHECK_WORDS, PERSON_WORDS, TRAIT_WORDS, level_words

    levels = {(row["subject"], row["category"]) for row in figures() if row["measure"] == "trait_level"}
    assert {trait for trait, _ in levels} == set(TRAIT_WORDS)
    assert all(level_words(*level) != (level[1], level[1]) for level in levels)
    assert level_words("first_name", "of an older model") == ("of an older model", "of an older model")
    for kind, words in product(("same_centre",), (CHECK_WORDS, PERSON_WORDS)):
        assert kind in words
