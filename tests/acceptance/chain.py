"""One synthetic network, run through the whole chain with the command line, and what came of it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

PATIENTS = 700


@dataclass(frozen=True)
class Chain:
    """A folder with `exports`, `truth` and `home`."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def inbox(self) -> Path:
        return self.folder / "exports"

    @property
    def warehouse(self) -> Path:
        return self.home / "snapshots" / "netsarc" / "current" / "warehouse.duckdb"

    def reseau(self, *arguments: str) -> tuple[int, dict[str, Any], str]:
        """Run one command with --json: exit code, the document, standard error."""
        command = [sys.executable, "-m", "pipelines", *arguments, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout or "{}"), done.stderr

    def run(self, *more: str) -> tuple[int, dict[str, Any], str]:
        """`reseau run` on the exports."""
        return self.reseau("run", "--inbox", str(self.inbox), "--home", str(self.home), *more)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the published warehouse, with the truth tables as views."""
        con = duckdb.connect()
        con.execute(f"ATTACH '{self.warehouse}' AS w (READ_ONLY)")
        for file in (self.folder / "truth").glob("*.parquet"):
            con.execute(f"CREATE VIEW truth_{file.stem} AS SELECT * FROM '{file}'")
        for file in (self.home / "work" / "netsarc" / "linked").glob("*.parquet"):
            con.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
        con.execute("CREATE SCHEMA s; SET schema = 's'")
        con.execute("SET search_path = 's,main,w.main'")
        found = con.execute(sql).fetchall()
        con.close()
        return found


def generate(folder: Path, *, faults: str, patients: int = PATIENTS, seed: int = 7) -> Chain:
    """Write a synthetic network into the folder."""
    from pipelines.synthetic.generate import generate as write

    write(patients=patients, seed=seed, out=folder, faults=faults, network_id="netsarc")  # type: ignore[arg-type]
    return Chain(folder)
