"""One structured line per step on standard error. Counts and ids only: never a value or a name."""

import json
import logging
import sys

LOGGER = logging.getLogger("reseau")


def configure(*, verbose: bool) -> None:
    """Send our log to standard error; without `verbose` only warnings are shown."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel(logging.INFO if verbose else logging.WARNING)
    LOGGER.propagate = False


def step(name: str, **facts: str | int | float | None) -> None:
    """Log the end of a step: its name, network, centre, counts and seconds."""
    LOGGER.info(json.dumps({"step": name, **facts}, ensure_ascii=False))


def failure(name: str, **facts: str | int | float | None) -> None:
    """Log that a step failed for one of its centres, and where in our code; the message of an error is not shown."""
    LOGGER.error(json.dumps({"step": name, **facts}, ensure_ascii=False))
