"""One open registry: a network, its centres, its home folder, its key and its ledger."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipelines.config import Centre, Network
from pipelines.delivery import Delivery
from pipelines.errors import LedgerError
from pipelines.io.configuration import load_centres, load_network
from pipelines.io.event_log import EventLog
from pipelines.io.home import Home, load_key, open_home, read_pointer
from pipelines.io.ledger import Ledger
from pipelines.io.share import digest
from pipelines.keys import fingerprint
from pipelines.link.decisions import decision_schema
from pipelines.link.history import event_schema

#: What the staged and validated tables of a centre depend on, besides its configuration and its deliveries.
STAGE_SOURCES = (
    "validations/**/*.py",
    "pipelines/__init__.py",
    "pipelines/stage/*.py",
    "pipelines/io/calculator.py",
    "pipelines/io/contained*.py",
    "pipelines/io/declared.py",
    "pipelines/io/delimited.py",
    "pipelines/io/exports.py",
    "pipelines/io/guards.py",
    "pipelines/io/reading/*.py",
    "pipelines/io/tables.py",
    "pipelines/io/used_range.py",
    "pipelines/io/workbooks.py",
    "pipelines/account.py",
    "pipelines/centre_work.py",
    "pipelines/config.py",
    "pipelines/config_checks.py",
    "pipelines/delivery.py",
    "pipelines/errors.py",
    "pipelines/keys.py",
    "pipelines/log.py",
    "pipelines/refusals.py",
)
#: What everything after staging depends on.
GLOBAL_SOURCES = (
    "pipelines/comparisons.py",
    "pipelines/link/*.py",
    "pipelines/harmonise/*.py",
    "pipelines/warehouse/*.py",
    "pipelines/report/**/*",
    "pipelines/corrections.py",
    "pipelines/definitions.py",
    "pipelines/io/configuration.py",
    "pipelines/io/event_log.py",
    "pipelines/io/linkage_model.py",
    "pipelines/io/pages.py",
    "pipelines/io/report_files.py",
    "pipelines/io/share.py",
    "pipelines/io/spark.py",
    "pipelines/io/warehouse.py",
    "pipelines/io/yaml_text.py",
    "pipelines/publish.py",
    "sql/**/*.sql",
    "config/codes/*.csv",
    "config/linkage/*",
)


@dataclass(frozen=True)
class Registry:
    """What every step of the flow needs."""

    network: Network
    home: Home
    key: bytes
    ledger: Ledger

    @cached_property
    def centres(self) -> dict[str, Centre]:
        """The centres of the network, by id."""
        return load_centres(self.network.id)

    def centre_folder(self, centre_id: str, *parts: str) -> Path:
        """Where the staged and validated tables of a centre are."""
        return self.home.work(self.network.id, "centre", centre_id, *parts)

    @cached_property
    def _stage_digest(self) -> str:
        return digest(*STAGE_SOURCES)

    def centre_fingerprint(self, centre_id: str, deliveries: list[Delivery]) -> str:
        """What a centre's tables are computed from: its deliveries, its configuration, our code, the key."""
        facts = [
            self._stage_digest,
            self.centres[centre_id].model_dump_json(),
            fingerprint(self.key),
            sorted((d.delivery_id, d.file_name) for d in deliveries),
        ]
        return _hash(facts)

    def staged_centres(self) -> dict[str, str]:
        """Centre → fingerprint of its last accepted staging, for the centres that ever had one."""
        found = {centre: read_pointer(self.centre_folder(centre, "current")) for centre in self.centres}
        return {centre: value for centre, value in found.items() if value}

    def accepted_folder(self, centre_id: str) -> Path | None:
        """The folder of the last accepted staging of a centre, None before the first."""
        value = read_pointer(self.centre_folder(centre_id, "current"))
        return self.centre_folder(centre_id, value) if value else None

    def fingerprint(self) -> str:
        """What a snapshot is computed from."""
        facts = [
            digest(*GLOBAL_SOURCES),
            self.network.model_dump_json(),
            # the role of a centre counts in its acts, even when it sent nothing itself
            [centre.model_dump_json() for _, centre in sorted(self.centres.items())],
            sorted(self.staged_centres().items()),
            self.decisions.head,
        ]
        return _hash([*facts, fingerprint(self.key)])

    @property
    def persons(self) -> EventLog:
        """The history of the persons: every id, who had it when (`link/history.py`)."""
        return EventLog(self.home.identity(self.network.id, "persons"), event_schema())

    @property
    def decisions(self) -> EventLog:
        """What humans decided about pairs of records (`link/decisions.py`)."""
        return EventLog(self.home.identity(self.network.id, "decisions"), decision_schema())

    def staged_folders(self) -> list[Path]:
        """The folders of the last accepted staging of each centre, by centre."""
        return [self.centre_folder(centre, value) for centre, value in sorted(self.staged_centres().items())]

    def tables(self, name: str) -> list[Path]:
        """The Parquet files of one per-centre table, over all staged centres, by centre."""
        return [folder / f"{name}.parquet" for folder in self.staged_folders()]


def _hash(facts: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


@contextmanager
def open_registry(network_id: str, root: Path) -> Iterator[Registry]:
    """The registry of a network below `root`; a new home folder is made with a new key."""
    network = load_network(network_id)
    home = open_home(root)
    key = load_key(home)
    with Ledger(f"sqlite:///{home.ledger}", key_fingerprint=fingerprint(key)) as ledger:
        yield Registry(network, home, key, ledger)


@contextmanager
def open_existing(network_id: str, root: Path) -> Iterator[Registry]:
    """The registry below `root`; LedgerError when nothing ever ran there, so that a typing error makes no folder."""
    if not Home(root).ledger.exists():
        remedy = "Name it with --home or RESEAU_HOME, or start with `reseau run`."
        raise LedgerError("there is no registry in this folder", where=str(root), remedy=remedy)
    with open_registry(network_id, root) as registry:
        yield registry
