"""A store that kills the process which opens a delivery, as a parser that dies would."""

import os
import signal
from pathlib import PosixPath


class Killing(PosixPath):
    """Its reader is killed by the system, as when memory runs out."""

    def __truediv__(self, key: object) -> "Killing":
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError(key)
