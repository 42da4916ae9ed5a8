"""Parse the DAG folder as Airflow does; with an argument, for the networks of that folder's `config`."""

import json
import sys
import time
import warnings
from pathlib import Path

from airflow.dag_processing.dagbag import DagBag

from tests.dags.airflow_process import DAGS

HEAVY = (
    "pandas",
    "numpy",
    "pyarrow",
    "duckdb",
    "pandera",
    "splink",
    "great_expectations",
    "matplotlib",
    "scipy",
)

if len(sys.argv) > 1:
    from pipelines.io import configuration

    configuration.share = lambda: Path(sys.argv[1])

loaded_by_airflow = [name for name in HEAVY if name in sys.modules]
start = time.perf_counter()
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    # Airflow 3.3 itself reads .airflowignore in a way that its library deprecates
    warnings.filterwarnings("ignore", message="GitWildMatchPattern", category=DeprecationWarning)
    bag = DagBag(DAGS)
facts = {
    "seconds": time.perf_counter() - start,
    "import_errors": list(bag.import_errors.values()),
    "warnings": [str(warning.message) for warning in caught],
    "heavy": sorted({name for name in HEAVY if name in sys.modules} - set(loaded_by_airflow)),
    "dags": {
        dag_id: {
            "schedule": str(dag.schedule),
            "catchup": dag.catchup,
            "max_active_runs": dag.max_active_runs,
            "retries": sorted({task.retries for task in dag.tasks}),
            "mapped": [task.task_id for task in dag.tasks if task.is_mapped],
            "order": [task.task_id for task in dag.topological_sort()],
            "doc": bool(dag.doc_md and "ledger decides" in dag.doc_md),
        }
        for dag_id, dag in bag.dags.items()
    },
}
print(json.dumps(facts))
