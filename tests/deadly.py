"""Stores that kill the process which opens a delivery, or fail it, as a parser or a disk would."""

import errno
import os
import signal
from pathlib import PosixPath


class Killing(PosixPath):
    """Its reader is killed by the system, as when memory runs out."""

    def __truediv__(self, key: object) -> "Killing":
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError(key)


class Failing(PosixPath):
    """Its reader meets an error that nobody foresaw."""

    def __truediv__(self, key: object) -> "Failing":
        raise KeyError("DURAND")


class Full(PosixPath):
    """Its reader finds the disk full."""

    def __truediv__(self, key: object) -> "Full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
