"""Where the project's own configuration and SQL are: the checkout, or the installed package."""

from functools import cache
from pathlib import Path

from pipelines.errors import ConfigError


@cache
def share() -> Path:
    """The folder that holds `config/` and `sql/`."""
    package = Path(__file__).resolve().parent.parent
    for candidate in (package.parent, package / "_share"):
        if (candidate / "config" / "networks").is_dir():
            return candidate
    raise ConfigError("config/networks was not found", where=str(package), remedy="Reinstall reseau.")


def read_sql(*parts: str) -> str:
    """The text of one SQL file below `sql/`, header included."""
    return share().joinpath("sql", *parts).read_text(encoding="utf-8")


def sql_files(folder: str) -> list[Path]:
    """The SQL files of one folder below `sql/`, by name."""
    return sorted(share().joinpath("sql", folder).glob("*.sql"))


def digest(*patterns: str) -> str:
    """SHA-256 over the files of the project that match the glob patterns: what a result was computed with."""
    import hashlib

    package = Path(__file__).resolve().parent.parent
    total = hashlib.sha256()
    for pattern in patterns:
        root = package.parent if pattern.startswith(("pipelines/", "validations/")) else share()
        # Python writes its caches between two runs of the same code
        for path in sorted(p for p in root.glob(pattern) if p.is_file() and p.parent.name != "__pycache__"):
            total.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()
