"""From an export that our generator did not write to a published snapshot, with the commands of the how-to page."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
EXPORT = ROOT / "tests" / "data" / "SARCOMES_FA_20261115.csv"
ANSWERS = """
centre: {city: Ville, region: Région, role: expert}
"""


class Checkout:
    """A copy of the program and its configuration: the new centre is not written into ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("pipelines", "validations", "config", "sql"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        self.inbox = folder / "inbox" / "montagne"
        self.inbox.mkdir(parents=True)
        shutil.copy(EXPORT, self.inbox)
        (folder / "answers.yaml").write_text(ANSWERS, encoding="utf-8")

    def reseau(self, *arguments: str) -> tuple[int, dict[str, Any], str]:
        """Run one command with --json: exit code, the document, standard error."""
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", *arguments, "--json"],
            capture_output=True, text=True, check=False, cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder)},
        )  # fmt: skip
        return done.returncode, json.loads(done.stdout or "{}"), done.stderr

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the published warehouse."""
        path = self.folder / "home" / "snapshots" / "netsarc" / "current" / "warehouse.duckdb"
        with duckdb.connect(str(path), read_only=True) as con:
            return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return Checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def proposed(checkout: Checkout) -> tuple[int, dict[str, Any], str]:
    return checkout.reseau("new-centre", f"inbox/montagne/{EXPORT.name}", "--id", "montagne",
                           "--answers", "answers.yaml", "--yes")  # fmt: skip


@pytest.fixture(scope="module")
def run(checkout: Checkout, proposed: object) -> tuple[int, dict[str, Any], str]:
    return checkout.reseau("run", "--inbox", "inbox", "--home", "home")


def test_three_answers_are_enough(proposed: tuple[int, dict[str, Any], str]):
    code, found, error = proposed
    assert (code, found["undecided"]) == (0, []), error
    assert [c["header"] for c in found["columns"] if c["holds"] == "ignored"] == ["M+ au diag", "Commentaire"]


def test_the_run_publishes_every_patient(checkout: Checkout, run: tuple[int, dict[str, Any], str]):
    code, outcome, error = run
    assert (code, outcome.get("outcome"), outcome.get("refusals")) == (0, "published", []), error
    assert checkout.query("SELECT count(*) FROM dim_patient") == [(25,)]
    assert checkout.query("SELECT count(*) FROM fct_tumour") == [(25,)]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT margin, count(*) FROM fct_surgery GROUP BY 1 ORDER BY 1",
         [("R0", 12), ("R1", 6), ("R2", 2), ("RX", 1)]),
        ("SELECT count(*) FROM fct_treatment WHERE treatment_kind = 'radiotherapy'", [(7,)]),
        ("SELECT max(size_mm) FROM fct_tumour", [(200.0,)]),
        ("SELECT count(*) FROM fct_biopsy WHERE biopsy_kind = 'incisional'", [(2,)]),
    ],
)  # fmt: skip
def test_what_the_export_says_is_in_the_warehouse(
    sql: str, expected: list[tuple[Any, ...]], checkout: Checkout, run: object
):
    assert checkout.query(sql) == expected
