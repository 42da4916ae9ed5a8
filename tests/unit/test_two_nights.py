"""A second night brings a record that joins two persons: what its reader finds of the first, and whose word counts."""

import copy
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.cli.app import run_command
from tests import small_network
from tests.dialects import xlsx
from tests.small_network import CENTRES, NETWORK, SHEET, WIDE, SmallNetwork

#: Luc Blanc of gamma is Marie Durand in truth; beta, which declares the day of its export now, writes her otherwise.
MARIE = [
    "G1", "DURAND", "MARIE LOUISE", "femme", "12/03/1961", "261036938300195", "1.2.250.1.213.1.4.8", "QUAL",
]  # fmt: skip
PATIENTS = "SELECT patient_id FROM dim_patient ORDER BY patient_id"
BETA = copy.deepcopy(CENTRES["beta"]["files"])
BETA[0]["match"] = r"tout(_(?P<exported>\d{8}))?\.txt"


@pytest.fixture(scope="module")
def nights(
    first: SmallNetwork, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SmallNetwork, list[Any]]]:
    """The network after its second night, and the patients of the first."""
    network = small_network.copied(first, tmp_path_factory.mktemp("nights") / "net")
    with small_network.in_force(network, is_reported=False):
        before = network.query(PATIENTS)
        network.declare("beta", files=BETA)
        network.send("beta/tout.txt", None)
        text = WIDE.replace("MARIE", "MARIE ANNE", 1)
        network.send("beta/tout_20210102.txt", text.encode("cp1252"))
        network.send("gamma/export.xlsx", xlsx([SHEET[0], MARIE + SHEET[1][len(MARIE) :]]))
        assert network.run().outcome == "published"
        yield network, before


def test_every_patient_of_the_first_snapshot_is_found_in_the_second(nights):
    network, before = nights
    now, aliases = network.query(PATIENTS), dict(network.query("FROM dim_patient_alias"))
    gone = set(before) - set(now)
    assert {(alias,) for alias in aliases} == gone
    assert len(gone) == 1, "two persons became one"
    assert {(patient,) for patient in aliases.values()} <= set(now) & set(before)


def test_an_alias_is_the_pseudonym_of_no_identity(nights):
    network, _ = nights
    linked = network.home / "work" / NETWORK / "linked" / "lnk_record.parquet"
    persons = {person for (person,) in duckdb.sql(f"SELECT person_id FROM '{linked}'").fetchall()}
    assert not persons & {word for row in network.query("FROM dim_patient_alias") for word in row}


def test_the_declared_day_of_an_export_decides_between_equals(nights, capsys: pytest.CaptureFixture[str]):
    """Three qualified records give her three first names; beta alone says when it did."""
    network, _ = nights
    traits = network.home / "work" / NETWORK / "linked" / "lnk_person_trait.parquet"
    contested = duckdb.sql(
        f"SELECT field, trait_value, centre_id, ruled_by, votes, distinct_values FROM '{traits}' WHERE is_contested"
    )
    assert contested.fetchall() == [("first_names", "MARIE ANNE", "beta", "recency", 1, 3)]
    command = [
        "--lang",
        "en",
        "review",
        "person",
        "gamma/G1",
        "--network",
        NETWORK,
        "--home",
        str(network.home),
    ]
    assert run_command(command) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "records : alpha/A1, beta/B1, gamma/G1" in shown
    assert "MARIE — alpha/A1" in shown
    assert "the most recent !" in shown
