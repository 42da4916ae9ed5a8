"""One DAG per file of `config/networks`: the steps of `reseau run`, each in a task, staging mapped per centre.

A schedule or a person only wakes the pipeline; the ledger decides what there is to do, so any task may run twice.

- A run with nothing new skips `link` to `report` and ends well, as *unchanged*.
- A refused file or centre does not stop the others: its task succeeds, the ledger has the reason, `close` counts it.
- A failed task leaves the published snapshot as it was, and the run fails.
- What passes between tasks is a run number, centre ids and counts. No value of an export reaches Airflow.

The environment says where: `RESEAU_HOME` (the registry's folder), `RESEAU_INBOX` (one folder per network, in it one per
centre), `RESEAU_WAREHOUSE` (a PostgreSQL URL, optional), `RESEAU_KEY_FILE` (the pseudonym key, optional).
"""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import TYPE_CHECKING

from airflow.sdk import DAG, TriggerRule, chain, get_current_context, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from pipelines.errors import ConfigError, LedgerError, RegistryError, WarehouseError, WorkerError
from pipelines.io.configuration import load_network, network_ids

if TYPE_CHECKING:
    from pipelines.dag_steps import Place

#: A task that is queued before the API server answers fails, and another run may be at work: both pass.
DEFAULTS = {"owner": "reseau", "retries": 2, "retry_delay": dt.timedelta(seconds=30)}
#: Of a network whose file is wrong: its runs fail with every mistake of the file, the other networks go on.
SCHEDULE_OF_A_WRONG_FILE = "@daily"
TODAY = "{{ dag_run.run_after | ds }}"


def schedule_of(network: str) -> str:
    """The cron of a network's file, in UTC."""
    try:
        return load_network(network).schedule
    except ConfigError:
        return SCHEDULE_OF_A_WRONG_FILE


def place_of(network: str) -> "Place":
    """Where the runs of a network work, from the environment; ConfigError when it does not say."""
    from pipelines.dag_steps import Place

    missing = [name for name in ("RESEAU_HOME", "RESEAU_INBOX") if not os.environ.get(name)]
    if missing:
        raise ConfigError(f"not set: {', '.join(missing)}", remedy="Set them for every process of Airflow.")
    return Place(
        network_id=network,
        home=Path(os.environ["RESEAU_HOME"]),
        inbox=Path(os.environ["RESEAU_INBOX"], network),
        warehouse=os.environ.get("RESEAU_WAREHOUSE") or None,
    )


@contextmanager
def working(network: str) -> Iterator[tuple[ModuleType, "Place"]]:
    """The steps and their place. No message of a library gets out, for it may hold a value: its type and line do."""
    from pipelines import dag_steps

    try:
        yield dag_steps, place_of(network)
    except (LedgerError, WarehouseError, WorkerError) as problem:
        raise AirflowException(str(problem)) from None
    except RegistryError as problem:
        raise AirflowFailException(str(problem)) from None
    except Exception as problem:  # noqa: BLE001 - the border to Airflow's logs
        last = extract_tb(problem.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        raise AirflowException(f"{type(problem).__name__} in {where}; its message is withheld") from None


@task
def begin(network: str) -> int:
    """Start a run in the ledger; its number."""
    with working(network) as (steps, place):
        return steps.begin(place)


@task
def receive(network: str, run: int) -> list[str]:
    """Take the inbox in; the centres with work to do."""
    with working(network) as (steps, place):
        return steps.receive(place, run)


@task(map_index_template="{{ centre }}", multiple_outputs=False)
def stage(network: str, run: int, centre: str) -> dict[str, int]:
    """Read, type and validate one centre; its counts."""
    with working(network) as (steps, place):
        return steps.stage(place, run, centre)


# none_failed: on most nights no centre sent anything, and a mapping over nothing is skipped
@task.short_circuit(trigger_rule=TriggerRule.NONE_FAILED, ignore_downstream_trigger_rules=False)
def is_anything_new(network: str, run: int) -> bool:
    """False ends the run as unchanged."""
    with working(network) as (steps, place):
        return steps.is_anything_new(place, run)


@task
def link(network: str, run: int) -> None:
    """One person per patient of the network."""
    with working(network) as (steps, place):
        steps.link(place, run)


@task
def harmonise(network: str, run: int) -> None:
    """One code system, one tumour per primary."""
    with working(network) as (steps, place):
        steps.harmonise(place, run)


@task
def build(network: str, run: int, today: str) -> int:
    """Build, audit and publish the snapshot; its number."""
    with working(network) as (steps, place):
        return steps.build(place, run, today=dt.date.fromisoformat(today))


@task
def report(network: str, run: int, snapshot: int, today: str) -> None:
    """The conformity report of the snapshot."""
    with working(network) as (steps, place):
        steps.report(place, run, snapshot, today=dt.date.fromisoformat(today))


# none_failed: also when nothing is new, for the server may have been down on the night of the last snapshot
@task(trigger_rule=TriggerRule.NONE_FAILED)
def load_warehouse(network: str, run: int) -> None:
    """Load the published snapshot into PostgreSQL, where RESEAU_WAREHOUSE names one that lacks it."""
    with working(network) as (steps, place):
        steps.load_warehouse(place, run)


@task(trigger_rule=TriggerRule.ALL_DONE, multiple_outputs=False)
def close(network: str, run: int | None) -> dict[str, str | int | None]:
    """End the run in the ledger; its outcome and counts. This task fails when another one did."""
    context = get_current_context()
    failed = context["ti"].get_ti_count(
        dag_id=context["dag"].dag_id, run_ids=[context["run_id"]], states=["failed", "upstream_failed"]
    )
    if run is None:
        raise AirflowFailException("the run could not begin; the published snapshot stays")
    with working(network) as (steps, place):
        counts = steps.close(place, run, failed_tasks=failed)
    if counts["outcome"] not in ("published", "unchanged"):
        raise AirflowFailException(f"the published snapshot stays: {counts}")
    return counts


def network_dag(network: str) -> DAG:
    """The DAG of one network: the order of `pipelines.flow`."""
    with DAG(
        dag_id=f"reseau_{network}",
        schedule=schedule_of(network),
        start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        catchup=False,
        max_active_runs=1,
        default_args=DEFAULTS,
        doc_md=__doc__,
        tags=["reseau", network],
    ) as dag:
        run = begin(network)
        staged = stage.partial(network=network, run=run).expand(centre=receive(network, run))
        built = build(network, run, TODAY)
        loaded = load_warehouse(network, run)
        chain(
            staged, is_anything_new(network, run), link(network, run), harmonise(network, run), built, loaded
        )
        [report(network, run, built, TODAY), loaded] >> close(network, run)
    return dag


for each in network_ids():
    network_dag(each)
