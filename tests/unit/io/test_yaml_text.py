"""Plain YAML is read with its positions; what could hurt, or could be taken for something else, is refused there."""

import contextlib
import datetime as dt

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipelines.io.yaml_text import MAX_CHARACTERS, MAX_DEPTH, YamlRefused, read_document

NINE = ",".join(["*{}"] * 9)
#: Each level holds nine times the one before: written out, a thousand million words.
BOMB = "a: &a [" + ",".join(["x"] * 9) + "]\n" + "".join(
    f"{name}: &{name} [{NINE.replace('{}', before)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("# a comment\n", None),
        ("a\n", "a"),
        ("- a\n- [b, {c: d}]\n", ["a", ["b", {"c": "d"}]]),
        ("\ufeffa: 1\n", {"a": 1}),
        ("---\na: 1\n...\n", {"a": 1}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("a: é\n", {"a": "é"}),
        ("a: {b: 1}\nc: {b: 2}\n", {"a": {"b": 1}, "c": {"b": 2}}),
        ("a: '007'\n", {"a": "007"}),
        ("a: [~, null, yes, off, 1.5, 2010-01-31]\n", {"a": [None, None, True, False, 1.5, dt.date(2010, 1, 31)]}),
        ('a: "\\t;"\n', {"a": "\t;"}),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ("a: [<<, =]\n", {"a": ["<<", "="]}),
        ("{}\n", {}),
    ],
)  # fmt: skip
def test_plain_yaml_is_read_as_it_means(text: str, expected: object):
    document = read_document(text)
    assert document.content == expected
    assert document.flaws == []


@pytest.mark.parametrize(
    ("text", "what", "position"),
    [
        ("a: &a {x: *a}\n", "anchors and aliases", (1, 4)),
        ("a: *nothing\n", "anchors and aliases", (1, 4)),
        ("base: &b {a: 1}\nx: {<<: *b}\n", "anchors and aliases", (1, 7)),
        ("&k a: 1\n", "anchors and aliases", (1, 1)),
        (BOMB, "anchors and aliases", (1, 4)),
        ("a: !!python/name:os.system\n", "tags are not read", (1, 4)),
        ("a: !!python/object/new:os.system [ls]\n", "tags are not read", (1, 4)),
        ("a: !shell ls\n", "tags are not read", (1, 4)),
        ("a: ! 7\n", "tags are not read", (1, 4)),
        ("a: !!str 1\n", "tags are not read", (1, 4)),
        ("!!str a: 1\n", "tags are not read", (1, 1)),
        ("a: 1\n---\na: 2\n", "another document", (2, 1)),
        ("? [a, b]\n: 1\n", "stands as a key", (1, 3)),
        ("? {a: 1}\n: 1\n", "stands as a key", (1, 3)),
        ("a: b: c\n", "mapping values are not allowed", (1, 5)),
        ("a:\n\tb: 1\n", "cannot start any token", (2, 1)),
        ("a: [1\n", "did not find expected", (2, 1)),
        ("a: 'b\n", "unexpected end of stream", (2, 1)),
        ("a: 1\né: \x00\n", "control characters", (2, 4)),
        ("a: \x01\n", "control characters", (1, 4)),
        ("a: \ud800\n", "control characters", (1, 4)),
        ('a: "b\\0c"\n', "holds a NUL", (1, 4)),
        ("a: " + "1:" * 5_001 + "1\n", "longer than", (1, 4)),
        ("[" * 100_000, "nested deeper", (1, MAX_DEPTH + 2)),
        ("a: " + "[" * 50_000 + "]" * 50_000, "nested deeper", (1, MAX_DEPTH + 4)),
        ("- " * 100_000, "nested deeper", (1, 2 * MAX_DEPTH + 3)),
        ("{a: " * 100_000, "nested deeper", (1, 4 * MAX_DEPTH + 5)),
        ("a" * (MAX_CHARACTERS + 1), "larger than", (1, 1)),
    ],
)
def test_a_text_that_is_not_plain_or_could_hurt_is_refused_where_it_stands(
    text: str, what: str, position: tuple[int, int]
):
    with pytest.raises(YamlRefused, match=what) as refused:
        read_document(text)
    assert refused.value.position == position
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "flaws"),
    [
        ("a: 1\na: 2\n", [("a", (2, 1), "key written twice: a")]),
        ("x:\n  y:\n    z: 1\n    'z': 2\n", [("x.y.z", (4, 5), "key written twice: z")]),
        ("x: [{a: 1}, {b: 1, b: 2}]\n", [("x.1.b", (1, 20), "key written twice: b")]),
        ("{c: 2, c: 3, d: 4, d: 5}\n", [("c", (1, 8), "key written twice: c"), ("d", (1, 20), "key written twice: d")]),
        ("a: 1\n'\\u0061': 2\n\"\\u0061\": 3\n", [("a", (3, 1), "key written twice: a")]),
        ("yes: 1\n", [("yes", (1, 1), "the key yes is not read as text")]),
        ("x: {1: a, é: b}\n", [("x.1", (1, 5), "the key 1 is not read as text")]),
        ("2010-01-01: a\n", [("2010-01-01", (1, 1), "the key 2010-01-01 is not read as text")]),
        ("day: 2010-02-30\n", [("day", (1, 6), "a value cannot be read: day is out of range")]),
        ("- 2010-13-01\n", [("0", (1, 3), "a value cannot be read: month must be in 1..12")]),
        ("a: " + "9" * 5_000 + "\n", [("a", (1, 4), "a value cannot be read: Exceeds the limit")]),
    ],
)  # fmt: skip
def test_a_flaw_is_collected_with_its_place_and_position(
    text: str, flaws: list[tuple[str, tuple[int, int], str]]
):
    found = read_document(text).flaws
    assert [(".".join(map(str, flaw.place)), flaw.position) for flaw in found] == [flaw[:2] for flaw in flaws]
    assert [flaw.what.startswith(said) for flaw, (_, _, said) in zip(found, flaws, strict=True)] == [
        True
    ] * len(flaws)


@pytest.mark.parametrize(
    ("place", "position"),
    [
        (("a",), (1, 1)),
        (("b", 0), (3, 5)),
        (("b", 1, "c"), (4, 6)),
        (("b", 1, "absent", 7), (4, 5)),  # the nearest part around it
        (("absent",), (1, 1)),
        ((), (1, 1)),
    ],
)
def test_each_part_knows_where_it_stands(place: tuple[str | int, ...], position: tuple[int, int]):
    assert read_document("a: 1\nb:\n  - x\n  - {c: 2}\n").position(place) == position


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz_é: -", min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_plain_yaml_is_read_as_the_library_reads_it(content: object):
    text = yaml.safe_dump(content, allow_unicode=True)
    assert read_document(text).content == yaml.load(text, Loader=yaml.CSafeLoader)


@given(st.text("ab:-[]{}&*!'\"#\n ,?|>\t%@`\x00é1", max_size=60))
def test_any_other_text_is_read_or_refused(text: str):
    with contextlib.suppress(YamlRefused):
        assert read_document(text).position(()) >= (1, 1)
