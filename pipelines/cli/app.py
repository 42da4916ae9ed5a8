"""The commands and the exit codes: 0 done, 1 done with findings over budget or refused files, 2 refused."""

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Literal

import typer

from pipelines.cli.show import choose_language, show_error
from pipelines.errors import RegistryError
from pipelines.log import configure

INTERRUPTED = 130  # what typer makes of an interrupted command

app = typer.Typer(
    name="reseau",
    help="From the exports of a network of expert centres to one audited warehouse and its conformity report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback could print a person's value
)
#: Each command is a function of that name in a module of that name; `docs` is ours, for generated pages.
COMMANDS = (
    "demo",
    "read",
    "check",
    "synth",
    "new-centre",
    "link",
    "code",
    "run",
    "status",
    "approve",
    "findings",
    "review",
    "serve",
    "report",
    "snapshots",
    "rules",
    "docs",
)
_HIDDEN = ("docs",)


@app.callback()
def _options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log one line per step.")] = False,
    lang: Annotated[Literal["fr", "en"], typer.Option(envvar="RESEAU_LANG", help="fr or en.")] = "fr",
) -> None:
    configure(verbose=verbose)
    choose_language(lang)


def _add_commands(arguments: Sequence[str]) -> None:
    """Import the command that is asked for, or all of them for help: `read` is called for thousands of files."""
    asked = next((word for word in arguments if word in COMMANDS), None)
    present = {command.name for command in app.registered_commands}
    for name in COMMANDS if asked is None else (asked,):
        if name not in present:
            module = import_module(f"pipelines.cli.{name.replace('-', '_')}")
            app.command(name, hidden=name in _HIDDEN)(getattr(module, name.replace("-", "_")))


def run_command(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code."""
    _add_commands(arguments)
    try:
        result = app(list(arguments), standalone_mode=False)
    except RegistryError as problem:
        show_error(problem)
        return problem.exit_code
    except typer.TyperException as problem:
        show_error(RegistryError(problem.format_message(), remedy="reseau --help"))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    if result == INTERRUPTED:
        show_error(RegistryError("interrupted", remedy="Run again: what was finished is not computed again."))
        return 2
    return result if isinstance(result, int) else 0
