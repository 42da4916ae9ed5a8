"""YAML as people and attackers write it: plain mappings, lists and scalars, each with its line and column.

The text is read through the parser's events, not its tree: anchors, tags and deep nesting are refused before
anything grows, because the compiled composer recurses and dies of a hundred thousand brackets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final

import yaml

Place = tuple[str | int, ...]
#: Line and column, both from 1.
Position = tuple[int, int]
#: Far above the largest sound file: 11 kB, eight levels.
MAX_CHARACTERS: Final = 1_048_576
MAX_DEPTH: Final = 32
_MAX_SCALAR: Final = 10_000
#: `<<` and `=`, which YAML 1.1 gives a meaning of their own; here they are texts.
_SIGNS: Final = frozenset({"tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"})
_EventLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlRefused(ValueError):
    """A text that is not one sound document: what, where, what to do."""

    def __init__(self, what: str, position: Position, remedy: str) -> None:
        self.what, self.position, self.remedy = what, position, remedy
        super().__init__(what)


@dataclass(frozen=True)
class Flaw:
    """A mistake that does not keep the rest from being read: its place, position, what, remedy."""

    place: Place
    position: Position
    what: str
    remedy: str


@dataclass(frozen=True)
class Document:
    """The content of a YAML text, where each part of it stands, and the flaws of its keys."""

    content: Any
    positions: Mapping[Place, Position]
    flaws: list[Flaw]

    def position(self, place: Place) -> Position:
        """Where `place` stands in the text, or the nearest part around it that is there."""
        while place and place not in self.positions:
            place = place[:-1]
        return self.positions.get(place, (1, 1))


@dataclass(frozen=True)
class _Reading:
    """A document while it is read: the events to come, what was found so far."""

    events: Iterator[Any]
    positions: dict[Place, Position] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)


def read_document(text: str) -> Document:
    r"""The one document of `text`. YamlRefused when it is too large or is not plain YAML.

    >>> read_document("a: [1, b]").content
    {'a': [1, 'b']}
    >>> read_document("a:\n  b: 1").position(("a", "b"))
    (2, 3)
    """
    if len(text) > MAX_CHARACTERS:
        raise YamlRefused(f"the file is larger than {MAX_CHARACTERS} characters", (1, 1), "Shorten it.")
    try:
        return _document(_Reading(yaml.parse(text, Loader=_EventLoader)))
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        what = " ".join(part for part in (problem.context, problem.problem) if part)
        raise YamlRefused(what, _position(mark), "correct the writing there") from problem
    except (yaml.reader.ReaderError, UnicodeEncodeError) as problem:  # a character that no YAML may hold
        at = problem.start if isinstance(problem, UnicodeEncodeError) else problem.position
        before = text.encode("utf-8", "surrogatepass")[:at].decode("utf-8", "ignore")
        position = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise YamlRefused("control characters are not read", position, "remove the character") from problem


def _document(reading: _Reading) -> Document:
    events = reading.events
    next(events)  # the start of the stream
    content: Any = None
    for event in events:
        if isinstance(event, yaml.StreamEndEvent):
            break
        if reading.positions:
            raise YamlRefused(
                "another document begins here", _position(event.start_mark), "keep one document"
            )
        first = next(events)
        reading.positions[()] = _position(first.start_mark)
        content = _value(reading, first, ())
        next(events)  # the end of the document
    return Document(content=content, positions=reading.positions, flaws=reading.flaws)


def _position(mark: Any) -> Position:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _value(reading: _Reading, event: Any, place: Place) -> Any:
    _guard(event, place)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(reading, event, place)
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(reading, place)
    return _list(reading, place)


def _guard(event: Any, place: Place) -> None:
    position = _position(event.start_mark)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise YamlRefused("anchors and aliases are not read", position, "write the content out")
    if event.tag is not None:
        raise YamlRefused("tags are not read", position, "remove the word that begins with '!'")
    if len(place) > MAX_DEPTH:
        raise YamlRefused(f"nested deeper than {MAX_DEPTH} levels", position, "flatten it")


def _list(reading: _Reading, place: Place) -> list[Any]:
    items: list[Any] = []
    while not isinstance(event := next(reading.events), yaml.SequenceEndEvent):
        at = (*place, len(items))
        reading.positions[at] = _position(event.start_mark)
        items.append(_value(reading, event, at))
    return items


def _mapping(reading: _Reading, place: Place) -> dict[str, Any]:
    content: dict[str, Any] = {}
    while not isinstance(event := next(reading.events), yaml.MappingEndEvent):
        key, position = _key(event, place), _position(event.start_mark)
        at = (*place, key)
        if flaw := _key_flaw(event, is_known=key in content):
            reading.flaws.append(Flaw(at, position, *flaw))
        reading.positions.setdefault(at, position)
        content[key] = _value(reading, next(reading.events), at)
    return content


def _key(event: Any, place: Place) -> str:
    _guard(event, place)
    if not isinstance(event, yaml.ScalarEvent):
        what = "a list or a mapping stands as a key"
        raise YamlRefused(what, _position(event.start_mark), "write one word before the colon")
    return str(event.value)


def _key_flaw(event: Any, *, is_known: bool) -> tuple[str, str] | None:
    if is_known:
        return f"key written twice: {event.value}", "keep one of them"
    if event.implicit[0] and not isinstance(_plain(event.value), str):  # a bare yes, no, on, 1
        return f"the key {event.value} is not read as text", "put it in quotes"
    return None


def _scalar(reading: _Reading, event: Any, place: Place) -> Any:
    text, position = event.value, _position(event.start_mark)
    if len(text) > _MAX_SCALAR or "\0" in text:
        what = f"a value is longer than {_MAX_SCALAR} characters or holds a NUL"
        raise YamlRefused(what, position, "correct it")
    if not event.implicit[0]:
        return text
    try:
        return _plain(text)
    except ValueError as problem:  # 2010-02-30
        reading.flaws.append(Flaw(place, position, f"a value cannot be read: {problem}", "correct it"))
        return text


@cache
def _resolver() -> Any:
    return yaml.SafeLoader("")


@lru_cache(maxsize=8192)
def _plain(text: str) -> Any:
    """What YAML takes an unquoted text for: a text, a number, a day, yes or no, nothing."""
    loader = _resolver()
    tag = loader.resolve(yaml.ScalarNode, text, (True, False))
    if tag in _SIGNS:
        return text
    return loader.construct_object(yaml.ScalarNode(tag, text))
