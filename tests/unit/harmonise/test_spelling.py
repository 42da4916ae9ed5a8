"""A slip is corrected where one word alone is near; a word of ours, or a well-formed one, never is."""

import pytest

from pipelines.harmonise.spelling import correct, is_one_edit

WORDS = frozenset(
    (
        "liposarcom",
        "leiomyosarcom",
        "myofibrom",
        "myxolipom",
        "dedifferenci",
        "synovial",
        "sarcom",
        "fibrom",
        "desmoid",
    )
)
EDITS = [
    ("liposarcom", "lipsoarcom", True), ("liposarcom", "liposarcm", True), ("liposarcom", "liposarccom", True),
    ("liposarcom", "liposarcon", True), ("liposarcom", "liposarcom", False), ("liposarcom", "lipsarcmo", False),
    ("ab", "ba", True), ("", "a", True), ("abcd", "badc", False), ("abc", "abcde", False),
]  # fmt: skip
CORRECTIONS = [
    # written                          → corrected, safe
    (("lipsoarcom",), ("liposarcom",), True),
    (("leiomyosarcm", "synovial"), ("leiomyosarcom", "synovial"), True),
    (("liposarcom", "dediferenci"), ("liposarcom", "dedifferenci"), False),
    (("sarcomm",), ("sarcom",), False),
]
LEFT = [("myxofibrom",), ("myolipom",), ("sarcom",), ("azerty",), ("12345678",), ("fibro",), ()]


@pytest.mark.parametrize(("left", "right", "expected"), EDITS)
def test_one_edit(left, right, expected):
    assert is_one_edit(left, right) is expected
    assert is_one_edit(right, left) is expected


@pytest.mark.parametrize(("written", "words", "is_safe"), CORRECTIONS)
def test_a_slip_is_corrected(written, words, is_safe):
    found = correct(written, vocabulary=WORDS, known=())
    assert (found.words, found.is_safe) == (words, is_safe)


@pytest.mark.parametrize("written", LEFT)
def test_what_is_no_slip_stays(written):
    assert correct(written, vocabulary=WORDS, known=()) is None


def test_a_word_between_two_of_ours_stays():
    assert correct(("sarcon",), vocabulary=frozenset(("sarcom", "sarcos")), known=()) is None


def test_a_known_word_beside_the_diagnosis_stays():
    assert correct(("sarcomm",), vocabulary=WORDS, known={"sarcomm"}) is None
