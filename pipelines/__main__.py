"""`python -m pipelines` and the console script `reseau`."""

import os
import sys
from types import TracebackType


def _say_where_not_what(
    kind: type[BaseException], _problem: BaseException, trace: TracebackType | None
) -> None:
    """Print the kind of an unforeseen error and the places it passed, not its message: that may hold a value."""
    import traceback

    sys.stderr.write("reseau stopped on an error that it did not foresee. Nothing was published.\n")
    for frame in traceback.extract_tb(trace):
        sys.stderr.write(f"  {frame.filename}:{frame.lineno} in {frame.name}\n")
    name = f"{kind.__module__}.{kind.__name__}"
    sys.stderr.write(f"{name} (its message is withheld: it could hold a person's data)\n")
    sys.stderr.flush()
    os._exit(2)  # Python itself would end with 1, which means "done, with findings"


def main() -> None:
    """Run the command line; the exit code is 0 (done), 1 (done, with findings over budget) or 2 (refused)."""
    from pipelines.cli.app import run_command

    sys.excepthook = _say_where_not_what
    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
