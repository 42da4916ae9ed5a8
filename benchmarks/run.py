"""`make bench`: the whole chain at three sizes, then every measure of intake; writes the figures and their page.

Figures are of whole processes on the machine named in the page. Ratios are taken within one call of this program.
A measure that is not asked for keeps its last figures and their date.
"""

import argparse
import datetime as dt
import importlib
import importlib.util
import json
import os
import platform
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.measure import Cost, run
from benchmarks.page import SECTIONS, page

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "benchmarks.md"
SIZES = (4_400, 44_000, 440_000)
PYTHON = sys.executable
CHAIN = "chain"
#: A measure whose program gives its figures by another function than `measure`.
FUNCTIONS = {"intake": "measure_sizes"}


def _cost(name: str, arguments: list[str], log: Path, *, allowed: tuple[int, ...] = (0,)) -> Cost:
    cost = run([PYTHON, "-m", *arguments], log=log)
    if cost.exit_code not in allowed:
        raise SystemExit(f"{name} ended with {cost.exit_code}; see {log}")
    print(f"  {name}: {cost.seconds:.1f} s, {cost.peak_mib:.0f} MiB", flush=True)
    return cost


def _steps(home: Path) -> dict[str, float]:
    from pipelines.registry import open_existing

    with open_existing("netsarc", home) as registry:
        rows = registry.ledger.steps(1)
    return {row["step"]: round(row["seconds"], 2) for row in rows if row["centre_id"] is None}


def measure(patients: int, folder: Path) -> dict[str, Any]:
    """The figures of one size, in a folder that is emptied afterwards."""
    print(f"{patients} patients", flush=True)
    log, home = folder / "log.txt", folder / "home"
    synth = ["pipelines", "synth", "--patients", str(patients), "--seed", "1", "--out", str(folder)]
    chain = ["pipelines", "run", "--inbox", str(folder / "exports"), "--home", str(home)]
    costs = {"synth": _cost("synth", synth, log)}
    costs["run"] = _cost("run", chain, log, allowed=(0, 1))
    costs["again"] = _cost("again", chain, log, allowed=(0, 1))
    costs["floor"] = _cost("floor", ["benchmarks.floor", str(folder / "exports"), str(folder / "floor")], log)
    size = sum(path.stat().st_size for path in (folder / "exports").rglob("*") if path.is_file())
    figures = {name: asdict(cost) for name, cost in costs.items()}
    return {
        "patients": patients,
        "export_mib": round(size / 2**20, 1),
        "costs": figures,
        "steps": _steps(home),
    }


def _origin() -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"
    return {"date": dt.datetime.now(dt.UTC).date().isoformat(), "machine": machine}


def _known() -> dict[str, Any]:
    return dict(json.loads(RESULTS.read_text(encoding="utf-8"))) if RESULTS.exists() else {}


def _write(new: dict[str, Any]) -> None:
    """Add the new figures to the known ones, and write the page of all of them."""
    results = {**_known(), **new}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(results), encoding="utf-8")


def measure_chain(wanted: list[int]) -> None:
    """Every size of the whole chain; the page is written after each."""
    found = []
    for patients in wanted:
        folder = Path(tempfile.mkdtemp(prefix="reseau-bench-"))
        try:
            found.append(measure(patients, folder))
        finally:
            shutil.rmtree(folder)
        _write({**_origin(), "sizes": found})


def figures_of(section: str) -> dict[str, Any]:
    """What the program of a section measures."""
    program = importlib.import_module(f"benchmarks.{section}")
    return dict(getattr(program, FUNCTIONS.get(section, "measure"))())


def _alone(section: str) -> dict[str, Any]:
    """The figures of a section from a process of its own, so that none is charged for another's memory."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(figures_of, section).result()


def measure_section(section: str) -> None:
    """Measure one section; the figures of the others stay."""
    if importlib.util.find_spec(f"benchmarks.{section}") is None:
        print(f"{section}: there is no such program yet", flush=True)
        return
    print(section, flush=True)
    sections = {**_known().get("sections", {}), section: {**_origin(), "figures": _alone(section)}}
    _write({"sections": sections})


def main() -> None:
    """Measure everything, or only the sections that are named; the page is written after each."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("sizes", type=int, nargs="*", help="patients of the whole chain")
    parser.add_argument("--only", action="append", choices=[CHAIN, *SECTIONS], help="repeatable")
    asked = parser.parse_args()
    wanted = asked.only or ([CHAIN] if asked.sizes else [CHAIN, *SECTIONS])
    if CHAIN in wanted:
        measure_chain(asked.sizes or list(SIZES))
    for section in SECTIONS:
        if section in wanted:
            measure_section(section)


if __name__ == "__main__":
    main()
