"""What the terminal shows, in French or English. Counts, codes and file names only."""

import json
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.errors import Refusal, RegistryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.run import Progress

Language = Literal["fr", "en"]
_STATE: dict[str, Language] = {"language": "fr"}


def choose_language(language: str) -> None:
    """Speak French (`fr`) or English (`en`) from now on."""
    _STATE["language"] = "en" if language == "en" else "fr"


def say(fr: str, en: str) -> str:
    """The sentence in the language of this terminal."""
    return fr if _STATE["language"] == "fr" else en


def console(*, error: bool = False) -> Console:
    """A terminal on standard output, or on standard error; wide enough for a table when it is not a terminal."""
    found = Console(stderr=error, highlight=False)
    return found if found.is_terminal else Console(stderr=error, highlight=False, width=120)


def line(text: str = "") -> None:
    """One line; brackets in the text stay as they are."""
    console().print(escape(text))


def print_json(content: object) -> None:
    """One JSON document on standard output, for a machine."""
    console().print_json(json.dumps(content, ensure_ascii=False, default=str))


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, numbers_from: int = 1) -> None:
    """A table; the columns from `numbers_from` on are aligned to the right."""
    shown = Table(title=escape(title), title_justify="left", title_style="bold", header_style="bold")
    for rank, name in enumerate(header):
        shown.add_column(escape(name), justify="right" if rank >= numbers_from else "left", overflow="fold")
    for row in rows:
        shown.add_row(*("—" if cell is None else escape(str(cell)) for cell in row))
    console().print(shown)


def integer(value: int) -> str:
    """A count with thin groups: 43 975 in French, 43,975 in English."""
    return f"{value:,}".replace(",", say("\u202f", ","))


def percent(value: float | None, *, decimals: int = 1) -> str:
    """A percentage: 62,9 % in French, 62.9% in English; a dash when there is none."""
    if value is None:
        return "—"
    shown = f"{value:.{decimals}f}"
    return say(shown.replace(".", ",") + "\u202f%", f"{shown}%")


def seconds(value: float) -> str:
    """A duration in seconds with one decimal."""
    return say(f"{value:.1f}".replace(".", ",") + " s", f"{value:.1f} s")


def show_error(problem: RegistryError) -> None:
    """What went wrong, where, and what to do next, on standard error."""
    out = console(error=True)
    out.print(f"[bold red]{say('Refusé', 'Refused')}[/] {escape(problem.what)}")
    if problem.where:
        out.print(f"  {say('où', 'where')}: {escape(problem.where)}")
    if problem.remedy:
        out.print(f"  {say('que faire', 'what to do')}: {escape(problem.remedy)}")


def show_refusals(refusals: Sequence[Refusal]) -> None:
    """The refused files with code, reason and remedy."""
    if not refusals:
        return
    header = [
        "centre",
        say("fichier", "file"),
        "code",
        say("motif", "reason"),
        say("que faire", "what to do"),
    ]
    rows = [
        (r.centre_id, r.file, r.code, say(r.reason_fr, r.reason_en), say(r.remedy_fr, r.remedy_en))
        for r in refusals
    ]
    table(say("Fichiers refusés", "Refused files"), header, rows, numbers_from=len(header))


@contextmanager
def progress(*, quiet: bool) -> "Iterator[Progress]":
    """A progress bar per step on standard error; nothing when quiet or not on a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=Console(stderr=True), disable=quiet or not Console(stderr=True).is_terminal
    ) as bar:
        tasks: dict[str, Any] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield tell
