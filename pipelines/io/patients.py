"""The patients of two stagings of a centre, compared: who of the first is no longer in the second. Counts only."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipelines.io.calculator import calculator

if TYPE_CHECKING:
    import pyarrow as pa

TABLE = "stg_patient_identity"


class Comparison(NamedTuple):
    """Patients before and now, and how many of the former are absent now."""

    before: int
    now: int
    absent: int


def compare_patients(before: Path | None, now: Path) -> Comparison:
    """Compare the local patients of two folders of staged tables; nobody was there before the first."""
    import pyarrow as pa

    with calculator() as con:
        con.register("before", _ids(before) if before else pa.table({"id": pa.array([], pa.string())}))
        con.register("now", _ids(now))
        found = con.execute("""
            WITH earlier AS (SELECT DISTINCT trim(id) AS id FROM before WHERE id IS NOT NULL),
            later AS (SELECT DISTINCT trim(id) AS id FROM now WHERE id IS NOT NULL)
            SELECT (SELECT count(*) FROM earlier), (SELECT count(*) FROM later),
                (SELECT count(*) FROM earlier ANTI JOIN later USING (id))
        """).fetchall()
    return Comparison(*found[0])


def _ids(folder: Path) -> "pa.Table":
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(folder / f"{TABLE}.parquet", columns=["local_patient_id"])
    return table.rename_columns(["id"])
