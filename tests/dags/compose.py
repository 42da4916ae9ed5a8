"""`docker-compose.yml` as Compose would read it, without Compose: its variables replaced, its services as data."""

import re
from typing import Any

import yaml

from tests.dags.airflow_process import ROOT

VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?P<kind>:\?|:-)(?P<default>[^}]*)\}")


def text() -> str:
    return (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


def variables() -> dict[str, tuple[str, str]]:
    """Name → how it is asked for (`:?` required, `:-` with a default) and the default."""
    return {m["name"]: (m["kind"], m["default"]) for m in VARIABLE.finditer(text())}


def example() -> dict[str, str | None]:
    """The variables of `.env.example`: their value, or None for those that are commented out."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    found = [re.fullmatch(r"(#?)([A-Z_]+)=(.*)", line) for line in lines]
    return {m[2]: None if m[1] else m[3] for m in found if m}


def read(**values: str) -> dict[str, Any]:
    """The file with its variables replaced; KeyError when a required one has no value."""

    def replace(match: re.Match[str]) -> str:
        name = match["name"]
        return values[name] if match["kind"] == ":?" else values.get(name, match["default"])

    return yaml.safe_load(VARIABLE.sub(replace, text()))
