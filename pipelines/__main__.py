"""`python -m pipelines` and the console script `reseau`."""

import sys


def main() -> None:
    """Run the command line; the exit code is 0 (done), 1 (done, with findings over budget) or 2 (refused)."""
    from pipelines.cli.app import run_command

    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
