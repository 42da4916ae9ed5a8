"""Run one DAG from its first task to its last in this process; print how every task ended."""

import json
import sys
from datetime import timedelta

from airflow.dag_processing.dagbag import DagBag

from tests.dags.airflow_process import DAGS

dag = DagBag(DAGS).dags[sys.argv[1]]
for task in dag.tasks:
    task.retry_delay = timedelta(seconds=0)
run = dag.test()
tasks = [(ti.task_id, str(ti.state), ti.rendered_map_index) for ti in run.get_task_instances()]
print(json.dumps({"state": str(run.state), "tasks": sorted(tasks, key=str)}))
