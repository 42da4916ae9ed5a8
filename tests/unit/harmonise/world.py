"""A small registry for the harmonise step: empty tables of the contract, filled from text tables."""

import datetime as dt
from typing import Any

import duckdb

from pipelines.account import Account, check_closed
from pipelines.config import Centre, Export, Network, Validity
from pipelines.harmonise.step import harmonise
from pipelines.io.configuration import load_network
from tests.tables import parse
from validations.contracts.derive import ddl
from validations.contracts.model import Layer
from validations.contracts.tables import TABLES

KEY = bytes(range(32))
PROVENANCE = {"delivery_id": "d1", "file": "f.csv", "line": 1}


def centre(
    centre_id: str, *, role: str = "expert", since: int = 2010, until: dt.date | None = None
) -> Centre:
    """A centre of the network with one role."""
    return Centre(
        id=centre_id,
        name=f"Centre {centre_id.upper()}",
        aliases=(f"CHU {centre_id}",),
        city="Ville",
        region="Région",
        roles=(Validity(network="netsarc", role=role, valid_from=dt.date(since, 1, 1), valid_to=until),),
        yearly_patients=10,
        export=Export(format="csv"),
        files=(),
    )


CENTRES = {
    c.id: c
    for c in (
        centre("aa"),
        centre("bb", until=dt.date(2014, 12, 31)),
        centre("cc", role="bone", since=2012),
        centre("dd", role="outside"),
        centre("ee", until=dt.date(2013, 6, 30)),
    )
}


def empty(con: duckdb.DuckDBPyConnection) -> None:
    """The tables that the step reads, without rows."""
    for table in TABLES.values():
        if table.layer is Layer.VALIDATED or table.name in ("lnk_record", "lnk_person"):
            con.execute(ddl(table))


def insert(con: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    """Add rows; columns that the text does not name are empty, provenance and dates' precision are filled."""
    for number, row in enumerate(parse(text)):
        known: dict[str, Any] = dict(row)
        if name.startswith("val_"):
            known = {"row_id": f"{name}:{number:03d}", **PROVENANCE, **known}
            for column in [c for c, v in known.items() if c.endswith("_date") and v]:
                known.setdefault(f"{column}_precision", "day")
        columns = ", ".join(known)
        marks = ", ".join("?" for _ in known)
        con.execute(f"INSERT INTO {name} ({columns}) VALUES ({marks})", list(known.values()))


def link(con: duckdb.DuckDBPyConnection, text: str) -> None:
    """Local patients and their persons: `centre_id | local_patient_id | person`."""
    people = {}
    for row in parse(text):
        person = row["person"]
        con.execute(
            "INSERT INTO lnk_record (centre_id, local_patient_id, person_id, patient_id, link_reason) "
            "VALUES (?, ?, ?, ?, 'test')",
            [row["centre_id"], row["local_patient_id"], f"person {person}", f"patient {person}"],
        )
        people[person] = people.get(person, 0) + 1
    for person, records in people.items():
        con.execute(
            "INSERT INTO lnk_person (person_id, patient_id, record_count) VALUES (?, ?, ?)",
            [f"person {person}", f"patient {person}", records],
        )


def run(con: duckdb.DuckDBPyConnection, *, network: Network | None = None) -> dict[str, Account]:
    """The step itself, its accounts checked and given by table."""
    accounts = harmonise(con, network=network or load_network("netsarc"), centres=CENTRES, key=KEY)
    check_closed(accounts)
    return {account.table: account for account in accounts}
