"""A delivery is known by its centre and its bytes; a centre's files are read in a declared order."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.delivery import ID_LENGTH, Delivery, delivery_id, reading_order

WORDS = st.text(min_size=1, max_size=12)


@given(WORDS, WORDS, WORDS, WORDS)
def test_two_deliveries_are_one_when_centre_and_bytes_are_the_same(c1: str, h1: str, c2: str, h2: str):
    # an id never holds the separator, a hash never does either
    c1, c2, h1, h2 = (text.replace("|", "") for text in (c1, c2, h1, h2))
    assert (delivery_id(c1, h1) == delivery_id(c2, h2)) is ((c1, h1) == (c2, h2))


def test_the_id_is_the_beginning_of_a_hash_that_any_tool_gives():
    """printf 'alpha|000…0' | sha256sum, 64 zeros."""
    found = delivery_id("alpha", "0" * 64)
    assert len(found) == ID_LENGTH
    assert found == "c2775a2c54b03254"


def one(index: int, part: int | None, name: str) -> Delivery:
    return Delivery(
        delivery_id=name,
        centre_id="a",
        file_name=name,
        content_hash=name,
        size=1,
        file_index=index,
        part=part,
    )


ORDERED = [
    one(0, None, "z"),
    one(1, 1, "y"),
    one(1, 2, "b"),
    one(1, 10, "a"),
    one(2, None, "a"),
    one(2, None, "b"),
]


@pytest.mark.parametrize("arrival", list(itertools.permutations(range(6)))[::97])
def test_files_are_read_by_rank_part_and_id_whatever_their_arrival(arrival: tuple[int, ...]):
    assert sorted((ORDERED[place] for place in arrival), key=reading_order) == ORDERED
