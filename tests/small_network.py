"""A network of three small centres with a configuration of its own: the whole chain runs on it in about a second.

Five people, with two values that no code stands for. Marie Durand, who has a national identifier, is a patient of two
centres; the others of one.
"""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from markupsafe import Markup

from pipelines import flow, publish
from pipelines import registry as registry_module
from pipelines.centre_work import CentreJob, CentreResult, do
from pipelines.io import configuration
from pipelines.io.share import digest, share
from pipelines.registry import Registry, open_registry
from pipelines.report import page, quality_linkage_page, quality_page, quality_write
from pipelines.run import Outcome, Run
from pipelines.warehouse import expectations_process
from tests.dialects import xlsx
from validations.expectation_result import ExpectationResult, ExpectationSummary, SuiteResult
from validations.rules.catalogue import CATALOGUE

NETWORK = "petit"
#: Each takes a quarter of a second to report, so there are few.
INDICATORS = ("biopsy_before_surgery", "r0_first_surgery", "first_surgery_in_reference")
IDENTITY = {
    "local_patient_id": "IPP", "birth_name": "NOM", "first_names": "PRENOM", "sex": "SEXE", "birth_date": "NE LE",
    "ins_matricule": "INS", "ins_oid": "OID", "ins_status": "STATUT",
}  # fmt: skip
TUMOUR = {
    "local_patient_id": "IPP", "local_tumour_id": "TUM", "diagnosis_date": "DIAG", "morphology_code": "MORPHO",
    "topography_code": "TOPO", "entry_reason": "MOTIF",
}  # fmt: skip
SURGERY = {
    "local_patient_id": "IPP", "local_tumour_id": "TUM", "surgery_date": "DATE", "surgery_kind": "GESTE",
    "surgery_target": "CIBLE", "margin": "MARGE", "surgery_intent": "BUT",
}  # fmt: skip
ICD_O = {"morphology_version": "icdo32"}


def _table(entity: str, columns: dict[str, str], **constants: str) -> dict[str, Any]:
    return {"entity": entity, "columns": columns, "constants": constants}


def _file(match: str, *tables: dict[str, Any]) -> dict[str, Any]:
    return {"match": match, "sheets": [{"tables": list(tables)}]}


def _centre(name: str, city: str, export: dict[str, Any], *files: dict[str, Any]) -> dict[str, Any]:
    role = {"network": NETWORK, "role": "expert", "valid_from": "2010-01-01"}
    return {
        "id": name, "name": name.title(), "city": city, "region": "Région", "roles": [role], "yearly_patients": 5,
        "export": export, "files": list(files), "values": {"sex": {"F": ["femme"], "M": ["homme"]}},
    }  # fmt: skip


CENTRES = {
    "alpha": _centre(
        "alpha", "Lyon", {"format": "csv"},
        _file(r"patients(_(?P<exported>\d{8}))?\.csv", _table("patient_identity", IDENTITY)),
        _file(r"tumeurs\.csv", _table("tumour", TUMOUR, **ICD_O)),
        _file(r"chirurgie\.csv", _table("surgery", SURGERY)),
    ),
    "beta": _centre(
        "beta", "Nantes", {"format": "csv", "encoding": "cp1252", "separator": "\t"},
        _file(r"tout\.txt", _table("patient_identity", IDENTITY), _table("tumour", TUMOUR, **ICD_O)),
    ),
    "gamma": _centre(
        "gamma", "Lille", {"format": "xlsx"},
        _file(r"export\.xlsx", _table("patient_identity", IDENTITY), _table("tumour", TUMOUR, **ICD_O)),
    ),
}  # fmt: skip

OID = "1.2.250.1.213.1.4.8"
MARIE = f"DURAND;MARIE;femme;12/03/1961;261036938300195;{OID};QUAL"
PEOPLE = f"""IPP;NOM;PRENOM;SEXE;NE LE;INS;OID;STATUT
A1;{MARIE}
A2;PETIT;JEAN;homme;01/07/1955;;;
A3;MOREAU;PAUL;???;23/11/1948;;;
"""
TUMOURS = """IPP;TUM;DIAG;MORPHO;TOPO;MOTIF
A1;1;10/04/2017;8890/3;C49.2;primary
A2;1;05/06/2018;8936/3;C16.9;primary
A3;1;02/02/2019;8850/3;C48.0;primary
"""
OPERATIONS = """IPP;TUM;DATE;GESTE;CIBLE;MARGE;BUT
A1;1;01/06/2017;resection;primary;R0;curative
A2;1;20/07/2018;resection;primary;R1;???
"""
WIDE = f"""IPP;NOM;PRENOM;SEXE;NE LE;INS;OID;STATUT;TUM;DIAG;MORPHO;TOPO;MOTIF
B1;{MARIE};1;10/04/2017;8890/3;C49.2;opinion
B2;LEFÈVRE;ANNE;femme;30/09/1970;;;;1;11/12/2020;8890/3;C49.2;primary
""".replace(";", "\t")
SHEET = [
    ["IPP", *(PEOPLE.splitlines()[0].split(";")[1:]), "TUM", "DIAG", "MORPHO", "TOPO", "MOTIF"],
    [
        "G1",
        "BLANC",
        "LUC",
        "homme",
        "14/05/1939",
        "",
        "",
        "",
        "1",
        "03/03/2016",
        "8850/3",
        "C49.2",
        "primary",
    ],
]
FILES: dict[str, bytes] = {
    "alpha/patients.csv": PEOPLE.encode(),
    "alpha/tumeurs.csv": TUMOURS.encode(),
    "alpha/chirurgie.csv": OPERATIONS.encode(),
    "beta/tout.txt": WIDE.encode("cp1252"),
    "gamma/export.xlsx": xlsx(SHEET),
}
TODAY = dt.date(2021, 6, 1)


class Expectations:
    """In the place of the process that runs Great Expectations, whose import alone takes ten seconds."""

    def __init__(self, *failing: str) -> None:
        self.failing, self.was_asked, self.is_closed = failing, False, False

    def run(self, warehouse: Path, docs: Path) -> ExpectationSummary:
        """One failed expectation on each failing table."""
        assert warehouse.exists()
        return self._answer(docs)

    def run_on_server(self, url: str, schema: str, docs: Path) -> ExpectationSummary:
        """The same."""
        self.schema = schema
        return self._answer(docs)

    def _answer(self, docs: Path) -> ExpectationSummary:
        docs.mkdir(exist_ok=True)
        (docs / "index.html").touch()
        self.was_asked = True
        broken = (ExpectationResult("one", "column", False, judged_count=3, unexpected_count=2),)
        return ExpectationSummary(tuple(SuiteResult(table, table, True, broken) for table in self.failing))

    def close(self) -> None:
        """Nothing to end."""
        self.is_closed = True


#: Our code stands still during a test, so that it is hashed once.
digest_once = cache(digest)


@cache
def real_network() -> dict[str, Any]:
    """The file of the real network."""
    text = (share() / "config" / "networks" / "netsarc.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


def in_this_process(jobs: list[CentreJob], *, workers: int = 1) -> Iterator[CentreResult]:
    """The work on the centres, one after the other: processes have their own tests."""
    return map(do, jobs)


#: What draws the figures of the pages, where the pages take it from.
FIGURES = {
    (module, name): getattr(module, name)
    for module, name in (
        (page, "period_chart"),
        (page, "centre_chart"),
        (quality_page, "trend_chart"),
        (quality_linkage_page, "weight_chart"),
    )
}


def undrawn(*_: Any, **__: Any) -> Markup:
    """In the place of a figure: to draw takes a third of a night, and figures have their own tests."""
    return Markup()


@dataclass
class SmallNetwork:
    """A configuration, an inbox and a home below one folder."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def home(self) -> Path:
        return self.root / "home"

    def send(self, name: str, content: bytes | str | None) -> None:
        """Put a file into the inbox; None takes it away."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def edit(self, name: str, old: str, new: str, *, encoding: str = "utf-8") -> None:
        """Send a file again with one word changed."""
        text = (self.inbox / name).read_bytes().decode(encoding)
        assert old in text
        self.send(name, text.replace(old, new).encode(encoding))

    def declare(self, centre: str, **changes: Any) -> None:
        """Write the file of a centre, with these keys changed."""
        self._write(f"centres/{NETWORK}/{centre}.yaml", CENTRES[centre] | changes)

    def declare_network(self, **changes: Any) -> None:
        """Write the file of the network: that of the real one with one period, fewer indicators, these changes."""
        real = real_network()
        less = {"periods": real["periods"][-1:], "indicators": list(INDICATORS), "published": []}
        ours = {"id": NETWORK, **less, "error_budget_percent": 20}
        self._write(f"networks/{NETWORK}.yaml", real | ours | changes)

    def _write(self, name: str, content: dict[str, Any]) -> None:
        path = self.root / "share" / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")

    def open(self) -> AbstractContextManager[Registry]:
        """The registry, as a new process would open it."""
        return open_registry(NETWORK, self.home)

    def run(self, *centres: str, **more: Any) -> Outcome:
        """The whole flow once, or only these centres."""
        with self.open() as registry:
            job = Run(
                run_id=registry.ledger.start_run(NETWORK), inbox=self.inbox, only_centres=centres, **more
            )
            return flow.run_all(registry, job, today=TODAY)

    def stage(self, *centres: str) -> list[str]:
        """Receive and stage only; returns the centres that were computed."""
        with self.open() as registry:
            run = Run(run_id=registry.ledger.start_run(NETWORK), inbox=self.inbox, only_centres=centres)
            flow.receive(registry, run)
            flow.stage(registry, run)
            steps = registry.ledger.steps(run.run_id)
        return sorted(s["centre_id"] for s in steps if s["step"] == "stage" and s["was_computed"])

    def published(self) -> list[int]:
        """The numbers of the published snapshots."""
        with self.open() as registry:
            return [snapshot.number for snapshot in registry.ledger.snapshots(NETWORK)]

    def current(self) -> Path:
        """The folder that readers see."""
        return (self.home / "snapshots" / NETWORK / "current").resolve()

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the published warehouse."""
        with duckdb.connect(str(self.current() / "warehouse.duckdb"), read_only=True) as con:
            return con.execute(sql).fetchall()


def column(file: Path, name: str) -> list[Any]:
    """One column of a Parquet file, sorted."""
    with duckdb.connect() as con:
        found = con.execute(f"SELECT \"{name}\" FROM '{file}' ORDER BY ALL").fetchall()
    return [value for (value,) in found]


def write_network(root: Path) -> SmallNetwork:
    """The configuration and the inbox below a new folder."""
    made = SmallNetwork(root)
    made.declare_network()
    for centre in CENTRES:
        made.declare(centre)
    for name in ("codes", "linkage"):
        (root / "share" / "config" / name).symlink_to(share() / "config" / name)
    for name, content in FILES.items():
        made.send(name, content)
    return made


@contextmanager
def in_force(
    network: SmallNetwork, *, is_drawn: bool = False, is_reported: bool = True
) -> Iterator[SmallNetwork]:
    """Our code reads this network's configuration, and stages and checks without processes of its own.

    Where nobody looks at the report, writing it may be left out: it costs a third of a night.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(configuration, "share", lambda: network.root / "share")
        patch.setattr(registry_module, "digest", digest_once)
        patch.setattr(flow, "do_all", in_this_process)
        patch.setattr(flow, "start", Expectations)
        patch.setattr(quality_write, "CATALOGUE", dict(islice(CATALOGUE.items(), 3)))  # pages of rules
        patch.setattr(expectations_process, "start", Expectations)
        if not is_reported:
            patch.setattr(publish, "write_report_of", lambda *_, **__: None)
        for place, figure in FIGURES.items():
            patch.setattr(*place, figure if is_drawn else undrawn)
        yield network


def published_network(root: Path) -> SmallNetwork:
    """A small network after its first night, whose report has its figures."""
    with in_force(write_network(root), is_drawn=True) as network:
        outcome = network.run()
        assert (outcome.outcome, outcome.exit_code) == ("published", 0)
    return network


def copied(network: SmallNetwork, root: Path) -> SmallNetwork:
    """The same network elsewhere, for a test that changes it."""
    shutil.copytree(network.root, root, symlinks=True)
    return SmallNetwork(root)
