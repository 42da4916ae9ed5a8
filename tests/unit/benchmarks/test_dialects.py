"""The scores of a reading, on cases small enough to be counted by hand."""

import pytest

from benchmarks.clean_tables import Row
from benchmarks.dialects import (
    SHARES,
    Reading,
    Score,
    Scored,
    agreement,
    by_family,
    read_all,
    read_by_duckdb,
    read_by_pandas,
    read_by_sniffer,
    score,
    summary,
    try_reading,
    weighted_mean,
)
from benchmarks.pollution import PollutedFile, polluted_files
from pipelines.errors import RegistryError

HEADER = ("a", "b")
RECORDS = (("1", "2"), ("3", "4"))
FULL = (1.0, 1.0, 1.0)
NONE = (0.0, 0.0, 0.0)


def truth(header: Row = HEADER, records: tuple[Row, ...] = RECORDS, family: str = "standard") -> PollutedFile:
    return PollutedFile(
        name="x", family=family, content=b"a,b\r\n1,2\r\n3,4\r\n", header=header, records=records
    )


@pytest.mark.parametrize(
    ("found", "true", "expected"),
    [
        ("", "", FULL),
        ("a", "", NONE),
        ("", "a", NONE),
        ("a", "b", NONE),
        ("ab", "ba", FULL),
        ("aab", "ab", (2 / 3, 1.0, 0.8)),
        ("a", "aa", (1.0, 0.5, 2 / 3)),
    ],
)
def test_agreement_counts_bags(found: str, true: str, expected: tuple[float, float, float]):
    assert agreement(found, true) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("header", "records", "total"),
    [
        (HEADER, RECORDS, 10.0),
        (("b", "a"), RECORDS[::-1], 10.0),
        ((" a ", "b\n"), RECORDS, 10.0),
        (HEADER, (*RECORDS, ("", "")), 10.0),
        ((), (HEADER, *RECORDS), 1 + 0 + (2 / 3 + 1 + 0.8) * 2),
        (HEADER, (("1", "2"), ("3", "5")), 1 + 3 + 1.5 + 2.25),
        (HEADER, (("1", "2 "), ("3", "4")), 1 + 3 + 1.5 + 2.25),
        (HEADER, (("1", "2"), ("4", "3")), 1 + 3 + 1.5 + 3),
        (HEADER, (), 4.0),
        ((), (), 1.0),
    ],
)
def test_the_score_of_a_reading(header: Row, records: tuple[Row, ...], total: float):
    assert score(Reading(header, records), truth()).total == pytest.approx(total)


@pytest.mark.parametrize(
    ("true", "total"),
    [
        (truth(), 0.0),
        (truth((), ()), 9.0),
        (
            truth(
                (),
            ),
            3.0,
        ),
    ],
)
def test_a_failure_scores_what_an_empty_file_would_without_success(true: PollutedFile, total: float):
    assert score(None, true).total == pytest.approx(total)


def refuse(content: bytes) -> Reading:
    raise RegistryError("no")


def crash(content: bytes) -> Reading:
    raise IndexError(len(content))


@pytest.mark.parametrize(
    ("reader", "ended", "total"),
    [
        (refuse, "refused", 0.0),
        (crash, "crashed: IndexError", 0.0),
        (read_by_pandas, "read", 10.0),
        (read_by_duckdb, "read", 10.0),
        (read_by_sniffer, "read", 4.0 + 6.0),
    ],
)
def test_how_a_reading_ends(reader: object, ended: str, total: float):
    words = truth(("name", "size"), (("one", "10"), ("two", "20"), ("six", "60")))
    content = b"name,size\r\none,10\r\ntwo,20\r\nsix,60\r\n"
    file = PollutedFile(
        name="x", family="standard", content=content, header=words.header, records=words.records
    )
    found = try_reading(reader, file)  # type: ignore[arg-type]
    assert (found.ended, found.score.total) == (ended, pytest.approx(total))


def test_files_are_read_in_order_by_the_named_reader():
    files = [truth(), truth((), ()), truth(("a", "c"))]
    assert [one.score.total for one in read_all("pandas", files)] == [10.0, 1.0, pytest.approx(8.5)]


def scored(family: str, total: float, ended: str = "read") -> Scored:
    return Scored("x", family, Score(total / 10, *[total / 10] * 9), ended, 0.5)


def test_a_family_weighs_its_share_however_many_files_it_has():
    found = [scored("standard", 10), *[scored("extra_quote", 0)] * 99]
    share = SHARES["standard"] / (SHARES["standard"] + SHARES["extra_quote"])
    assert weighted_mean(found) == pytest.approx(10 * share)
    assert by_family(found) == {"standard": pytest.approx(10.0), "extra_quote": 0.0}


def test_the_figures_of_a_reader():
    found = [
        scored("standard", 10),
        scored("standard", 0, "refused"),
        scored("quote", 0, "crashed: ValueError"),
    ]
    figures = summary(found)
    assert figures["simple"] == pytest.approx(10 / 3, abs=0.001)
    assert (figures["refused"], figures["crashed"], figures["seconds"]) == (1, 1, 1.5)
    assert figures["families"] == {"standard": 5.0, "quote": 0.0}


def test_every_family_has_its_share_and_the_standard_the_largest():
    assert {file.family for file in polluted_files()} <= set(SHARES)
    assert max(SHARES, key=SHARES.__getitem__) == "standard"
    assert sum(SHARES.values()) == pytest.approx(100)
