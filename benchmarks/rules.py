"""What all record rules of a tumour cost, by number of rows and with a hundred rules more: one DuckDB, two threads.

The rows are drawn: dates, codes, sizes and words of every list, so that most rules concern some rows and many are
broken. The time is that of the whole scan: the query, the counts and the findings. Each size runs in a process of its
own; the hundred more rules are of the common shape, no two alike. `python -m benchmarks.rules 1000000` prints one size.
"""

import datetime as dt
import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from validations.contracts.model import Field
    from validations.rules.model import Rule

SIZES = (100_000, 300_000, 1_000_000)
MORE = 100
AS_OF = dt.date(2024, 6, 30)
_WORDS = {
    "morphology_code": ("8850/3", "8858/3", "8890/3", "8936/3", "8800/3", "9180/3", "9260/3", "88053", "M8821/1"),
    "topography_code": ("C49.2", "C48.0", "C16.9", "C40.2", "C54.9", "C50.9", "c491", "C34", "C61.9", "C71.9"),
    "diagnosis_label": ("liposarcome dédifférencié", "GIST", "sarcome indifférencié", "tumeur desmoïde", "à préciser"),
    "icd10_code": ("C49.2", "C48.0", "D48.1", "C16.9"),
    "birth_name": ("DUPONT", "MARTIN", "LEFÈVRE"),
    "first_names": ("JEAN", "MARIE", "ANNE"),
}  # fmt: skip


def _column(field: "Field", rows: int, rng: "np.random.Generator") -> "pa.Array":
    import pyarrow as pa

    from validations.contracts.model import Kind

    if field.name in ("row_id", "local_patient_id"):
        return pa.array([f"{field.name}{i}" for i in range(rows)])
    if field.name.endswith("_precision"):
        return pa.array(rng.choice(["day", "month"], rows, p=[0.95, 0.05]).tolist())
    if field.kind is Kind.DATE:
        first = 0 if field.name == "birth_date" else 15_000  # days from 1970
        return pa.array((first + rng.integers(0, 4_000, rows)).astype("int32")).cast(pa.date32())
    if field.kind in (Kind.NUMBER, Kind.INTEGER):
        high = 4 if field.name == "grade" else rows if field.name == "line" else 300
        return pa.array(rng.integers(1, high + 1, rows))
    if field.kind is Kind.BOOLEAN:
        return pa.array(rng.random(rows) < 0.5)
    words = _WORDS.get(field.name) or field.code_values or ("T1",)
    return pa.array(rng.choice(words, rows).tolist())


def drawn(entity: str, rows: int) -> "pa.Table":
    """Rows of `val_<entity>`; the same number draws the same rows."""
    import numpy as np
    import pyarrow as pa

    from validations.contracts.derive import arrow_type
    from validations.contracts.tables import VALIDATED

    rng = np.random.default_rng(rows)
    columns = {f.name: _column(f, rows, rng).cast(arrow_type(f.kind)) for f in VALIDATED[entity].fields}
    columns["delivery_id"] = pa.array(["d1"] * rows)
    return pa.table(columns)


def another(number: int) -> "Rule":
    """A rule of the common shape, no two alike: a site, a morphology, a size and two dates."""
    from validations.rules.catalogue import CATALOGUE
    from validations.rules.expressions import has_morphology, has_site

    return replace(
        CATALOGUE["SITE-001"],
        id=f"MORE-{number:03d}",
        applies_when=f"{has_site(f'{number % 80:02d}|4[0-9]')} AND {has_morphology(f'88{number % 90:02d}-9000')}",
        violated_when=f"size_mm > {100 + number} OR diagnosis_date_latest < patient.birth_date + {3_000 + number}",
    )


def one_size(rows: int, more: int) -> dict[str, float]:
    """Seconds and peak memory of one scan in this process, and what was in memory before it."""
    import duckdb

    from validations import scan as scanning
    from validations.contracts.entities import ENTITIES

    ours = scanning.record_rules("tumour")
    others = [another(i) for i in range(more)]
    scanning.record_rules = lambda _entity: [*ours, *others]  # type: ignore[assignment]
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as con:
        for entity in ("patient_identity", "tumour"):
            con.register(f"val_{entity}", drawn(entity, rows))
        before = _peak_mib()
        start = time.perf_counter()
        found = scanning.scan("tumour", con=con, as_of={"d1": AS_OF}, mapped=frozenset(ENTITIES))
        seconds = time.perf_counter() - start
    return {
        "rows": rows, "rules": len(ours) + more, "seconds": round(seconds, 2), "findings": found.findings.num_rows,
        "peak_mib": round(_peak_mib()), "rows_mib": round(before),
    }  # fmt: skip


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _alone(rows: int, more: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.rules", str(rows), str(more)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def measure() -> dict[str, Any]:
    """Every size with our rules, and the largest with a hundred more."""
    sizes = [_alone(rows, 0) for rows in SIZES]
    more = _alone(SIZES[-1], MORE)
    return {
        "sizes": sizes,
        "more": more,
        "ratio_of_rows": round(sizes[-1]["rows"] / sizes[0]["rows"], 1),
        "ratio_of_seconds": round(sizes[-1]["seconds"] / sizes[0]["seconds"], 1),
        "ratio_with_more_rules": round(more["seconds"] / sizes[-1]["seconds"], 2),
    }


if __name__ == "__main__":
    print(json.dumps(one_size(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
