"""Airflow on one machine, for a look or a small network: `make airflow`.

Its three services listen on the loopback interface only. `airflow standalone` is not used because it also serves the
tasks' logs on every interface of the machine.
"""

import fcntl
import http.client
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from pipelines.io.configuration import network_ids

LOGGER = logging.getLogger("standalone")
DAGS = Path(__file__).resolve().parent
LOOPBACK = "127.0.0.1"
SECONDS_TO_START = 180
#: Without log servers: the three share a disk, so that the API server reads the tasks' logs itself.
SERVICES = {
    "api-server": ["api-server", "--host", LOOPBACK],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
}


def environment(home: Path, port: int) -> dict[str, str]:
    """The variables of every service: nothing of another Airflow of the caller, but where his registry is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
    ours = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__BASE_URL": f"http://{LOOPBACK}:{port}",
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{LOOPBACK}:{port}/execution/",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }
    return {"RESEAU_HOME": str(home / "registry"), "RESEAU_INBOX": str(home / "inbox")} | kept | ours


def airflow(*arguments: str) -> list[str]:
    """The command line of Airflow in this very environment."""
    return [sys.executable, "-m", "airflow", *arguments]


@contextmanager
def only_one(home: Path, url: str) -> Iterator[str | None]:
    """None while this process is the only one of its home, else the URL of the Airflow that is running."""
    with (home / "standalone.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            yield file.read()
        else:
            file.truncate(0)
            file.write(url)
            file.flush()
            yield None


@contextmanager
def service(name: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """One service, stopped at the end; its output is in `logs/<name>.log` of the Airflow home."""
    log = Path(env["AIRFLOW_HOME"], "logs", f"{name}.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    command = airflow(*SERVICES[name])
    with log.open("ab") as file:
        process = subprocess.Popen(command, env=env, stdout=file, stderr=file)  # noqa: S603 - our own words
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers(port: int) -> bool:
    """True when an API server answers on the port."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/api/v2/version")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def ended(running: dict[str, subprocess.Popen[bytes]]) -> str | None:
    """The name of a service that ended, if one did."""
    return next((name for name, process in running.items() if process.poll() is not None), None)


def watch(running: dict[str, subprocess.Popen[bytes]], env: dict[str, str]) -> int:
    """Say when Airflow is ready, then wait until a service ends; returns the exit code."""
    url, home, start, is_ready = env["AIRFLOW__API__BASE_URL"], env["AIRFLOW_HOME"], time.monotonic(), False
    while (name := ended(running)) is None:
        if not is_ready and answers(int(env["AIRFLOW__API__PORT"])):
            is_ready = True
            LOGGER.info("Airflow is ready:  %s", url)
            LOGGER.info("user, password:    %s/simple_auth_manager_passwords.json.generated", home)
            LOGGER.info("registry, inbox:   %s, %s", env["RESEAU_HOME"], env["RESEAU_INBOX"])
            LOGGER.info("Ctrl-C stops it.")
        if not is_ready and time.monotonic() - start > SECONDS_TO_START:
            LOGGER.error("Airflow does not answer on %s; see %s/logs", url, home)
            return 1
        time.sleep(1)
    LOGGER.error("%s ended (is the port of %s taken?); see %s/logs/%s.log", name, url, home, name)
    return 1


def prepare(env: dict[str, str]) -> None:
    """The metadata database and the inbox folders; both may exist."""
    for network in network_ids():
        Path(env["RESEAU_INBOX"], network).mkdir(parents=True, exist_ok=True)
    command = airflow("db", "migrate")
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words


def stop(_signal: int, _frame: FrameType | None) -> None:
    """End as after Ctrl-C."""
    raise KeyboardInterrupt


def main(home: Path, port: int) -> int:
    """Run Airflow until it is interrupted; a second call for the same home says that it runs and ends well."""
    os.umask(0o077)
    home.mkdir(parents=True, exist_ok=True)
    env = environment(home, port)
    with only_one(home, env["AIRFLOW__API__BASE_URL"]) as running_at:
        if running_at is not None:
            LOGGER.info("Airflow is already running:  %s", running_at)
            return 0
        prepare(env)
        with ExitStack() as stack:
            running = {name: stack.enter_context(service(name, env)) for name in SERVICES}
            return watch(running, env)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    signal.signal(signal.SIGTERM, stop)
    try:
        sys.exit(main(Path(sys.argv[1]).resolve(), int(sys.argv[2])))
    except KeyboardInterrupt:
        LOGGER.info("stopped")
