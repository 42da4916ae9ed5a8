"""`reseau read` without a terminal: its contained process, called by measures of it."""

from pathlib import Path
from typing import Any

from pipelines.io.contained import allowance, run_contained
from pipelines.io.reading.describe import describe_file
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.text_tables import NOTHING_KNOWN

PRELOAD = ("pipelines.io.reading.describe", "pipelines.io.reading.workbook_tables")


def describe(path: Path, clean: Path | None = None) -> dict[str, Any]:
    """What `reseau read` says of a file; the clean CSV is written to `clean`."""
    own = None if clean is None else Path("clean.csv")
    answer = run_contained(
        describe_file, path, NOTHING_KNOWN, Limits(), None, own,
        limits=allowance(path.stat().st_size), name=path.name, preload=PRELOAD,
        keep={} if clean is None else {"clean.csv": clean},
    )  # fmt: skip
    return dict(answer.facts)
