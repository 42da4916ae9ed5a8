"""The DAG folder as Airflow parses it, every few seconds, in a process that should stay small."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.io.configuration import load_network, network_ids
from tests.dags.airflow_process import ROOT, environment, run_program

Facts = dict[str, Any]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return run_program("parse.py", env=environment(tmp_path_factory.mktemp("airflow")))[0]


def network_file(folder: Path, network: str, **changes: str) -> None:
    text = (ROOT / "config/networks/netsarc.yaml").read_text(encoding="utf-8")
    for key, line in {"id": f"id: {network}", **changes}.items():
        text = "\n".join(line if row.startswith(f"{key}:") else row for row in text.splitlines())
    (folder / f"{network}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def three_networks(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """A sound network, one whose file has an unknown key, one whose schedule is no cron."""
    root = tmp_path_factory.mktemp("share")
    folder = root / "config" / "networks"
    folder.mkdir(parents=True)
    network_file(folder, "sound", schedule='schedule: "15 3 * * 1"')
    network_file(folder, "misspelt", legal_basis="legal_bassis: x")
    network_file(folder, "no_cron", schedule='schedule: "61 25 * * *"')
    return run_program("parse.py", str(root), env=environment(root / "airflow"))[0]


def test_the_folder_parses_without_error_or_warning(parsed: Facts) -> None:
    assert parsed["import_errors"] == []
    assert parsed["warnings"] == []


def test_parsing_loads_no_dataframe_library(parsed: Facts) -> None:
    assert parsed["heavy"] == []


def test_parsing_takes_less_than_a_second(parsed: Facts) -> None:
    assert parsed["seconds"] < 1


def test_there_is_one_dag_per_network(parsed: Facts) -> None:
    assert sorted(parsed["dags"]) == [f"reseau_{network}" for network in network_ids()]


def test_a_dag_has_the_schedule_of_its_network(parsed: Facts) -> None:
    schedules = {dag_id: dag["schedule"] for dag_id, dag in parsed["dags"].items()}
    assert schedules == {f"reseau_{network}": load_network(network).schedule for network in network_ids()}


def test_a_dag_runs_alone_never_makes_up_for_the_past_and_retries(parsed: Facts) -> None:
    ways = {(d["catchup"], d["max_active_runs"], *d["retries"], d["doc"]) for d in parsed["dags"].values()}
    assert ways == {(False, 1, 2, True)}


def test_only_staging_is_mapped(parsed: Facts) -> None:
    assert {tuple(dag["mapped"]) for dag in parsed["dags"].values()} == {("stage",)}


def test_the_tasks_follow_the_flow(parsed: Facts) -> None:
    [*order] = parsed["dags"]["reseau_netsarc"]["order"]
    assert order[:7] == ["begin", "receive", "stage", "is_anything_new", "link", "harmonise", "build"]
    assert sorted(order[7:-1]) == ["load_warehouse", "report"]
    assert order[-1] == "close"


def test_a_wrong_network_file_does_not_hide_the_other_networks(three_networks: Facts) -> None:
    schedules = {dag_id: dag["schedule"] for dag_id, dag in three_networks["dags"].items()}
    assert schedules == {"reseau_sound": "15 3 * * 1", "reseau_misspelt": "@daily"}
    assert ["61 25" in error for error in three_networks["import_errors"]] == [True]
