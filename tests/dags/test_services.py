"""Airflow as people start it: `make airflow`, and the services of the compose file without their containers."""

import base64
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from tests.dags import compose
from tests.dags.airflow_process import DAGS, NETWORK, ROOT, environment
from tests.dags.api import Api, free_port
from tests.postgres import _installed

pytestmark = pytest.mark.slow
DAG = f"reseau_{NETWORK}"
SERVICES = ("api-server", "scheduler", "dag-processor")


@contextmanager
def running(command: list[str], env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=env, stdout=file, stderr=file)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_until(is_so: Callable[[], bool], what: str, *, seconds: int = 180) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(1)


def listening(process: subprocess.Popen[bytes]) -> set[tuple[str, int]]:
    """Where a process and its children wait for connections."""
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    sockets = [socket for member in family for socket in member.net_connections("inet")]
    return {(socket.laddr.ip, socket.laddr.port) for socket in sockets if socket.status == psutil.CONN_LISTEN}


def two_nights(api: Api) -> None:
    """The first run publishes, the second finds nothing new."""
    api.wait_for_dag(DAG)
    state, tasks = api.wait(DAG, api.wake(DAG))
    assert (state, tasks["stage success"], tasks["build success"]) == ("success", 2, 1), tasks
    state, tasks = api.wait(DAG, api.trigger(DAG))
    assert (state, tasks["build skipped"], tasks["load_warehouse success"]) == ("success", 1, 1), tasks


def test_make_airflow_serves_this_machine_only_and_runs_the_dag(tmp_path: Path, few_exports: Path):
    home, port = tmp_path / "airflow-home", free_port()
    command = [sys.executable, str(DAGS / "standalone.py"), str(home), str(port)]
    env = environment(tmp_path / "unused", RESEAU_INBOX=str(few_exports))
    with running(command, env, tmp_path / "log") as process:
        wait_until(lambda: b"Ctrl-C" in (tmp_path / "log").read_bytes(), "Airflow does not start")
        again = subprocess.run(command, env=env, capture_output=True, text=True)
        assert (again.returncode, again.stdout) == (
            0,
            f"Airflow is already running:  http://127.0.0.1:{port}\n",
        )
        two_nights(Api(f"http://127.0.0.1:{port}", home))
        assert listening(process) == {("127.0.0.1", port)}
    assert process.returncode == 0
    assert (home / "registry" / "reports" / NETWORK / "000001").is_dir()
    assert home.stat().st_mode & 0o077 == 0


def test_a_taken_port_is_said(tmp_path: Path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [
            sys.executable,
            str(DAGS / "standalone.py"),
            str(tmp_path / "home"),
            str(taken.getsockname()[1]),
        ]
        done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, timeout=300)
    assert done.returncode == 1
    assert "api-server ended (is the port of" in done.stdout


class Composed:
    """The compose file's services as processes of this machine: paths, ports and host names replaced, no more."""

    def __init__(self, root: Path, postgres_url: str, inbox: Path) -> None:
        self.root, self.port = root, free_port()
        self.postgres = re.search(r":(\d+)/", postgres_url)[1]  # type: ignore[index]
        secrets = {
            name: os.urandom(32).hex() for name, (kind, _) in compose.variables().items() if kind == ":?"
        }
        secrets["AIRFLOW_FERNET_KEY"] = base64.urlsafe_b64encode(os.urandom(32)).decode()
        self.file = compose.read(**secrets | {"RESEAU_INBOX": str(inbox), "AIRFLOW_PORT": str(self.port)})
        for name in ("airflow", "srv"):
            (root / name).mkdir()
        self.replaced = {
            "@postgres:5432": f"@127.0.0.1:{self.postgres}",
            "//reseau:": "//reseau_test:",  # the test server's superuser has that name
            "api-server:8080": f"127.0.0.1:{self.port}",
            "127.0.0.1:8080": f"127.0.0.1:{self.port}",
            "/srv/inbox": str(inbox),
            "/srv/": f"{root}/srv/",
            "/opt/airflow": f"{root}/airflow",
            "/opt/reseau": str(ROOT),
            "/opt/venv/bin": str(Path(sys.executable).parent),
            "$PATH": os.environ["PATH"],
        }

    def native(self, text: str) -> str:
        for before, after in self.replaced.items():
            text = text.replace(before, after)
        return text

    def env(self, name: str) -> dict[str, str]:
        """The image's variables, then the service's."""
        image = (ROOT / "Dockerfile").read_text(encoding="utf-8").split("\nENV ")[-1].split("\nWORKDIR")[0]
        of_image = dict(re.findall(r"(\w+)=(\S+)", image))
        stated = of_image | {k: str(v) for k, v in self.file["services"][name]["environment"].items()}
        return environment(self.root / "airflow") | {k: self.native(v) for k, v in stated.items()}

    def command(self, name: str) -> list[str]:
        ours = {"0.0.0.0": "127.0.0.1", "8080": str(self.port)}  # noqa: S104 - a container's own interface
        return ["airflow", *(ours.get(word, word) for word in self.file["services"][name]["command"])]

    def make_databases(self) -> None:
        script = self.file["configs"]["databases"]["content"].replace("$$", "$")
        script = script.replace("ROLE reseau ", "ROLE reseau_test ").replace("TO reseau;", "TO reseau_test;")
        server = {"POSTGRES_USER": "reseau", "PGHOST": "127.0.0.1", "PGPORT": self.postgres}
        env = os.environ | self.file["services"]["postgres"]["environment"] | server
        env["PATH"] = f"{_installed() / 'bin'}:{env['PATH']}"
        subprocess.run(["bash", "-c", script], env=env, check=True)

    def is_healthy(self, name: str) -> bool:
        check = [self.native(word) for word in self.file["services"][name]["healthcheck"]["test"][1:]]
        return subprocess.run(check, env=self.env(name), capture_output=True).returncode == 0

    def rows(self, database: str, sql: str) -> list[tuple[Any, ...]]:
        url = f"postgresql://reseau_test@127.0.0.1:{self.postgres}/{database}"
        with psycopg.connect(url) as con:
            return con.execute(sql).fetchall()


@pytest.mark.postgres
def test_the_services_of_the_compose_file_run_the_dag_and_fill_the_warehouse(
    tmp_path: Path, postgres_url: str, few_exports: Path
):
    composed = Composed(tmp_path, postgres_url, few_exports)
    composed.make_databases()
    environments = {name: composed.env(name) for name in ("airflow-init", *SERVICES)}
    subprocess.run(composed.command("airflow-init"), env=environments["airflow-init"], check=True)
    with ExitStack() as stack:
        for name in SERVICES:
            log = tmp_path / f"{name}.log"
            stack.enter_context(running(composed.command(name), environments[name], log))
        for name in SERVICES:
            wait_until(lambda name=name: composed.is_healthy(name), f"{name} is not healthy")
        two_nights(Api(f"http://127.0.0.1:{composed.port}", tmp_path / "airflow"))
    tables = composed.rows(
        "warehouse", "SELECT count(*) FROM information_schema.tables WHERE table_name = 'fct_tumour'"
    )
    assert tables[0][0] >= 1
    assert (tmp_path / "srv" / "key" / "pseudonym.key").is_file()
    assert not (tmp_path / "srv" / "reseau" / "secret").exists()
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        composed.rows("airflow", "SELECT 1")
