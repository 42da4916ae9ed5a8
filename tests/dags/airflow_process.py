"""Airflow in a process of its own: its warnings, its logging and its database stay out of the test process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "dags"
NETWORK = "netsarc"
PROGRAMS = Path(__file__).parent / "programs"


def environment(airflow_home: Path, **more: str) -> dict[str, str]:
    """The environment of a throw-away Airflow: nothing of the caller's Airflow or registry, no telemetry."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "RESEAU", "PYTHON"))}
    ours = {
        "AIRFLOW_HOME": str(airflow_home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": str(ROOT),
    }
    return kept | ours | more


def run_program(name: str, *arguments: str, env: dict[str, str]) -> tuple[dict[str, Any], str]:
    """Run one of `programs`: the JSON of its last line, and everything else that it printed."""
    done = subprocess.run(
        [sys.executable, str(PROGRAMS / name), *arguments],
        env=env,
        capture_output=True,
        text=True,
        timeout=600,
    )
    printed = done.stdout + done.stderr
    assert done.returncode == 0, printed[-4000:]
    return json.loads(done.stdout.splitlines()[-1]), printed


def migrate(env: dict[str, str]) -> None:
    """Make the metadata database of a new Airflow home."""
    done = subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
