"""Synthetic networks for the benchmarks: through their real files, or the identities alone where only size matters."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.registry import Registry

NETWORK = "netsarc"
PATIENTS = 43_975
#: Records that one incident patient has, patients diagnosed before and further records included.
RECORDS_PER_PATIENT = 2.029
BLOCK = 49_000

#: The identities as staging types them; a date without its day or month keeps the first one.
_TYPED = """
COPY (
    SELECT
        concat('s:', row_number() OVER ()) AS row_id, 's' AS delivery_id, centre_id,
        local_patient_id, ins_matricule, ins_oid, ins_status,
        birth_name, used_name, first_names, sex,
        CAST(try_strptime(birth_date, ['%Y-%m-%d', '%Y-%m', '%Y']) AS DATE) AS birth_date,
        CASE length(birth_date) WHEN 10 THEN 'day' WHEN 7 THEN 'month' WHEN 4 THEN 'year' ELSE 'unknown' END
            AS birth_date_precision,
        birth_place_cog, residence_commune, vital_status
    FROM identity INNER JOIN centre USING (centre)
    ORDER BY centre_id, local_patient_id
) TO '{target}' (FORMAT parquet)
"""


@contextmanager
def staged_network(
    seed: int, patients: int, *, rates: Mapping[str, float] | None = None
) -> Iterator[tuple["Registry", Path]]:
    """A network with its usual faults, received and staged, and the folder of its truth; removed afterwards."""
    from pipelines import flow
    from pipelines.registry import open_registry
    from pipelines.run import Run
    from pipelines.synthetic.generate import generate

    folder = Path(tempfile.mkdtemp(prefix="reseau-bench-"))
    try:
        generate(
            patients=patients, seed=seed, out=folder, faults="default", network_id=NETWORK, rates=rates or {}
        )
        with open_registry(NETWORK, folder / "home") as registry:
            run = Run(run_id=registry.ledger.start_run(NETWORK), inbox=folder / "exports")
            flow.receive(registry, run)
            flow.stage(registry, run)
            yield registry, folder / "truth"
    finally:
        shutil.rmtree(folder)


def write_identities(target: Path, *, records: int, seed: int) -> int:
    """Write about `records` identities with their usual faults, as staging would type them; the number written."""
    import duckdb
    import numpy as np
    import pyarrow as pa

    from pipelines.synthetic.calibration import load_calibration
    from pipelines.synthetic.faults import inject
    from pipelines.synthetic.generate import draw_block

    cal = load_calibration(NETWORK)
    patients = round(records / RECORDS_PER_PATIENT)
    blocks = -(-patients // BLOCK)
    counters = np.zeros(len(cal.centres), np.int64)
    found, first = [], 0
    for block in range(blocks):
        rng = np.random.default_rng([seed, block])
        incident = patients // blocks + (block < patients % blocks)
        tables, truths = draw_block(cal, incident, first, (block, blocks), counters, rng)
        first += truths["person"].num_rows
        damaged, _ = inject(cal, tables, rng)
        found.append(damaged["patient_identity"])
    identity = pa.concat_tables(found)
    centre = pa.table({"centre": range(len(cal.centres)), "centre_id": [one.id for one in cal.centres]})
    with duckdb.connect() as con:
        con.register("identity", identity)
        con.register("centre", centre)
        con.execute(_TYPED.format(target=target)).fetchall()
    return identity.num_rows
