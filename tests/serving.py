"""`reseau serve` in a process of its own, with the configuration of a small network."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.small_network import NETWORK, SmallNetwork

PROGRAM = """
import sys
from pathlib import Path
from pipelines.io import configuration
from pipelines.cli.app import run_command
root = Path(sys.argv[1])
configuration.share = lambda: root / "share"
sys.exit(run_command(["serve", "--network", sys.argv[2], "--home", str(root / "home"), "--port", "0"]))
"""


@dataclass
class Serving:
    """The lines that were printed first, and how the process ended."""

    said: list[str]
    code: int | None = None
    ended: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """What to open, once."""
        return self.said[2].strip()


def _interruptible() -> None:
    """A shell that runs the tests in the background may have told its children to ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def serving(network: SmallNetwork) -> Iterator[Serving]:
    """Serve while the block lasts, then press Ctrl-C."""
    command = [sys.executable, "-u", "-c", PROGRAM, str(network.root), NETWORK]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_interruptible
    ) as process:
        assert process.stdout
        found = Serving([process.stdout.readline() for _ in range(4)])
        try:
            yield found
        finally:
            process.send_signal(signal.SIGINT)
            found.ended = list(process.communicate(timeout=20))
            found.code = process.returncode
