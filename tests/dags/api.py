"""The REST interface of a running Airflow, as a user's browser sees it."""

import json
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Api:
    """Signed in as the administrator, whose password Airflow wrote into its home."""

    def __init__(self, url: str, airflow_home: Path) -> None:
        passwords = airflow_home / "simple_auth_manager_passwords.json.generated"
        [(user, password)] = json.loads(passwords.read_text(encoding="utf-8")).items()
        self.url, self.token = url, ""
        self.token = self.ask("POST", "/auth/token", {"username": user, "password": password})["access_token"]

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        url = self.url + path
        request = urllib.request.Request(url, data=data, headers=headers, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server
            return json.load(answer)

    def wait_for_dag(self, dag_id: str, *, seconds: int = 120) -> None:
        end = time.monotonic() + seconds
        while dag_id not in {dag["dag_id"] for dag in self.ask("GET", "/api/v2/dags")["dags"]}:
            assert time.monotonic() < end, f"{dag_id} does not appear"
            time.sleep(1)

    def wake(self, dag_id: str) -> str:
        """Unpause the DAG; returns its run of last night, which Airflow starts at once."""
        self.ask("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": False})
        end = time.monotonic() + 120
        while not (runs := self.ask("GET", f"/api/v2/dags/{dag_id}/dagRuns")["dag_runs"]):
            assert time.monotonic() < end, "no run starts"
            time.sleep(1)
        return str(runs[0]["dag_run_id"])

    def trigger(self, dag_id: str) -> str:
        """Start a run by hand; returns its id."""
        started = self.ask("POST", f"/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None})
        return str(started["dag_run_id"])

    def wait(self, dag_id: str, run_id: str, *, seconds: int = 600) -> tuple[str, Counter[str]]:
        """The state in which the run ends, and how many tasks end in each state."""
        path, end = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}", time.monotonic() + seconds
        while (state := self.ask("GET", path)["state"]) in ("queued", "running"):
            assert time.monotonic() < end, f"the run is still {state}"
            time.sleep(1)
        tasks = self.ask("GET", f"{path}/taskInstances?limit=1000")["task_instances"]
        return state, Counter(f"{task['task_id']} {task['state']}" for task in tasks)
