"""A small synthetic network for the tests that run the DAG."""

import shutil
from pathlib import Path

import pytest

from pipelines.synthetic.generate import generate
from tests.dags.airflow_process import NETWORK


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of exports per centre; the tests send those of a few."""
    out = tmp_path_factory.mktemp("synthetic")
    generate(patients=150, seed=11, out=out, faults="none", network_id=NETWORK)
    return out / "exports"


@pytest.fixture(scope="session")
def few_exports(exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inbox of two centres, below the folder of its network."""
    inbox = tmp_path_factory.mktemp("inbox")
    for centre in sorted(path.name for path in exports.iterdir() if path.is_dir())[:2]:
        shutil.copytree(exports / centre, inbox / NETWORK / centre)
    return inbox
