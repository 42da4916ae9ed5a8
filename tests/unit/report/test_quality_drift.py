"""What a drift means: the index, what chance alone gives, the verdict, and what of it may be told."""

import math

import pytest

from pipelines.report.quality_drift import chance_bound, stability, traits, verdict

#: The 95 % quantile of chi-square by degrees of freedom, as printed in tables.
CHI_SQUARE = {1: 3.841, 2: 5.991, 3: 7.815, 8: 15.507, 9: 16.919}


@pytest.mark.parametrize(("freedom", "quantile"), CHI_SQUARE.items())
def test_the_bound_of_chance_is_that_of_chi_square(freedom: int, quantile: float):
    assert chance_bound(freedom + 1, 1) == pytest.approx(quantile, rel=0.03)


def test_two_samples_vary_more_than_one():
    assert chance_bound(3, 1_000, 1_000) == pytest.approx(2 * chance_bound(3, 1_000))


@pytest.mark.parametrize(
    ("why", "index", "bound", "expected"),
    [
        ("far below", 0.02, 0.001, "stable"),
        ("just below", 0.0999, 0.001, "stable"),
        ("the first bound", 0.1, 0.001, "look"),
        ("below the second", 0.2499, 0.001, "look"),
        ("the second bound", 0.25, 0.001, "act"),
        ("so few pairs that chance alone gives that", 0.3, 0.4, "few"),
        ("few pairs, yet beyond chance", 0.5, 0.4, "act"),
        ("few pairs and nothing to see: it says nothing", 0.01, 0.4, "few"),
    ],
)
def test_a_verdict(why: str, index: float, bound: float, expected: str):
    assert verdict(index, bound) == expected, why


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        ([60, 40], [6, 4], 0.0),
        ([50, 50], [60, 40], -0.1 * math.log(50 / 60) + 0.1 * math.log(50 / 40)),
        ([100, 0], [99, 1], 0.01 * math.log(100 / 99) + (1e-4 - 0.01) * math.log(1e-4 / 0.01)),
    ],
)
def test_the_index_between_two_snapshots(now: list[int], then: list[int], expected: float):
    assert stability(now, then) == pytest.approx(expected)


def rows(
    levels: dict[str, int], *, missing: int = 0, index: float | None = 0.02, rank: int = 1, name: str = "sex"
):
    """The rows of one trait: the counts of its levels, the weakest first."""
    known = sum(levels.values())
    own = {
        "subject": name,
        "total_count": known + missing,
        "model_share": 1 / len(levels),
        "measured_value": None,
    }
    found = [
        {
            **own,
            "measure": "trait_level",
            "category": label,
            "category_rank": at,
            "item_count": count,
        }
        for at, (label, count) in enumerate(levels.items())
    ]
    lacking = {"category": "missing", "category_rank": -1, "item_count": missing, "model_share": None}
    found.append({**own, "measure": "trait_level", **lacking})
    drift = {
        "measure": "trait_drift",
        "category": "stability",
        "category_rank": rank,
        "measured_value": index,
    }
    return [*found, {**own, **drift, "item_count": known}] if index is not None else found


def test_a_trait_shows_its_levels_the_strongest_first():
    [trait] = traits(rows({"different": 200, "equal": 1_800}, missing=500), (), 11)
    assert [(level.name, level.percent, level.expected) for level in trait.levels] == [
        ("equal", 90.0, 50.0), ("different", 10.0, 50.0),
    ]  # fmt: skip
    assert (trait.known, trait.missing, trait.index, trait.verdict) == (2_000, 20.0, 0.02, "stable")
    assert (trait.index_before, trait.verdict_before) == (None, "few")


@pytest.mark.parametrize(
    ("why", "levels", "shown"),
    [
        ("one small level takes the next with it", {"a": 4, "b": 296, "c": 1_700}, [85.0, None, None]),
        ("two small levels that are many together", {"a": 6, "b": 8, "c": 1_986}, [99.3, None, None]),
        ("nothing is no small count", {"a": 0, "b": 300, "c": 1_700}, [85.0, 15.0, 0.0]),
        ("so few pairs that a share gives a count back", {"a": 0, "b": 400, "c": 500}, [None, None, None]),
    ],
)
def test_a_level_of_few_pairs_is_hidden(why: str, levels: dict[str, int], shown: list[float | None]):
    [trait] = traits(rows(levels), (), 11)
    assert [level.percent for level in trait.levels] == shown, why


@pytest.mark.parametrize(
    ("missing", "told"), [(0, 0.0), (5, None), (2_000, 50.0)], ids=["nobody", "few", "many"]
)
def test_the_share_that_lacks_a_side(missing: int, told: float | None):
    [trait] = traits(rows({"different": 0, "equal": 2_000}, missing=missing), (), 11)
    assert trait.missing == told


@pytest.mark.parametrize(("index", "pairs", "known"), [(None, 0, 0), (5.0, 10, None)], ids=["nothing", "few"])
def test_too_few_pairs_have_no_index(index: float | None, pairs: int, known: int | None):
    [trait] = traits(rows({"different": 0, "equal": pairs}, index=index), (), 11)
    assert (trait.index, trait.verdict, trait.known) == (None, "few", known)


def test_a_change_since_the_snapshot_before_is_told_whatever_the_model_says():
    now, then = rows({"different": 900, "equal": 1_100}), rows({"different": 20, "equal": 1_980})
    [trait] = traits(now, then, 11)
    assert (trait.verdict, trait.verdict_before) == ("stable", "act")
    assert trait.index_before == pytest.approx(stability([1_100, 900], [1_980, 20]))


@pytest.mark.parametrize(
    ("why", "then"),
    [
        ("another model", rows({"far": 20, "equal": 1_980})),
        ("too few pairs before", rows({"different": 0, "equal": 10})),
        ("no such trait before", rows({"different": 20, "equal": 1_980}, name="ins")),
    ],
)
def test_what_cannot_be_compared_is_not(why: str, then: list):
    [trait] = traits(rows({"different": 20, "equal": 1_980}), then, 11)
    assert trait.index_before is None, why


def test_traits_stand_in_the_order_of_the_model():
    given = [
        *rows({"a": 0, "b": 2_000}, rank=2, name="birth_date"),
        *rows({"a": 0, "b": 0}, index=None, name="aaa"),
        *rows({"a": 0, "b": 2_000}, rank=1, name="ins"),
    ]
    assert [trait.name for trait in traits(given, (), 11)] == ["ins", "birth_date", "aaa"]
