"""Delivery histories: random inboxes over many nights, ours beside the reference model after each.

Duplicates, renames, corrections, late and partial exports, files sent again, answers of a person, two runs at once, and
a process killed at any write to the ledger. `python -m benchmarks.histories 2000 1` runs 2,000 of them with seed 1.
"""

import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from benchmarks.delivery_model import Answer, Model, Name, Question, State
from pipelines.config import Centre
from pipelines.delivery import Version, delivery_id
from pipelines.errors import LedgerError
from pipelines.flow import receive
from pipelines.holds import HoldStatus
from pipelines.io.configuration import load_network, parse_yaml
from pipelines.io.data_hash import data_hash
from pipelines.io.home import Home, only_run
from pipelines.io.ledger import Ledger
from pipelines.registry import Registry
from pipelines.run import Run

MODES = ("full", "full", "incremental")
_DAYS = (20240105, 20240205, 20240305, 20240405)
_PATTERN = (
    r"(?:_(?P<exported>\d{8}))(?:_v(?P<version>\d+))?(?:_p(?P<part>\d+))?(?:_of(?P<parts>\d+))?"
    r"(?:_(?P<kind>full))?(?:_copy\d)?\.csv"
)
_CENTRE = """
id: alpha
name: Alpha
city: Lyon
region: Rhône
roles: [{{network: netsarc, role: expert, valid_from: 2010-01-01}}]
yearly_patients: 10
export: {{format: csv}}
files:
{files}
"""
_FILE = """
  - match: 'f{index}{pattern}'
    mode: {mode}
    sheets: [{{tables: [{{entity: {entity}, columns: {columns}}}]}}]
"""
_KEYS = "{local_patient_id: a, local_tumour_id: b}"
_ENTITIES = (("patient_identity", "{local_patient_id: a}"), ("tumour", _KEYS), ("surgery", _KEYS))
_PACKINGS: tuple[Callable[[bytes], bytes], ...] = (
    lambda text: text,
    lambda text: text.replace(b"\n", b"\r\n"),
    lambda text: b"\xef\xbb\xbf" + text,
    lambda text: _zipped(text),
)


def _zipped(text: bytes) -> bytes:
    import gzip

    return gzip.compress(text, mtime=0)


def centre() -> Centre:
    """One centre with two files that replace and one that adds, numbered f0 to f2."""
    files = "".join(
        _FILE.format(index=i, pattern=_PATTERN, mode=mode, entity=_ENTITIES[i][0], columns=_ENTITIES[i][1])
        for i, mode in enumerate(MODES)
    )
    return parse_yaml(_CENTRE.format(files=files), Centre, where="histories")


def text_of(data: str) -> bytes:
    """The table that stands for one data."""
    return f"a;b\n{data};1\n".encode()


@dataclass
class History:
    """One centre of one network over its nights. `seen` counts what happened, for the page of figures."""

    rng: np.random.Generator
    registry: Registry
    inbox: Path
    model: Model = field(default_factory=lambda: Model(modes=MODES))
    data_of: dict[str, str] = field(default_factory=dict)
    waiting: set[Name] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)

    def night(self) -> None:
        """Some things are sent, one run takes them, and ours is compared with the model."""
        for _ in range(int(self.rng.integers(0, 5))):
            self._send()
        if self.rng.random() < 0.25:
            self._take_back()
        disturbance = self.rng.choice(["none", "none", "kill", "two", "again"])
        self.seen[f"run: {disturbance}"] += 1
        _DISTURBANCES[disturbance](self)
        self._run()
        self._compare(self.model.run(self._held(), self.waiting))
        if self.rng.random() < 0.5:
            self._answer()

    def _send(self) -> None:
        what = self.rng.choice(
            ["new", "overwrite", "again", "copy", "repacked", "empty", "parts"],
            p=[0.3, 0.15, 0.1, 0.1, 0.1, 0.05, 0.2],
        )
        self.seen[f"sent: {what}"] += 1
        known = sorted(self.data_of) or ["d0"]
        old = str(self.rng.choice(known))
        fresh = f"d{len(self.data_of)}"
        names = sorted(self.model.held)
        name = names[int(self.rng.integers(len(names)))] if names else self._name()
        if what == "new":
            self._write(self._name(), fresh)
        elif what == "overwrite":
            self._write(name, fresh)
        elif what == "again":
            self._write(name, old)
        elif what == "copy":
            self._write(self._name(), old)
        elif what == "repacked":
            self._write(name, self.model.held.get(name, [old])[-1])
        elif what == "empty":
            self._write(name, None)
        else:
            self._send_parts()

    def _send_parts(self) -> None:
        """The parts of one export, of which one may be missing; they may say how many they are."""
        n_parts, file = int(self.rng.integers(1, 4)), int(self.rng.integers(len(MODES)))
        day, says = int(self.rng.choice(_DAYS)), bool(self.rng.random() < 0.4)
        for part in range(1, n_parts + 1):
            if self.rng.random() < 0.8:
                name = _name(file, day, part=part, parts=n_parts if says else None)
                self._write(name, f"d{len(self.data_of)}")

    def _name(self) -> Name:
        file = int(self.rng.integers(len(MODES)))
        return _name(
            file,
            int(self.rng.choice(_DAYS)),
            correction=int(self.rng.choice([0, 0, 1, 2])),
            is_full=bool(MODES[file] == "incremental" and self.rng.random() < 0.3),
            copy=int(self.rng.choice([0, 0, 0, 1])),
        )

    def _write(self, name: Name, data: str | None) -> None:
        """Put a data under a name, in any packing; without data the file has 0 bytes."""
        self.waiting.discard(name)
        path = self.inbox / "alpha" / name.text
        if data is None:
            path.write_bytes(b"")
            self.waiting.add(name)
            return
        self.data_of.setdefault(data, delivery_id("alpha", _data_hash(self.inbox, text_of(data))))
        path.write_bytes(_PACKINGS[int(self.rng.integers(len(_PACKINGS)))](text_of(data)))
        later = time.time_ns() + int(self.rng.integers(1, 10**9))  # two writes within one tick of the clock
        os.utime(path, ns=(later, later))
        self.held_now[name] = data

    @property
    def held_now(self) -> dict[Name, str]:
        """What lies in the inbox under each name."""
        return self.__dict__.setdefault("_held_now", {})

    def _held(self) -> dict[Name, str]:
        return {name: data for name, data in self.held_now.items() if name not in self.waiting}

    def _take_back(self) -> None:
        """The sender removes a file: what was received stays known."""
        files = sorted((self.inbox / "alpha").iterdir())
        if files:
            path = files[int(self.rng.integers(len(files)))]
            path.unlink()
            self.seen["taken back"] += 1
            for name in [name for name in self.held_now if name.text == path.name]:
                del self.held_now[name]
            self.waiting = {name for name in self.waiting if name.text != path.name}

    def _run(self) -> None:
        ledger = self.registry.ledger
        run = Run(run_id=ledger.start_run(self.registry.network.id), inbox=self.inbox)
        receive(self.registry, run)
        ledger.end_run(run.run_id, outcome="unchanged")

    def _answer(self) -> None:
        """A person decides one open hold, in our ledger and in the model."""
        network_id = self.registry.network.id
        holds = self.registry.ledger.holds(network_id)
        if not holds:
            return
        hold = holds[int(self.rng.integers(len(holds)))]
        is_approved = bool(self.rng.random() < 0.6)
        back = {found: data for data, found in self.data_of.items()}
        chosen = str(self.rng.choice(hold.delivery_ids)) if hold.code == "ambiguous_version" else None
        self.registry.ledger.decide(
            network_id,
            hold.hold_id,
            status=HoldStatus.APPROVED if is_approved else HoldStatus.REJECTED,
            by="A. Person",
            reason="history",
            chosen=chosen if is_approved else None,
        )
        question = hold.code, frozenset(back[i] for i in hold.delivery_ids)
        claims = frozenset((back[i], _plain(version)) for i, version in hold.claims)
        self.model.answers[question] = Answer(is_approved, claims, back[chosen] if chosen else None)
        self.seen[f"answered: {hold.code}"] += 1

    def _compare(self, expected: State) -> None:
        network_id, ledger = self.registry.network.id, self.registry.ledger
        current = ledger.current_deliveries(network_id)
        back = {found: data for data, found in self.data_of.items()}
        found = tuple((d.file_index, _plain(d.version), back[d.delivery_id]) for d in current)
        if sorted(found) != sorted(self.model.settled):
            raise Difference(f"in use {found}, expected {self.model.settled}")
        asked: dict[Question, Any] = {
            (h.code, frozenset(back[i] for i in h.delivery_ids)): frozenset(
                (back[i], _plain(v)) for i, v in h.claims
            )
            for h in ledger.holds(network_id)
        }
        if asked != dict(expected.questions):
            raise Difference(f"holds {asked}, expected {expected.questions}")
        self.seen["settled" if expected.is_settled else "waiting for a person or a file"] += 1


class Difference(AssertionError):
    """Ours and the model disagree."""


def _plain(version: Version) -> tuple[int, int]:
    return int(version.day.strftime("%Y%m%d")), version.number


def _name(
    file: int,
    day: int,
    *,
    correction: int = 0,
    part: int | None = None,
    parts: int | None = None,
    is_full: bool = False,
    copy: int = 0,
) -> Name:
    pieces = [f"f{file}_{day}", f"_v{correction}" if correction else "", f"_p{part}" if part else ""]
    pieces += [f"_of{parts}" if parts else "", "_full" if is_full else "", f"_copy{copy}" if copy else ""]
    return Name("".join(pieces) + ".csv", file, day, correction, part, parts, is_full)


def _data_hash(folder: Path, content: bytes) -> str:
    path = folder.parent / "data"
    path.write_bytes(content)
    return data_hash(path)


def _in_child(work: Callable[[], None]) -> int:
    """Run `work` in a fork of this process; its process id."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    finally:
        os._exit(0)


def _kill_at(history: History, write: int) -> None:
    """A run that is killed when it is about to commit its n-th change to the ledger."""
    ledger = history.registry.ledger
    ledger._engine.dispose(close=False)  # the connections of the parent are not ours
    left = [write]

    @sa.event.listens_for(ledger._engine, "commit")
    def _die(_: sa.Connection) -> None:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    history._run()


def _killed(history: History) -> None:
    write = int(history.rng.integers(1, 7))
    os.waitpid(_in_child(lambda: _kill_at(history, write)), 0)


def _beside(history: History) -> None:
    """A run that may meet another one: one of them is refused, nothing is changed by it."""
    history.registry.ledger._engine.dispose(close=False)
    try:
        with only_run(history.registry.home, history.registry.network.id):
            history._run()
    except LedgerError:
        return


def _two(history: History) -> None:
    for child in [_in_child(lambda: _beside(history)) for _ in range(2)]:
        os.waitpid(child, 0)


_DISTURBANCES: Mapping[str, Callable[[History], None]] = {
    "none": lambda _: None, "kill": _killed, "two": _two, "again": History._run,
}  # fmt: skip


def histories(count: int, *, seed: int, folder: Path) -> Iterator[History]:
    """Each history over 2 to 8 nights; Difference when ours and the model disagree, naming the history."""
    network, alpha = load_network("netsarc"), centre()
    home = Home(folder / "home")
    home.root.mkdir(parents=True)
    with Ledger(f"sqlite:///{home.ledger}", key_fingerprint="histories") as ledger:
        for number in range(count):
            inbox = folder / f"inbox{number}"
            (inbox / "alpha").mkdir(parents=True)
            mine = network.model_copy(update={"id": f"n{number}"})
            registry = Registry(mine, home, b"k" * 32, ledger)
            registry.__dict__["centres"] = {"alpha": alpha}
            history = History(np.random.default_rng([seed, number]), registry, inbox)
            for night in range(int(history.rng.integers(2, 9))):
                try:
                    history.night()
                except Difference as problem:
                    raise Difference(f"history {number}, night {night}: {problem}") from problem
            yield history


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory, where there is one: the histories force thousands of small changes to the disk."""
    shared = Path("/dev/shm")  # noqa: S108 - the folder below it has a name of its own
    place = shared if shared.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="reseau-histories-", dir=place) as folder:
        yield Path(folder)


def measure(count: int = 2_000, *, seed: int = 1) -> dict[str, Any]:
    """How many histories, nights and events were compared; Difference at the first that is not equal."""
    seen = Counter[str]()
    with scratch() as folder:
        for done, history in enumerate(histories(count, seed=seed, folder=folder), start=1):
            seen += history.seen
            if done % 200 == 0:
                print(f"  {done} histories", flush=True)
    return {"histories": count, "seed": seed, "equal": count, "seen": dict(sorted(seen.items()))}


if __name__ == "__main__":
    print(measure(int(sys.argv[1]), seed=int(sys.argv[2])))
