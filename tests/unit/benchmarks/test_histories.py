"""Random delivery histories: what we keep in use and what we ask equal the reference model after each night."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import histories
from benchmarks.histories import Difference
from pipelines.intake import versions


@pytest.fixture
def folder() -> Iterator[Path]:
    with histories.scratch() as found:
        yield found


def test_histories_equal_the_model(folder: Path):
    seen = sum((one.seen for one in histories.histories(25, seed=3, folder=folder)), Counter[str]())
    assert {"run: kill", "run: two", "sent: parts", "sent: overwrite", "settled"} <= set(seen)


@pytest.mark.parametrize(
    "change",
    [
        ("missing", lambda _: ([], 0)),
        ("declared", property(lambda _: 0)),
        ("replaces", property(lambda _: True)),
    ],
    ids=lambda change: change[0],
)
def test_a_broken_rule_is_noticed(change: tuple[str, object], folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(versions._Export, change[0], change[1])
    with pytest.raises(Difference):
        list(histories.histories(40, seed=2, folder=folder))
