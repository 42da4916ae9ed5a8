"""A found table as a clean CSV: RFC 4180, UTF-8, header first, the text of every cell unchanged.

Nothing is neutralised here, a text that begins with "=" stays one: this file is data for a program, not for a screen.
"""

import csv
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from pipelines.io.reading.found import FoundTable


def write_clean(table: FoundTable | None, path: Path) -> None:
    """Write the table to `path`; nothing at all when there is no table. Short records are filled up, long ones kept."""
    # a lone half of a character pair, which only UTF-16 can write, is kept as it came
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        if table is not None and table.header:
            _write_rows(table, file)


def _write_rows(table: FoundTable, file: TextIO) -> None:
    # a quote keeps a reader from taking the first cell's own mark for that of the file
    is_marked = table.header[0].startswith("\ufeff")
    heading = csv.writer(
        file, lineterminator="\r\n", quoting=csv.QUOTE_ALL if is_marked else csv.QUOTE_MINIMAL
    )
    heading.writerow(table.header)
    width = len(table.header)
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerows(
        record if len(record) >= width else [*record, *[""] * (width - len(record))]
        for record in table.records
    )


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new file beside `target` that takes its place when the block ends well, and is removed when it does not."""
    target = target.resolve()
    if target.exists() and not target.is_file():  # a device or a pipe is written, never replaced
        with target.open("wb") as stream, streaming(stream) as building:
            yield building
        return
    building = target.with_name(f".reseau-{os.getpid()}.part")
    try:
        yield building
        building.replace(target)
    finally:
        building.unlink(missing_ok=True)


@contextmanager
def streaming(stream: BinaryIO) -> Iterator[Path]:
    """A new file that is copied to `stream` when the block ends well."""
    with tempfile.TemporaryDirectory(prefix="reseau-") as folder:
        building = Path(folder, "clean.csv")
        yield building
        with building.open("rb") as file:
            shutil.copyfileobj(file, stream)
