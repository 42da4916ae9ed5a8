"""`reseau docs`: rewrite the generated reference pages. A test finds them stale."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.show import line


def docs(
    out: Annotated[Path, typer.Option("--out", help="The folder of the pages.")] = Path("docs/reference"),
) -> int:
    """Write every generated page of docs/reference."""
    from pipelines.io.pages import write_pages
    from pipelines.reference import pages

    for path in write_pages(out, pages()):
        line(str(path))
    return 0
