"""What intake and staging cost beside a floor that only reads the same bytes.

The floor is pandas.read_csv(dtype=str) told the separator and the encoding of each text file, and python-calamine over
each workbook, in one process. Two costs stand beside it, each on a new home. `staging` is files to typed rows: the
flow's `receive`, then reading, staging and typing in the flow's own pool, staged and typed rows written, no rule asked.
`flow` is `receive` and `stage` as a run calls them: the same, with the gate's rules, findings and accounts.
Where a size is measured more than once the fastest of each counts: other work on the machine only ever adds.
`python -m benchmarks.intake measure 44000` prints one size.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.measure import Cost, run
from pipelines.centre_work import CentreJob, CentreResult, do_all
from pipelines.config import Centre, FileMap

NETWORK = "netsarc"
SIZES = (44_000, 440_000)
PYTHON = sys.executable
REPEATED_BELOW = 100_000  # patients; larger sizes are measured once


def _file_map(centre: Centre, file: Path) -> FileMap | None:
    return next((known for known in centre.files if known.pattern.fullmatch(file.name)), None)


def read_text(file: Path, centre: Centre, skipped: int) -> int:
    """The rows of a text file, read as text by pandas with the dialect that the centre declares."""
    import pandas as pd

    frame = pd.read_csv(
        file, sep=centre.export.separator, encoding=centre.export.encoding, skiprows=skipped, dtype=str,
        on_bad_lines="skip",
    )  # fmt: skip
    return len(frame)


def read_workbook(file: Path) -> int:
    """The rows of all sheets of a workbook, read by calamine."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(str(file))
    return sum(len(workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names)


def read_floor(exports: Path) -> int:
    """The rows of every export that a centre's file knows."""
    from pipelines.io.configuration import load_centres

    rows = 0
    for centre in load_centres(NETWORK).values():
        folder = exports / centre.id
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            known = _file_map(centre, file)
            if known and centre.export.format == "csv":
                rows += read_text(file, centre, known.sheets[0].header_line - 1)
            elif known:
                rows += read_workbook(file)
    return rows


def take_in(exports: Path, home: Path) -> int:
    """Receive and stage every export into a home; returns the rows of the validated tables."""
    from pipelines.flow import receive, stage
    from pipelines.io.home import only_run
    from pipelines.registry import open_registry
    from pipelines.run import Run

    with open_registry(NETWORK, home) as registry, only_run(registry.home, NETWORK):
        job = Run(run_id=registry.ledger.start_run(NETWORK), inbox=exports)
        receive(registry, job)
        stage(registry, job)
    return sum(account.rows_out for account in job.accounts if account.step == "validate")


def stage_and_type(job: CentreJob) -> CentreResult:
    """What the flow does for one centre up to the gate: staged and typed rows, written."""
    from pipelines.io.home import filling
    from pipelines.io.store import Store
    from pipelines.io.tables import write_table
    from pipelines.stage.date_order import date_orders
    from pipelines.stage.entity import stage_entity
    from pipelines.stage.sheets import read_sheets
    from pipelines.stage.superseded import newest_exports
    from pipelines.stage.typing import type_rows
    from validations.contracts.entities import ENTITIES

    store = Store(job.store)
    sheets, refusals, _ = read_sheets(job.centre, job.deliveries, lambda d: store.path(d.content_hash))
    newest, orders = newest_exports(sheets), date_orders(sheets, centre=job.centre)
    accounts = []
    with filling(job.target) as folder:
        for entity in ENTITIES:
            part = stage_entity(entity, sheets, centre_id=job.centre.id, newest=newest)
            typed, _ = type_rows(part.rows, entity, centre=job.centre, orders=orders)
            write_table(part.rows, folder / f"stg_{entity}.parquet")
            write_table(typed, folder / f"val_{entity}.parquet")
            accounts += part.accounts
    return CentreResult(
        centre_id=job.centre.id, is_accepted=True, accounts=tuple(accounts), refusals=tuple(refusals),
        was_computed=True,
    )  # fmt: skip


def type_all(exports: Path, home: Path) -> int:
    """Receive every export into a home, stage and type it; returns the typed rows."""
    from pipelines.flow import centre_jobs, receive
    from pipelines.io.home import only_run
    from pipelines.registry import open_registry
    from pipelines.run import Run

    with open_registry(NETWORK, home) as registry, only_run(registry.home, NETWORK):
        receive(registry, Run(run_id=registry.ledger.start_run(NETWORK), inbox=exports))
        results = list(do_all(centre_jobs(registry), work=stage_and_type))
    return sum(account.rows_out for result in results for account in result.accounts)


def _fastest(times: int, measured: Callable[[int], Cost]) -> dict[str, float]:
    costs = [measured(rank) for rank in range(times)]
    best = min(costs, key=lambda cost: cost.seconds)
    return {
        "seconds": round(best.seconds, 2),
        "cpu_seconds": round(min(cost.cpu_seconds for cost in costs), 2),
        "peak_mib": round(max(cost.peak_mib for cost in costs)),
    }


def _itself(*arguments: object, log: Path) -> Cost:
    cost = run([PYTHON, "-m", "benchmarks.intake", *map(str, arguments)], log=log)
    if cost.exit_code:
        raise SystemExit(
            f"{arguments[0]} ended with {cost.exit_code}: {log.read_text(encoding='utf-8')[-2000:]}"
        )
    print(f"  {arguments[0]}: {json.dumps(asdict(cost))}", file=sys.stderr, flush=True)
    return cost


def measure(patients: int, *, times: int | None = None) -> dict[str, Any]:
    """The floor and both costs of one size, and their ratios."""
    times = times or (3 if patients < REPEATED_BELOW else 1)
    with tempfile.TemporaryDirectory(prefix="reseau-intake-") as name:
        folder, log = Path(name), Path(name) / "log.txt"
        synth = ["synth", "--patients", str(patients), "--seed", "1", "--out", str(folder)]
        if run([PYTHON, "-m", "pipelines", *synth], log=log).exit_code:
            raise SystemExit("synth failed")
        exports = folder / "exports"
        floor = _fastest(times, lambda _: _itself("floor", exports, log=log))
        staging = _fastest(times, lambda rank: _itself("staging", exports, folder / f"typed{rank}", log=log))
        intake = _fastest(times, lambda rank: _itself("flow", exports, folder / f"home{rank}", log=log))
        size = sum(file.stat().st_size for file in exports.rglob("*") if file.is_file())
    return {
        "patients": patients,
        "export_mib": round(size / 2**20, 1),
        "floor": floor,
        "staging": staging,
        "intake": intake,
        "staging_ratio": round(staging["seconds"] / floor["seconds"], 2),
        "staging_cpu_ratio": round(staging["cpu_seconds"] / floor["cpu_seconds"], 2),
        "ratio": round(intake["seconds"] / floor["seconds"], 2),
        "cpu_ratio": round(intake["cpu_seconds"] / floor["cpu_seconds"], 2),
    }


def measure_sizes() -> dict[str, Any]:
    """Every size, the smaller first."""
    return {"sizes": [measure(patients) for patients in SIZES]}


def main() -> None:
    """`floor EXPORTS`, `staging EXPORTS HOME`, `flow EXPORTS HOME`: the measured processes; or `measure PATIENTS…`."""
    match sys.argv[1:]:
        case ["floor", exports]:
            print(read_floor(Path(exports)))
        case ["staging", exports, home]:
            from benchmarks import intake  # a worker finds its function by the name of its module

            print(intake.type_all(Path(exports), Path(home)))
        case ["flow", exports, home]:
            print(take_in(Path(exports), Path(home)))
        case ["measure", *sizes]:
            for patients in sizes:
                print(json.dumps(measure(int(patients)), indent=2))
        case _:
            raise SystemExit(main.__doc__)


if __name__ == "__main__":
    main()
