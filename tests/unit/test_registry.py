"""What a result depends on: deliveries, configuration, key and code; not their order, the clock or the folder."""

import ast
import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines import registry as module
from pipelines.delivery import Delivery
from pipelines.errors import LedgerError, SecretError
from pipelines.io import share as share_module
from pipelines.io.home import write_pointer
from pipelines.io.share import digest
from pipelines.registry import GLOBAL_SOURCES, STAGE_SOURCES, Registry, open_existing, open_registry
from tests.conftest import KEY
from tests.intakes import use
from tests.small_network import NETWORK, SmallNetwork, in_force, write_network

ROOT = Path(__file__).resolve().parents[2]
DELIVERY = Delivery(
    delivery_id="d1", centre_id="alpha", file_name="patients.csv", content_hash="h1", size=10, file_index=0
)
OTHER = dataclasses.replace(
    DELIVERY, delivery_id="d2", file_name="tumeurs.csv", content_hash="h2", file_index=1
)


@pytest.fixture
def net(tmp_path: Path) -> Iterator[SmallNetwork]:
    with in_force(write_network(tmp_path / "net")) as network:
        yield network


@pytest.fixture
def registry(net: SmallNetwork) -> Iterator[Registry]:
    with net.open() as opened:
        yield opened


# --- the fingerprint of a centre ---


def of_centre(registry: Registry, *deliveries: Delivery) -> str:
    return registry.centre_fingerprint("alpha", list(deliveries))


@pytest.mark.parametrize(
    ("deliveries", "is_same"),
    [
        ([DELIVERY, OTHER], True),
        ([OTHER, DELIVERY], True),
        ([DELIVERY], False),
        ([DELIVERY, OTHER, dataclasses.replace(OTHER, delivery_id="d3")], False),
        ([dataclasses.replace(DELIVERY, delivery_id="d9"), OTHER], False),
        # the date and the part that a name declares are read from it
        ([dataclasses.replace(DELIVERY, file_name="patients_20240101.csv"), OTHER], False),
    ],
)
def test_a_centre_depends_on_the_set_of_its_deliveries(
    registry: Registry, deliveries: list[Delivery], is_same: bool
):
    assert (of_centre(registry, *deliveries) == of_centre(registry, DELIVERY, OTHER)) is is_same


def test_a_centre_depends_on_its_own_configuration(net: SmallNetwork, registry: Registry):
    before = of_centre(registry, DELIVERY)
    net.declare("beta", city="Brest")
    with net.open() as again:
        assert of_centre(again, DELIVERY) == before
    net.declare("alpha", city="Brest")
    with net.open() as again:
        assert of_centre(again, DELIVERY) != before


def test_a_comment_in_a_configuration_changes_nothing(net: SmallNetwork, registry: Registry):
    path = net.root / "share" / "config" / "centres" / NETWORK / "alpha.yaml"
    path.write_text("# a remark\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    with net.open() as again:
        assert of_centre(again, DELIVERY) == of_centre(registry, DELIVERY)
        assert again.fingerprint() == registry.fingerprint()


@pytest.mark.parametrize("subject", ["key", "code"])
def test_a_centre_depends_on_the_key_and_the_code(registry: Registry, subject: str):
    if subject == "key":
        other = dataclasses.replace(registry, key=KEY)
    else:
        other = dataclasses.replace(registry)
        vars(other)["_stage_digest"] = "another version"
    assert of_centre(other, DELIVERY) != of_centre(registry, DELIVERY)


def test_the_key_cannot_be_read_from_a_fingerprint(registry: Registry):
    assert registry.key.hex() not in of_centre(registry, DELIVERY) + registry.fingerprint()


# --- the fingerprint of a snapshot ---


def accept(registry: Registry, centre: str, fingerprint: str) -> None:
    write_pointer(registry.centre_folder(centre, "current"), fingerprint)


def change_network(net: SmallNetwork) -> None:
    net.declare_network(disclosure_threshold=5)


def change_role_of_a_centre_that_sent_nothing(net: SmallNetwork) -> None:
    role = {"network": NETWORK, "role": "expert", "valid_from": "2015-01-01"}
    net.declare("gamma", roles=[role])


def change_staging(net: SmallNetwork) -> None:
    with net.open() as registry:
        accept(registry, "beta", "f3")


def add_staging(net: SmallNetwork) -> None:
    with net.open() as registry:
        accept(registry, "gamma", "f1")


def change_nothing(net: SmallNetwork) -> None:
    with net.open() as registry:  # same again, in another order
        accept(registry, "beta", "f2")
        accept(registry, "alpha", "f1")


def receive_something(net: SmallNetwork) -> None:
    with net.open() as registry:  # deliveries count once they are staged
        use(registry.ledger, NETWORK, [DELIVERY])
        registry.ledger.start_run(NETWORK)


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        (change_nothing, True),
        (receive_something, True),
        (change_network, False),
        (change_role_of_a_centre_that_sent_nothing, False),
        (change_staging, False),
        (add_staging, False),
    ],
)
def test_a_snapshot_depends_on_what_is_staged_and_declared(
    net: SmallNetwork, registry: Registry, change: Callable[[SmallNetwork], None], is_same: bool
):
    accept(registry, "alpha", "f1")
    accept(registry, "beta", "f2")
    before = registry.fingerprint()
    change(net)
    with net.open() as again:
        assert (again.fingerprint() == before) is is_same


def test_a_snapshot_depends_on_the_key_and_the_code(registry: Registry, monkeypatch: pytest.MonkeyPatch):
    before = registry.fingerprint()
    assert dataclasses.replace(registry, key=KEY).fingerprint() != before
    monkeypatch.setattr(module, "GLOBAL_SOURCES", GLOBAL_SOURCES[:1])
    assert registry.fingerprint() != before


def test_two_networks_with_the_same_work_differ(net: SmallNetwork, registry: Registry):
    other = dataclasses.replace(registry, network=registry.network.model_copy(update={"id": "autre"}))
    vars(other)["centres"] = registry.centres
    assert other.fingerprint() != registry.fingerprint()


# --- what is staged ---


def test_staged_centres_are_those_with_an_accepted_staging_that_still_are_declared(
    net: SmallNetwork, registry: Registry
):
    assert (registry.staged_centres(), registry.tables("val_tumour")) == ({}, [])
    for centre in ("gamma", "alpha", "delta"):
        accept(registry, centre, f"of-{centre}")
    assert registry.staged_centres() == {"alpha": "of-alpha", "gamma": "of-gamma"}
    folder = registry.home.root / "work" / NETWORK / "centre"
    assert registry.tables("val_tumour") == [
        folder / "alpha" / "of-alpha" / "val_tumour.parquet",
        folder / "gamma" / "of-gamma" / "val_tumour.parquet",
    ]


# --- the code that a result depends on ---


def sources(patterns: tuple[str, ...]) -> set[Path]:
    return {path for pattern in patterns for path in ROOT.glob(pattern) if path.suffix == ".py"}


def file_of(name: str) -> Path | None:
    path = ROOT / Path(*name.split("."))
    return next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.exists()), None)


def imported(path: Path) -> set[str]:
    """The modules of ours that a file imports, also inside its functions, types excepted."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in skipped:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.startswith(("pipelines.", "validations."))}


def reached(*names: str) -> set[Path]:
    """The files that running these modules may run."""
    seen: set[Path] = set()
    waiting = [path for name in names if (path := file_of(name))]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += [found for name in imported(path) if (found := file_of(name))]
    return {
        path
        for path in seen
        if path.name != "__init__.py" or path.read_text(encoding="utf-8").count("\n") > 9
    }


#: They move bytes and read configuration, which is in the fingerprint itself; a table does not depend on how.
CARRIERS = {
    ROOT / "pipelines" / "io" / name for name in ("home.py", "store.py", "configuration.py", "share.py")
}


def test_every_module_that_stages_a_centre_is_in_the_digest_of_staging():
    missed = reached("pipelines.stage.centre", "pipelines.centre_work") - sources(STAGE_SOURCES) - CARRIERS
    assert sorted(str(path.relative_to(ROOT)) for path in missed) == []


def test_every_module_that_makes_a_snapshot_is_in_a_digest():
    steps = ("link.step", "harmonise.step", "warehouse.build", "warehouse.audit", "report.write")
    made = reached(*(f"pipelines.{step}" for step in steps))
    missed = made - sources(STAGE_SOURCES) - sources(GLOBAL_SOURCES)
    assert sorted(str(path.relative_to(ROOT)) for path in missed) == []


@pytest.mark.parametrize("pattern", [*STAGE_SOURCES, *GLOBAL_SOURCES])
def test_every_pattern_finds_something(pattern: str):
    assert any(path.is_file() for path in ROOT.glob(pattern))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of three files, in the place of ours."""
    for name, text in {
        "pipelines/a.py": "a",
        "pipelines/io/share.py": "b",
        "sql/x/q.sql": "SELECT 1",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(share_module, "__file__", str(tmp_path / "pipelines" / "io" / "share.py"))
    monkeypatch.setattr(share_module, "share", lambda: tmp_path)
    return tmp_path


PATTERNS = ("pipelines/**/*.py", "sql/**/*.sql")


@pytest.mark.parametrize(
    ("name", "content", "is_same"),
    [
        ("pipelines/a.py", "a", True),
        ("pipelines/a.py", "b", False),
        ("sql/x/q.sql", "SELECT 2", False),
        ("pipelines/new.py", "", False),  # an empty file is a file
        ("sql/deep/er/q.sql", "SELECT 1", False),
        ("pipelines/a.txt", "x", True),
        ("pipelines/__pycache__/a.py", "x", True),  # what Python writes by itself
        ("docs/a.py", "x", True),
    ],
)
def test_the_digest_follows_the_files_that_are_named(project: Path, name: str, content: str, is_same: bool):
    before = digest(*PATTERNS)
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    assert (digest(*PATTERNS) == before) is is_same


def test_the_digest_notices_a_renamed_file_and_moved_bytes(project: Path):
    before = digest(*PATTERNS)
    (project / "pipelines" / "a.py").rename(project / "pipelines" / "z.py")
    renamed = digest(*PATTERNS)
    (project / "pipelines" / "z.py").write_text("ab")
    (project / "pipelines" / "io" / "share.py").write_text("")
    assert len({before, renamed, digest(*PATTERNS)}) == 3


def test_the_digest_does_not_depend_on_when_a_file_was_written(project: Path):
    import os

    before = digest(*PATTERNS)
    os.utime(project / "pipelines" / "a.py", (1, 1))
    assert digest(*PATTERNS) == before


# --- opening ---


def test_an_existing_registry_opens_and_a_missing_one_is_not_made(net: SmallNetwork, tmp_path: Path):
    with (
        pytest.raises(LedgerError, match="no registry in this folder"),
        open_existing(NETWORK, tmp_path / "x"),
    ):
        pass
    assert not (tmp_path / "x").exists()
    with open_registry(NETWORK, net.home) as made, open_existing(NETWORK, net.home) as found:
        assert (found.key, found.home) == (made.key, made.home)


def test_a_registry_with_another_key_is_refused(net: SmallNetwork, registry: Registry):
    registry.home.key_file.write_text("11" * 32)
    with pytest.raises(SecretError, match="not the one of this registry"), net.open():
        pass


def test_two_homes_have_two_keys(net: SmallNetwork, registry: Registry, tmp_path: Path):
    with open_registry(NETWORK, tmp_path / "other") as other:
        assert other.key != registry.key
        assert of_centre(other, DELIVERY) != of_centre(registry, DELIVERY)


def test_the_same_key_and_files_elsewhere_give_the_same_fingerprints(
    net: SmallNetwork, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("RESEAU_KEY_FILE", str(registry.home.key_file))
    with open_registry(NETWORK, tmp_path / "other") as other:
        assert of_centre(other, DELIVERY) == of_centre(registry, DELIVERY)
        assert other.fingerprint() == registry.fingerprint()


def test_the_day_of_arrival_is_no_part_of_a_fingerprint(registry: Registry):
    later: Any = dataclasses.replace(DELIVERY, exported=dt.date(2024, 1, 1))
    assert of_centre(registry, later) == of_centre(registry, DELIVERY)
