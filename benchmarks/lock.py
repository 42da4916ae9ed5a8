"""`make lock`: resolve the lock files again, with hashes and no address, from releases at least a week old."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AGE = dt.timedelta(days=7)
COMMON = ("pip", "compile", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet")
EVERYTHING = ("build", "postgres", "airflow", "dev")


def _compile(target: str, extras: tuple[str, ...], *more: str) -> None:
    before = (dt.datetime.now(dt.UTC) - AGE).date().isoformat()
    named = [part for extra in extras for part in ("--extra", extra)]
    command = [sys.executable, "-m", "uv", *COMMON, "--exclude-newer", before, *named, *more]
    subprocess.run([*command, "pyproject.toml", "-o", target], cwd=ROOT, check=True)


def main() -> None:
    """Everything first; the image, the engine and Spark's then take the same versions."""
    _compile("requirements-dev.lock", EVERYTHING)
    _compile("requirements-airflow.lock", ("build", "postgres", "airflow"), "-c", "requirements-dev.lock")
    _compile("requirements.lock", ("build",), "-c", "requirements-dev.lock")
    _compile("requirements-spark.lock", ("build", "spark"), "-c", "requirements-dev.lock")


if __name__ == "__main__":
    main()
