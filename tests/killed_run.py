"""A run that is killed at its n-th commit, each time followed by a whole run. Called with a folder and a stride.

Stride 1 kills at every commit; a larger one at every so many, for a quick proof. It prints the end states as JSON.
One process imports everything, then makes a child for each run: no import is paid twice, and no thread of a database is
copied.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipelines.registry import STAGE_SOURCES
from tests import small_network
from tests.small_network import NETWORK, PEOPLE, SmallNetwork

MOST_COMMITS = 99
#: What must be the same whatever was killed: not the numbers of runs, nor their times.
TABLES = {
    "sighting": ("centre_id", "file_name", "content_hash", "data_hash", "size"),
    "delivery": (
        "delivery_id",
        "centre_id",
        "file_name",
        "content_hash",
        "file_index",
        "part",
        "mode",
        "is_current",
    ),
    "hold": ("hold_id", "centre_id", "code", "delivery_ids", "facts", "status", "by", "reason", "chosen"),
    "acceptance": ("centre_id", "fingerprint", "patients"),
    "seen_file": ("path", "size", "content_hash"),
}
MANY = PEOPLE + "".join(f"Z{i};NOM{i};LUC;homme;01/01/1980;;;\n" for i in range(9))


def in_a_child(work: Callable[[], None]) -> int:
    """Do something in a child process; the signal that ended it, 0 when it ended well."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status)


def die_at(number: int) -> None:
    """Be killed at this commit, counted from 0: just before it when the number is even, just after it when odd."""
    done = [0]

    def at_commit(con: sa.Connection) -> None:
        if done[0] == number:
            if number % 2:
                con.connection.commit()
            os.kill(os.getpid(), signal.SIGKILL)
        done[0] += 1

    sa.event.listen(sa.Engine, "commit", at_commit)


def state(network: SmallNetwork) -> dict[str, Any]:
    """What the ledger and the accepted stagings say, without what may differ between two runs."""
    with network.open() as registry, registry.ledger._engine.connect() as con:
        found: dict[str, Any] = {"accepted": sorted(map(list, registry.staged_centres().items()))}
        for name, columns in TABLES.items():
            query = sa.text(f"SELECT {', '.join(columns)} FROM {name}")
            found[name] = sorted([str(value) for value in row] for row in con.execute(query))
        found["run"] = registry.ledger.last_run(NETWORK)["run_id"]  # type: ignore[index]
    return found


def stage(network: SmallNetwork, out: Path, *, die: int | None = None) -> None:
    """Receive and stage, perhaps not to the end; then write down the end state."""
    with small_network.in_force(network):
        if die is not None:
            die_at(die)
        network.stage()
        out.write_text(json.dumps(state(network)), encoding="utf-8")


def two_centres(root: Path) -> SmallNetwork:
    """A network after one night, before one in which patients vanish here and a file is corrected there."""
    network = small_network.write_network(root / "start")
    network.send("gamma/export.xlsx", None)
    network.send("alpha/patients_20240101.csv", MANY)
    in_a_child(lambda: stage(network, root / "state.json"))
    network.send("alpha/patients_20240202.csv", PEOPLE)
    network.edit("beta/tout.txt", "primary", "relapse", encoding="cp1252")
    return network


def main(root: Path, stride: int) -> list[dict[str, Any]]:
    """The end state of an undisturbed run, then those of each killed run with a run behind it."""
    small_network.digest_once(*STAGE_SOURCES)  # our code is the same for all, whoever edits it meanwhile
    start, out, states = two_centres(root), root / "state.json", []
    (root / "done").mkdir()
    for number in (-1, *range(0, MOST_COMMITS, stride)):
        network = small_network.copied(start, root / "net")  # always there: paths are part of the state
        was_killed = in_a_child(lambda: stage(network, out, die=number)) != 0  # noqa: B023 - called at once
        in_a_child(lambda: stage(network, out))  # noqa: B023 - called at once
        states.append(json.loads(out.read_text(encoding="utf-8")))
        network.root.rename(root / "done" / str(number))
        if number >= 0 and not was_killed:
            return states
    raise AssertionError("the run has no end")


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
